// make_corpus FOLDER: writes the recordings that fuzzing begins with, one of each shape that the reader
// tells apart, damage included.
#include <cstdio>
#include <filesystem>
#include <map>

#include "support/dump.h"
#include "support/replay_file.h"

namespace {

using namespace retake;
using namespace retake::test;

const Message kM{"a.M", "m"};
const Status kNotFound{.code = 5, .message = "no", .details = {{"type.googleapis.com/a.D", "d"}}};

std::map<std::string, std::string> seeds() {
  std::map<std::string, std::string> files;
  files["magic"] = "RPCReplay";
  files["empty"] = ReplayFile("seed").bytes();
  ReplayFile unary("seed");
  unary.unary("/a", kM, kM);
  unary.unary("/a", kM, kNotFound);
  files["unary"] = unary.bytes();
  files["cut"] = cut(unary.bytes(), 3);
  files["length_past_end"] = unary.bytes() + std::string("\xff\xff\xff\xff", 4);
  ReplayFile streams;
  const auto server = streams.createStream("/server");
  const auto bidi = streams.createStream("/bidi");
  streams.send(server, kM).send(bidi, kM).recv(server, kM).recv(bidi, kM).send(bidi, kM);
  streams.recvEnd(server).recv(bidi, kNotFound);
  const auto client = streams.createStream("/client");
  streams.send(client, kM).send(client, kM).sendFailed(client).recv(client, kM);
  streams.createStream("/failed", kNotFound);
  files["streams"] = streams.bytes();
  ReplayFile damage;
  damage.record("\xff");
  damage.record("");
  damage.request("/open", kM);
  damage.response(99, kM).response(1, kM).send(3, kM).response(9, kM);
  damage.record(serializeEntry(static_cast<EntryKind>(9), "/x", {}, false, 3));
  damage.record(serializeEntry(EntryKind::Request, "/x", {}, false, 0));
  damage.record(serializeEntry(EntryKind::Recv, {}, EntryMessage{"", "x"}, true, 4));
  damage.createStream("", Status{});
  files["damage"] = damage.bytes();
  ReplayFile fields;
  fields.record(field(1000, "headers") + field(1, 1u) + field(2, "/a") + std::string("\x0b\x08\x01\x0c") +
                field(3, field(1, "type.googleapis.com/a.M") + field(2, "m") + field(9, "?")));
  fields.record(field(1, 2u) + field(5, 1u) + field(3, field(1, "a.M")) + field(1001, 7u));
  files["unknown_fields"] = fields.bytes();
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "make_corpus FOLDER\n");
    return 2;
  }
  std::filesystem::create_directories(argv[1]);
  for (const auto& [name, bytes] : seeds()) writeFile(std::string(argv[1]) + "/" + name, bytes);
  return 0;
}
