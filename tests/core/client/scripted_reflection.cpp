#include "scripted_reflection.h"

#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/generic/async_generic_service.h>

#include <atomic>

#include "base/tsan.h"
#include "base/wire.h"
#include "client/one_by_one.h"

namespace retake::test {
namespace {

// Owns itself; gone in OnDone.
class Talk final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Talk(ScriptedReflection::Script script) : m_script(std::move(script)) {
    const TsanScope tsan(this);
    StartRead(&m_read);
  }

 private:
  void OnReadDone(bool ok) override {
    const TsanScope tsan(this);
    if (!ok) return end(grpc::Status::OK);
    const std::string request = retake::bytesOf(m_read);
    WireCursor cursor(request);
    const auto field = cursor.next();
    auto reply = m_script(field ? field->number : 0, field ? std::string(field->bytes) : "");
    if (const auto* status = std::get_if<grpc::Status>(&reply)) return end(*status);
    if (const auto* bytes = std::get_if<std::string>(&reply)) {
      m_write = bufferOf(*bytes);
      StartWrite(&m_write);
    }
  }
  void OnWriteDone(bool ok) override {
    const TsanScope tsan(this);
    if (ok) StartRead(&m_read);
  }
  void OnCancel() override {
    const TsanScope tsan(this);
    end(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    { const TsanScope over(this); }
    delete this;
  }

  void end(const grpc::Status& status) {
    if (!m_ended.exchange(true)) Finish(status);
  }

  const ScriptedReflection::Script m_script;
  grpc::ByteBuffer m_read;
  grpc::ByteBuffer m_write;
  std::atomic<bool> m_ended{false};
};

class Unimplemented final : public grpc::ServerGenericBidiReactor {
 public:
  Unimplemented() {
    const TsanScope tsan(this);
    Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
  }

 private:
  void OnDone() override {
    { const TsanScope over(this); }
    delete this;
  }
};

}  // namespace

class ScriptedReflection::Service final : public grpc::CallbackGenericService {
 public:
  Service(const std::string& package, Script script)
      : m_method("/" + package + ".ServerReflection/ServerReflectionInfo"), m_script(std::move(script)) {}

 private:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override {
    if (context->method() != m_method) return new Unimplemented;
    return new Talk(m_script);
  }

  const std::string m_method;
  const Script m_script;
};

ScriptedReflection::ScriptedReflection(const std::string& package, Script script)
    : m_service(std::make_unique<Service>(package, std::move(script))) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(m_service.get());
  m_server = builder.BuildAndStart();
  m_address = "127.0.0.1:" + std::to_string(port);
}

ScriptedReflection::~ScriptedReflection() { m_server->Shutdown(std::chrono::system_clock::now()); }

std::string servicesAnswer(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    std::string service;
    appendBytesField(service, 1, name);
    appendBytesField(list, 1, service);
  }
  std::string answer;
  appendBytesField(answer, 6, list);
  return answer;
}

std::string filesAnswer(const std::vector<std::string>& files) {
  std::string list;
  for (const std::string& file : files) appendBytesField(list, 1, file);
  std::string answer;
  appendBytesField(answer, 4, list);
  return answer;
}

std::string refusalAnswer(std::int32_t code, const std::string& message) {
  std::string refusal;
  appendVarintField(refusal, 1, static_cast<std::uint64_t>(code));
  appendBytesField(refusal, 2, message);
  std::string answer;
  appendBytesField(answer, 7, refusal);
  return answer;
}

std::string fileBytes(const std::string& name, const std::vector<std::string>& services,
                      const std::vector<std::string>& imports) {
  google::protobuf::FileDescriptorProto file;
  file.set_name(name);
  file.set_package("t");
  file.set_syntax("proto3");
  for (const std::string& import : imports) file.add_dependency(import);
  if (!services.empty()) file.add_message_type()->set_name("M");
  for (const std::string& each : services) {
    auto* service = file.add_service();
    service->set_name(each);
    auto* method = service->add_method();
    method->set_name("M");
    method->set_input_type(".t.M");
    method->set_output_type(".t.M");
    method->set_server_streaming(true);
  }
  return file.SerializeAsString();
}

}  // namespace retake::test
