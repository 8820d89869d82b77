#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <string>

namespace retake::test {

// How many messages a server stream of the benchmarks has, and how many turns a chat.
inline constexpr int kStreamMessages = 20;

inline constexpr const char* kUnaryMethod = "/t.S/Unary";
inline constexpr const char* kStreamMethod = "/t.S/Stream";  // one message, then kStreamMessages back
inline constexpr const char* kChatMethod = "/t.S/Chat";      // kStreamMessages turns, then the half-close

std::string benchAnswer();

// What serving costs before anything is looked up: reads messages and answers with a constant, as the method
// says. The ceiling that the stand-in is measured against.
class EmptyService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override;

 private:
  grpc::Slice m_slice{benchAnswer()};
  grpc::ByteBuffer m_reply{&m_slice, 1};
};

}  // namespace retake::test
