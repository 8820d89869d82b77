#include "support/client_recorder.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <mutex>

namespace retake::test {

class ClientRecorder::Memory {
 public:
  void append(ByteView bytes) {
    const std::lock_guard lock(m_mutex);
    m_bytes.append(bytes);
  }
  std::string bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
  }
  static std::unique_ptr<ByteSink> sink(std::shared_ptr<Memory> memory) {
    class Sink final : public ByteSink {
     public:
      explicit Sink(std::shared_ptr<Memory> into) : m_memory(std::move(into)) {}
      Result<void> write(ByteView bytes) override {
        m_memory->append(bytes);
        return {};
      }

     private:
      const std::shared_ptr<Memory> m_memory;
    };
    return std::make_unique<Sink>(std::move(memory));
  }

 private:
  mutable std::mutex m_mutex;
  std::string m_bytes;
};

ClientRecorder::ClientRecorder(std::string initialState)
    : m_memory(std::make_shared<Memory>()),
      m_recorder(Recorder::create(Memory::sink(m_memory),
                                  {.initialState = std::move(initialState), .extras = false})) {}

ClientRecorder::~ClientRecorder() = default;

std::shared_ptr<grpc::Channel> ClientRecorder::channel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  return m_recorder->channel(address, grpc::InsecureChannelCredentials(), &arguments);
}

std::string ClientRecorder::bytes() const { return m_memory->bytes(); }

}  // namespace retake::test
