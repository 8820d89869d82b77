#include <cstdio>
#include <fstream>
#include <string>

#include "support/replay_file.h"

// make_calls FILE: the recording whose calls ../snippets.py copies and makes again, of calls.proto.
using namespace retake;
using namespace retake::test;
using namespace std::chrono_literals;

namespace {

Message message(std::string_view text) { return {"edge.M", field(2, text)}; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::string bytes;
  for (int byte = 255; byte >= 0; --byte) bytes += static_cast<char>(byte);
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const std::string awkward = "it's \"so\" $HOME `id` \\n ?\?/ 100% #\n\tEND\n";
  const Status failure{
      .code = 5, .message = "no " + awkward + "\xc3\xa4", .details = {{"type.googleapis.com/edge.M", bytes}}};

  ReplayFile file;
  file.unary("/edge.S/Get", {"edge.M", field(1, bytes)}, Message{"edge.M", field(1, bytes + "00")});  // 1
  file.unary("/edge.S/Get", message("equal"), message("first"));
  file.unary("/edge.S/Get", message("equal"), failure);  // 3
  file.unary("/edge.S/Get", message("equal"), message("third"));
  const auto list = file.createStream("/edge.S/List");  // 5
  file.send(list, message(awkward)).recv(list, message("a")).recv(list, message("b")).recvEnd(list);
  const auto fill = file.createStream("/edge.S/Fill");  // 6
  file.send(fill, message("a")).send(fill, message(awkward)).recv(fill, message(awkward));
  const auto chat = file.createStream("/edge.S/Chat");  // 7
  file.send(chat, message("a")).recv(chat, message("b")).recv(chat, message("c"));
  file.send(chat, message("d")).recv(chat, failure);
  const auto cancelled = file.createStream("/edge.S/Chat");  // 8
  file.send(cancelled, message("e")).recv(cancelled, message("f")).recv(cancelled, Status{1, "gone", {}});
  file.unary("/edge.S/Get", message("late"), Status{4, "late", {}});  // 9
  const auto greeting = file.createStream("/edge.S/Greet");           // 10
  file.recv(greeting, message("hello")).recvEnd(greeting);
  file.createStream("/edge.S/Refuse", failure);  // 11
  const auto one = file.request("/edge.S/Get", message("metadata"));
  file.requestMetadata({{"key", "it's $1 \\"}, {"key-bin", bytes}, {"key", "again"}});
  file.response(one, message("metadata"));               // 12
  const auto open = file.createStream("/edge.S/Watch");  // 13
  file.send(open, message("w")).recv(open, message("x"));
  file.recv(open, message("y"));
  file.unary("/edge.S/Get", message("nothing"), Message{"edge.M", ""});  // 14
  for (const char* answer : {"one", "two"}) {                            // 15 and 16: equal first messages
    const auto same = file.createStream("/edge.S/List");
    file.send(same, message("same")).recv(same, message(answer)).recvEnd(same);
  }
  std::ofstream(argv[1], std::ios::binary) << file.bytes();
  return 0;
}
