// Any bytes at all, taken for a binary replay file: read, grouped, looked over, edited, repaired, written.
// What must hold, whatever they are:
//   - written unchanged they are the same bytes; read from pieces they are the same recording;
//   - every entry is in at most one call, and every call's entries are its own;
//   - each repair that is offered can be applied, and repairing comes to an end without problems that
//     have a repair;
//   - what is left can be written and read again as the same recording.
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "base/byte_sink.h"
#include "edit/edit.h"
#include "format/format.h"
#include "format/replay_binary.h"
#include "recording/calls.h"
#include "recording/problem.h"

namespace {

using namespace retake;

[[noreturn]] void fail(const char* what, const std::string& detail = {}) {
  std::fprintf(stderr, "fuzz_replay: %s %s\n", what, detail.c_str());
  std::abort();
}

// Hands out at most as much as is asked for, as a file does that lies in no buffer.
class PieceSource final : public ByteSource {
 public:
  explicit PieceSource(std::string bytes) : m_whole(sourceFromBytes(std::move(bytes), "pieces")) {}
  const std::string& name() const override { return m_whole->name(); }
  std::uint64_t size() const override { return m_whole->size(); }
  Result<Blob> read(std::uint64_t offset, std::uint64_t length) const override {
    auto blob = m_whole->read(offset, length);
    if (!blob) fail("read past the end:", blob.error().message);
    auto copy = std::make_shared<std::string>(blob->view);
    return Blob{*copy, copy};
  }
  ByteView buffer() const override { return {}; }
  Result<void> checkIntact() const override { return {}; }

 private:
  std::shared_ptr<const ByteSource> m_whole;
};

Recording read(std::shared_ptr<const ByteSource> source) {
  auto recording = replayBinaryFormat().read(std::move(source), {});
  if (!recording) fail("cannot be read:", recording.error().message);
  return *std::move(recording);
}

std::string written(const Recording& recording) {
  StringSink sink;
  if (auto done = replayBinaryFormat().write(recording, sink, {}); !done)
    fail("cannot be written:", done.error().message);
  return sink.take();
}

void checkCalls(const Recording& recording) {
  const Calls calls = groupCalls(recording);
  std::set<std::uint32_t> seen;
  for (std::uint32_t index = 0; index < calls.size(); ++index) {
    const Call call = calls[index];
    if (!seen.insert(call.first).second) fail("an entry is in two calls");
    std::uint32_t previous = call.first;
    for (const std::uint32_t position : call.rest) {
      if (!seen.insert(position).second) fail("an entry is in two calls");
      if (position <= previous || position >= recording.size()) fail("a call is out of order");
      if (calls.indexOf(recording, position) != index) fail("an entry does not lead to its call");
      previous = position;
    }
    (void)callEnd(recording, call);
  }
}

// What a recording says, without the places and numbers that moving entries changes.
std::string told(const Recording& recording) {
  std::string out;
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const auto entry = recording.entry(position);
    if (!entry) fail("an entry cannot be decoded:", entry.error().message);
    const auto owner = recording.position(entry->ref);
    out += std::to_string(static_cast<int>(entry->fields.kind)) + " " + std::string(entry->callMethod) + " " +
           (owner ? std::to_string(*owner) : "-") + " " + std::string(entry->fields.typeUrl) + " " +
           std::string(entry->fields.message) + "\n";
    if (recording.messageSize(position) != entry->fields.message.size()) fail("a message has another size");
  }
  return out;
}

void checkEdits(const Recording& recording) {
  for (std::uint32_t position = 0; position < recording.size() && position < 8; ++position) {
    const EntryId id = recording.info(position).id;
    for (const Edit& edit : {Edit(ReplaceMessage{id, "edited", "a.M"}),
                             Edit(ReplaceStatus{id, {5, "no", {}}}), Edit(EndStream{id, {}})}) {
      const auto after = retake::apply(recording, edit);
      if (!after) continue;
      const std::size_t changed = changedEntries(recording, *after).size();
      if (changed != 1) fail("an edit changed more than one entry");
      const Recording again = read(sourceFromBytes(written(*after), "edited"));
      if (told(again) != told(*after)) fail("an edit is not read back");
    }
  }
}

void checkRepairs(Recording recording) {
  // Each step takes an entry out or settles one for good.
  for (std::uint32_t steps = 4 * recording.size() + 8; steps > 0; --steps) {
    bool repaired = false;
    for (const Problem& problem : findProblems(recording)) {
      if (problem.repair.kind == Repair::Kind::None) continue;
      auto after = retake::apply(recording, problem.repair);
      if (!after) fail("a repair cannot be applied:", problem.text + ": " + after.error().message);
      recording = *std::move(after);
      repaired = true;
      break;
    }
    if (repaired) continue;
    const Recording again = read(sourceFromBytes(written(recording), "repaired"));
    if (told(again) != told(recording)) fail("a repaired recording is not read back");
    checkCalls(again);
    for (const Problem& problem : findProblems(again))
      if (problem.repair.kind != Repair::Kind::None) fail("a repaired recording has problems:", problem.text);
    return;
  }
  fail("repairs go on for ever");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (!formatOf(bytes, "input")) return 0;
  const Recording recording = read(sourceFromBytes(bytes, "input"));
  if (written(recording) != bytes) fail("written unchanged it is something else");
  const Recording pieces = read(std::make_shared<PieceSource>(bytes));
  if (written(pieces) != bytes) fail("read piece by piece it is something else");
  if (told(recording) != told(pieces)) fail("read piece by piece it says something else");
  checkCalls(recording);
  checkEdits(recording);
  checkRepairs(recording);
  return 0;
}
