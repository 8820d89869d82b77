#pragma once

#include <string_view>

#include "support/replay_file.h"

// Recordings that tries and checks are tested with.
namespace retake::test {

inline Message text(std::string_view value) { return {"google.protobuf.StringValue", field(1, value)}; }

// The four kinds of call, an error with details, equal requests with different answers out of
// request order, and a call that was never answered.
inline ReplayFile store() {
  ReplayFile file;
  file.unary("/store.Store/Get", text("a"), text("1"));  // 1
  file.unary(
      "/store.Store/Get", text("z"),
      Status{5, "no such key", {{"type.googleapis.com/google.protobuf.StringValue", field(1, "z")}}});  // 2
  const auto early = file.request("/store.Store/Next", text("same"));                                   // 3
  const auto late = file.request("/store.Store/Next", text("same"));                                    // 4
  file.response(late, text("first answer"));
  file.response(early, text("second answer"));
  const auto list = file.createStream("/store.Store/List");  // 5: server stream
  file.send(list, text("all"));
  file.recv(list, text("1")).recv(list, text("2")).recvEnd(list);
  const auto put = file.createStream("/store.Store/PutAll");  // 6: client stream
  file.send(put, text("x")).send(put, text("y"));
  file.recv(put, text("2 stored"));
  const auto talk = file.createStream("/store.Store/Talk");  // 7: both ways
  file.send(talk, text("ping")).recv(talk, text("pong"));
  file.send(talk, text("bye")).recv(talk, text("bye bye")).recvEnd(talk);
  file.request("/store.Store/Get", text("never answered"));  // 8
  return file;
}

// A unary request that is equal to the first message of a stream of the same method: unary comes
// first when serving, so the stream is answered by it.
inline ReplayFile ambiguous() {
  ReplayFile file;
  const auto stream = file.createStream("/store.Store/Get");
  file.send(stream, text("a"));
  file.recv(stream, text("from the stream")).recvEnd(stream);
  file.unary("/store.Store/Get", text("a"), text("from the unary call"));
  file.unary("/store.Store/Get", text("b"), text("fine"));
  return file;
}

}  // namespace retake::test
