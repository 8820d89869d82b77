#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace retake::test {

// What a client may ask of the service besides what gRPC's interop-test-descriptions.md has, in its metadata:
// of the same keys it is what came and what is given back.
inline constexpr const char* kEchoInitial = "x-grpc-test-echo-initial";
inline constexpr const char* kEchoTrailing = "x-grpc-test-echo-trailing-bin";
inline constexpr const char* kHeaderPrefix = "h-";   // keys that begin so come back in the headers
inline constexpr const char* kTrailerPrefix = "t-";  // and these in the trailers
inline constexpr const char* kTrailerBytes = "x-test-trailer-bytes";  // a trailer "t-large" of that length
inline constexpr const char* kHeadersFirst = "x-test-headers-first";  // before anything is read
inline constexpr const char* kFirst = "x-test-first";                 // so many messages, likewise
inline constexpr const char* kLast = "x-test-last";                   // so many behind the half-close
inline constexpr const char* kDetails = "x-test-details-bin";         // of the status
inline constexpr const char* kTellDeadline = "x-test-tell-deadline";  // trailer "t-deadline-ms", or "none"
inline constexpr const char* kName = "x-test-name";                   // of a call, for the next two
inline constexpr const char* kHold = "x-test-hold";  // StreamingInputCall reads from when it is let go
// An EmptyCall with it lets go the call of that name.
inline constexpr const char* kLetGo = "x-test-let-go";
// An EmptyCall with it waits for the end of the call of that name; trailer "t-ended": "cancelled" or "done".
inline constexpr const char* kHowEnded = "x-test-how-ended";

// grpc.testing.TestService on an address of its own, until it is destroyed.
class LiveTestService {
 public:
  explicit LiveTestService(
      const std::string& address = "127.0.0.1:0",
      const std::shared_ptr<grpc::ServerCredentials>& credentials = grpc::InsecureServerCredentials());
  ~LiveTestService();                                       // ends what is under way
  const std::string& address() const { return m_address; }  // with its port

  int callsBegun() const;
  int messagesRead() const;  // of streams
  int messagesWritten() const;

 private:
  class Service;
  std::unique_ptr<Service> m_service;
  std::unique_ptr<grpc::Server> m_server;
  std::string m_address;
};

}  // namespace retake::test
