#include "recording/problem.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace retake {
namespace {

// The record length that starts a cut tail, where there are four bytes of it.
std::string tailText(const Recording& recording) {
  const std::uint64_t size = recording.tailSize();
  const std::string place = "record " + std::to_string(recording.size() + 1) + " at byte " +
                            std::to_string(recording.tailOffset()) + ": ";
  const std::string rest = size == 1 ? "1 byte is left" : std::to_string(size) + " bytes are left";
  if (size < 4) return place + "expected 4 bytes of length, " + rest;
  const auto tail = recording.tail();
  if (!tail) return place + tail.error().message;
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i)
    length |= static_cast<std::uint32_t>(static_cast<unsigned char>(tail->view[i])) << (8 * i);
  const std::uint64_t left = size - 4;
  std::string text = place + "length " + std::to_string(length) + " runs past the end, " +
                     (left == 1 ? "1 byte is left" : std::to_string(left) + " bytes are left");
  if (left == 0) text += "; the Go packages take this for a clean end";
  return text;
}

class Finder {
 public:
  explicit Finder(const Recording& recording) : m_recording(recording) {}

  std::vector<Problem> run(const Task& task) {
    const std::uint32_t size = m_recording.size();
    std::vector<bool> answered(size, false);
    for (std::uint32_t position = 0; position < size; ++position) {
      if (position % 65536 == 0) {
        if (task.stopped()) break;
        task.report(position, size);
      }
      look(position, answered);
    }
    for (std::uint32_t position = 0; position < size; ++position)
      if (m_recording.info(position).kind == EntryKind::Request && !answered[position])
        add(position, "no RESPONSE is recorded; the Go packages refuse the whole file",
            Repair::Kind::AnswerRequest);
    if (!m_recording.hasHeader() && m_recording.tailSize() == 0)
      m_problems.push_back({.text = "the file ends after its magic: expected the initial state, found "
                                    "nothing; a recorder that saw no call leaves this",
                            .offset = m_recording.tailOffset(),
                            .position = {},
                            .repair = {Repair::Kind::WriteHeader, {}}});
    std::stable_sort(m_problems.begin(), m_problems.end(), [](const Problem& a, const Problem& b) {
      return a.position.value_or(0) < b.position.value_or(0);
    });
    if (m_recording.tailSize() > 0)
      m_problems.push_back(
          {.text =
               m_recording.hasHeader() ? tailText(m_recording) : "initial state: " + tailText(m_recording),
           .offset = m_recording.tailOffset(),
           .position = {},
           .repair = {m_recording.hasHeader() ? Repair::Kind::DropTail : Repair::Kind::WriteHeader, {}}});
    return std::move(m_problems);
  }

 private:
  void add(std::uint32_t position, const std::string& what, Repair::Kind repair) {
    const EntryInfo info = m_recording.info(position);
    std::string text = "entry " + std::to_string(position + 1);
    if (!info.edited) text += " at byte " + std::to_string(info.offset);
    text += " (" + std::string(entryKindName(info.kind));
    if (const auto& method = m_recording.methodName(info.method); !method.empty()) text += " " + method;
    m_problems.push_back({.text = text + "): " + what,
                          .offset = info.offset,
                          .position = position,
                          .repair = {repair, repair == Repair::Kind::None ? EntryId{} : info.id}});
  }

  void look(std::uint32_t position, std::vector<bool>& answered) {
    const EntryInfo info = m_recording.info(position);
    switch (info.kind) {
      case EntryKind::Unreadable: {
        const auto bytes = m_recording.bytes(position);
        const auto parsed = bytes ? parseEntry(bytes->view) : Result<EntryFields>(bytes.error());
        add(position,
            "expected an Entry message, found " + std::to_string(info.length) + " bytes that are none" +
                (parsed ? "" : ": " + parsed.error().message),
            Repair::Kind::RemoveEntry);
        return;
      }
      case EntryKind::None:
      case EntryKind::Unknown: {
        const auto entry = m_recording.entry(position);
        add(position,
            "expected a kind from 1 to 5, found " +
                (entry ? std::to_string(entry->fields.kindNumber) : "none"),
            Repair::Kind::RemoveEntry);
        return;
      }
      case EntryKind::Request:
      case EntryKind::CreateStream:
        if (m_recording.methodName(info.method).empty())
          add(position, "expected a method, found none", Repair::Kind::RemoveEntry);
        break;
      case EntryKind::Response:
      case EntryKind::Send:
      case EntryKind::Recv: {
        const auto owner = info.ref ? m_recording.position(info.ref) : std::nullopt;
        if (!owner) {
          add(position, danglingText(position, info), Repair::Kind::RemoveEntry);
          break;
        }
        if (info.kind == EntryKind::Response) {
          if (answered[*owner])
            add(position, "its REQUEST has a RESPONSE already", Repair::Kind::RemoveEntry);
          answered[*owner] = true;
        }
        break;
      }
    }
    if (!info.hasMessage && !info.isError && info.kind != EntryKind::CreateStream) {
      add(position, "expected a message, found none; the Go packages refuse the whole file",
          Repair::Kind::WriteEmptyMessage);
    } else if (info.hasMessage) {
      const auto entry = m_recording.entry(position);
      if (!entry) {
        add(position, entry.error().message, Repair::Kind::None);
      } else if (entry->fields.typeUrl.find('/') == std::string_view::npos) {
        add(position,
            "expected a message type such as type.googleapis.com/pkg.Message, found \"" +
                std::string(entry->fields.typeUrl) + "\"",
            Repair::Kind::None);
      }
    }
  }

  std::string danglingText(std::uint32_t position, const EntryInfo& info) const {
    const char* wanted = info.kind == EntryKind::Response ? "a REQUEST" : "a CREATE_STREAM";
    const auto entry = m_recording.entry(position);
    const std::int32_t ref = entry ? entry->fields.refIndex : 0;
    std::string text =
        "it refers to entry " + std::to_string(ref) + ", expected " + wanted + " before it, found ";
    if (ref < 1 || static_cast<std::uint32_t>(ref) > m_recording.size()) return text + "no such entry";
    const auto target = static_cast<std::uint32_t>(ref) - 1;
    if (target >= position) return text + (target == position ? "the entry itself" : "a later entry");
    return text + std::string(entryKindName(m_recording.info(target).kind));
  }

  const Recording& m_recording;
  std::vector<Problem> m_problems;
};

}  // namespace

std::string describe(const Repair& repair) {
  static constexpr std::array<const char*, 6> kTexts = {"nothing to apply",
                                                        "leave the cut tail out",
                                                        "write an empty initial state",
                                                        "remove the entry",
                                                        "answer it with UNAVAILABLE \"recording ended\"",
                                                        "write an empty message"};
  return kTexts[static_cast<std::size_t>(repair.kind)];
}

std::vector<Problem> findProblems(const Recording& recording, const Task& task) {
  return Finder(recording).run(task);
}

}  // namespace retake
