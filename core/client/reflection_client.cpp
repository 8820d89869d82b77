#include "client/reflection_client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <set>
#include <utility>

#include "client/one_by_one.h"
#include "client/reflection_answer.h"
#include "recording/status.h"
#include "recording/status_code.h"
#include "schema/schema.h"
#include "schema/schema_builder.h"

namespace retake {
namespace {

using google::protobuf::FileDescriptorProto;

// More than any server has: one that names ever more is no end of work.
constexpr std::size_t kMaxFiles = 20'000;

// Health, reflection and the like: what a server has besides its own.
bool isOfGrpc(const std::string& service) { return service.starts_with("grpc."); }

std::string quoted(std::int32_t code, const std::string& message) {
  return statusCodeName(code) + (message.empty() ? "" : " \"" + message + "\"");
}

// One call of ServerReflectionInfo, asked question by question.
class ReflectionStream {
 public:
  ReflectionStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& package,
                   std::chrono::system_clock::time_point deadline)
      : m_stub(channel) {
    m_context.set_deadline(deadline);
    m_call = m_stub.PrepareCall(&m_context, "/" + package + ".ServerReflection/ServerReflectionInfo",
                                m_steps.queue());
    m_call->StartCall(nullptr);
    m_open = m_steps.done();
  }
  ~ReflectionStream() { m_context.TryCancel(); }

  // The bytes of the answer; nothing when the call is over.
  std::optional<std::string> ask(ReflectionAsk ask, const std::string& text) {
    if (!m_open) return std::nullopt;
    m_call->Write(bufferOf(reflectionRequest(ask, text)), nullptr);
    grpc::ByteBuffer answer;
    m_open = m_steps.done();
    if (m_open) {
      m_call->Read(&answer, nullptr);
      m_open = m_steps.done();
    }
    return m_open ? std::optional(bytesOf(answer)) : std::nullopt;
  }

  // Of a call that is over.
  grpc::Status end() {
    grpc::Status status;
    m_call->Finish(&status, nullptr);
    m_steps.done();
    return status;
  }

 private:
  grpc::GenericStub m_stub;
  grpc::ClientContext m_context;
  OneByOne m_steps;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> m_call;
  bool m_open = false;
};

// Asks until every file that services need is there.
class FileCollector {
 public:
  FileCollector(std::string where, ReflectionStream& stream, std::chrono::milliseconds timeout)
      : m_where(std::move(where)), m_stream(stream), m_timeout(timeout) {}

  // The server does not have this version of reflection; no question was answered.
  bool notThere() const { return m_notThere; }
  // No server; no question was answered.
  bool unreachable() const { return m_unreachable; }

  Result<SchemaFiles> collect() {
    const auto listed = ask(ReflectionAsk::Services, "*");
    if (!listed) return listed.error();
    if (listed->refusal) return refused("the list of services", *listed->refusal);
    if (listed->services.empty()) return Error{m_where + ": expected a server with services, found none"};
    for (const std::string& service : listed->services)
      if (auto added = addService(service); !added) return added.error();
    if (m_unknown && m_own == 0) return *m_unknown;
    // What is imported stands behind what imports it.
    for (std::size_t at = 0; at < m_files.size(); ++at)
      for (int i = 0; i < m_files[at].proto->dependency_size(); ++i) {
        const std::string import = m_files[at].proto->dependency(i);
        if (auto added = addImport(import, m_files[at].proto->name()); !added) return added.error();
      }
    return std::move(m_files);
  }

 private:
  Result<ReflectionAnswer> ask(ReflectionAsk what, const std::string& text) {
    const auto bytes = m_stream.ask(what, text);
    if (!bytes) return ended();
    auto answer = readReflectionAnswer(*bytes);
    if (!answer) return Error{m_where + ": expected a ServerReflectionResponse, found bytes that are none"};
    m_answered = true;
    return *std::move(answer);
  }

  Error ended() {
    const grpc::Status status = m_stream.end();
    m_notThere = !m_answered && status.error_code() == grpc::StatusCode::UNIMPLEMENTED;
    m_unreachable = !m_answered && status.error_code() == grpc::StatusCode::UNAVAILABLE;
    switch (status.error_code()) {
      case grpc::StatusCode::UNIMPLEMENTED:
        return {m_where +
                ": expected a server with reflection (grpc.reflection.v1 or v1alpha), found one without"};
      case grpc::StatusCode::UNAVAILABLE:
        return {m_where + ": expected a server that answers, found none: " + status.error_message()};
      case grpc::StatusCode::DEADLINE_EXCEEDED:
        return {m_where + ": expected all files within " + std::to_string(m_timeout.count()) + " ms, found " +
                std::to_string(m_files.size()) + " by then"};
      case grpc::StatusCode::OK:
        return {m_where + ": expected an answer to each question, the server ended the call without"};
      default:
        return {m_where + ": the server ended the call with " +
                quoted(status.error_code(), status.error_message())};
    }
  }

  Error refused(const std::string& what, const ReflectionAnswer::Refusal& refusal) const {
    return {m_where + ": asked for " + what + ", the server said " + quoted(refusal.code, refusal.message)};
  }

  Result<void> addService(const std::string& name) {
    if (m_services.contains(name)) {
      m_own += isOfGrpc(name) ? 0 : 1;
      return {};
    }
    const auto answer = ask(ReflectionAsk::Symbol, name);
    if (!answer) return answer.error();
    if (answer->refusal) {
      const Error refusal = refused("the service " + name, *answer->refusal);
      if (answer->refusal->code != status_code::kNotFound) return refusal;
      if (!m_unknown && !isOfGrpc(name)) m_unknown = refusal;
      return {};
    }
    if (auto added = add(*answer); !added) return added;
    if (!m_services.contains(name))
      return Error{m_where + ": asked for the service " + name + ", found files without it"};
    m_own += isOfGrpc(name) ? 0 : 1;
    return {};
  }

  Result<void> addImport(const std::string& name, const std::string& importer) {
    if (m_names.contains(name) || m_without.contains(name)) return {};
    const auto answer = ask(ReflectionAsk::File, name);
    if (!answer) return answer.error();
    if (!answer->refusal)
      if (auto added = add(*answer); !added) return added;
    if (m_names.contains(name)) return {};
    m_without.insert(name);
    if (isBuiltinFile(name)) return {};
    const std::string what = name + ", which " + importer + " imports";
    if (answer->refusal) return refused(what, *answer->refusal);
    return Error{m_where + ": asked for " + what + ", found other files"};
  }

  Result<void> add(const ReflectionAnswer& answer) {
    for (const std::string& bytes : answer.files) {
      auto proto = std::make_unique<FileDescriptorProto>();
      if (!proto->ParseFromString(bytes) || proto->name().empty())
        return Error{m_where + ": expected a FileDescriptorProto, found bytes that are none"};
      if (!m_names.insert(proto->name()).second) continue;
      if (m_names.size() > kMaxFiles)
        return Error{m_where + ": expected " + std::to_string(kMaxFiles) + " files at most, found more"};
      const std::string package = proto->package().empty() ? "" : proto->package() + ".";
      for (const auto& service : proto->service()) m_services.insert(package + service.name());
      m_files.push_back({.proto = std::move(proto), .shown = {}, .lines = nullptr});
      m_files.back().shown = m_where + ": " + m_files.back().proto->name();
    }
    return {};
  }

  const std::string m_where;
  ReflectionStream& m_stream;
  const std::chrono::milliseconds m_timeout;
  SchemaFiles m_files;
  std::set<std::string> m_names;     // of m_files
  std::set<std::string> m_without;   // asked for and not there
  std::set<std::string> m_services;  // that m_files define
  std::size_t m_own = 0;             // services found, without those of gRPC
  // Of the first service that is named and has no file. Servers name such beside others: reflection itself,
  // or what they know by name alone.
  std::optional<Error> m_unknown;
  bool m_answered = false;
  bool m_notThere = false;
  bool m_unreachable = false;
};

}  // namespace

Result<SchemaFiles> readReflection(const Upstream& upstream, std::chrono::milliseconds timeout,
                                   Unreachable unreachable) {
  const std::string where = "reflection:" + upstream.address;
  const auto channel = openChannel(upstream);
  if (!channel) return Error{where + ": " + channel.error().message};
  const auto deadline = std::chrono::system_clock::now() + timeout;
  struct Asked {
    Result<SchemaFiles> files;
    bool notThere;
    bool unreachable;
  };
  const auto ask = [&](const char* package) {
    ReflectionStream stream(*channel, package, deadline);
    FileCollector collector(where, stream, timeout);
    auto files = collector.collect();
    return Asked{std::move(files), collector.notThere(), collector.unreachable()};
  };
  Asked asked = ask("grpc.reflection.v1");
  if (asked.unreachable && unreachable == Unreachable::Waits && (*channel)->WaitForConnected(deadline))
    asked = ask("grpc.reflection.v1");
  if (asked.notThere) asked = ask("grpc.reflection.v1alpha");
  return std::move(asked.files);
}

std::string descriptorSetOf(const SchemaFiles& files) {
  google::protobuf::FileDescriptorSet set;
  for (const SchemaFile& file : files) *set.add_file() = *file.proto;
  return set.SerializeAsString();
}

Result<std::shared_ptr<const Schema>> schemaOfUpstream(const Upstream& upstream,
                                                       std::chrono::milliseconds timeout,
                                                       Unreachable unreachable) {
  auto files = readReflection(upstream, timeout, unreachable);
  if (!files) return files.error();
  return Schema::fromFiles(*std::move(files));
}

}  // namespace retake
