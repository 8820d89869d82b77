#include "recording/problem.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

#include "base/utf8.h"
#include "recording/entry_extras.h"
#include "recording/status.h"

namespace retake {
namespace {

// What grpcreplay's readers take for a record at most; rpcreplay's take anything.
constexpr std::uint32_t kMaxRecord = 64u << 20;

std::string bytesLeft(std::uint64_t count) {
  return count == 1 ? "1 byte is left" : std::to_string(count) + " bytes are left";
}

// What starts a cut tail, where there are four bytes of it: a record's length.
std::string tailText(const Recording& recording) {
  const std::uint64_t size = recording.tailSize();
  std::string text =
      recording.hasHeader() ? "record " + std::to_string(recording.size() + 1) : "initial state";
  text += " at byte " + std::to_string(recording.tailOffset()) + ": ";
  if (size < 4) return text + "expected 4 bytes of length, " + bytesLeft(size);
  const auto tail = recording.source()->read(recording.tailOffset(), 4);
  if (!tail) return text + tail.error().message;
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i)
    length |= static_cast<std::uint32_t>(static_cast<unsigned char>(tail->view[i])) << (8 * i);
  text += "length " + std::to_string(length) + " runs past the end, " + bytesLeft(size - 4);
  if (size == 4 && recording.hasHeader()) text += "; the Go packages take this for a clean end";
  return text;
}

bool isOwner(EntryKind kind) { return kind == EntryKind::Request || kind == EntryKind::CreateStream; }

class Finder {
 public:
  explicit Finder(const Recording& recording) : m_recording(recording) {}

  std::vector<Problem> run(const Task& task) {
    const std::uint32_t size = m_recording.size();
    m_owners.assign(m_recording.idLimit(), Owner::None);
    lookAtHeader();
    for (std::uint32_t position = 0; position < size; ++position) {
      if (position % 65536 == 0) {
        if (task.stopped()) return std::move(m_problems);
        task.report(position, size);
      }
      const EntryInfo info = m_recording.info(position);
      lookAtKind(position, info);
      if (info.hasExtras) lookAtExtras(position, info);
      if (info.kind != EntryKind::Unreadable) lookInside(position, info);
    }
    for (std::uint32_t position = 0; position < size; ++position) {
      const EntryInfo info = m_recording.info(position);
      if (info.kind == EntryKind::Request && m_owners[info.id.value] != Owner::Answered)
        add(position, "no RESPONSE is recorded; the Go packages refuse the whole file",
            Repair::Kind::AnswerRequest);
    }
    if (m_untyped > 0) {
      const std::string more =
          m_untyped == 1 ? "" : "; so it is with " + std::to_string(m_untyped - 1) + " more";
      add(m_firstUntyped,
          "no schema told its recorder the type of its message" + more +
              "; the Go packages refuse the whole file until a schema gives the types",
          Repair::Kind::None);
    }
    std::stable_sort(m_problems.begin(), m_problems.end(), [](const Problem& a, const Problem& b) {
      return a.position.value_or(0) < b.position.value_or(0);
    });
    if (m_recording.tailSize() > 0)
      m_problems.push_back(
          {.text = tailText(m_recording),
           .offset = m_recording.tailOffset(),
           .position = {},
           .repair = {m_recording.hasHeader() ? Repair::Kind::DropTail : Repair::Kind::WriteHeader, {}}});
    return std::move(m_problems);
  }

 private:
  enum class Owner : std::uint8_t { None, Request, Answered, Stream };

  void add(std::uint32_t position, const std::string& what, Repair::Kind repair) {
    const EntryInfo info = m_recording.info(position);
    std::string text = "entry " + std::to_string(position + 1);
    if (!info.edited) text += " at byte " + std::to_string(info.offset);
    text += " (" + std::string(entryKindName(info.kind));
    if (const auto& method = m_recording.methodName(info.method); !method.empty() && isValidUtf8(method))
      text += " " + method;
    m_problems.push_back({.text = text + "): " + what,
                          .offset = info.offset,
                          .position = position,
                          .repair = {repair, repair == Repair::Kind::None ? EntryId{} : info.id}});
  }

  // Takes out what cannot be mended.
  static Repair::Kind removal(const EntryInfo& info) {
    return isOwner(info.kind) ? Repair::Kind::RemoveCall : Repair::Kind::RemoveEntry;
  }

  void lookAtHeader() {
    if (!m_recording.hasHeader() && m_recording.tailSize() == 0)
      m_problems.push_back({.text = "initial state at byte " + std::to_string(m_recording.tailOffset()) +
                                    ": expected 4 bytes of length, found the end of the file; a recorder "
                                    "that saw no call leaves this",
                            .offset = m_recording.tailOffset(),
                            .position = {},
                            .repair = {Repair::Kind::WriteHeader, {}}});
    if (const std::uint64_t size = m_recording.initialStateSize(); size > kMaxRecord)
      m_problems.push_back(
          {.text = "initial state: " + tooLong(size), .offset = 0, .position = {}, .repair = {}});
  }

  static std::string tooLong(std::uint64_t size) {
    return "expected at most " + std::to_string(kMaxRecord) + " bytes, found " + std::to_string(size) +
           "; grpcreplay refuses the whole file, rpcreplay takes it";
  }

  // Kind, and what the entry refers to.
  void lookAtKind(std::uint32_t position, const EntryInfo& info) {
    switch (info.kind) {
      case EntryKind::Unreadable: {
        const auto bytes = m_recording.bytes(position);
        const auto parsed = bytes ? parseEntry(bytes->view) : Result<EntryFields>(bytes.error());
        add(position,
            "expected an Entry message, found " + std::to_string(info.length) +
                (info.length == 1 ? " byte that is none" : " bytes that are none") +
                (parsed ? "" : ": " + parsed.error().message),
            Repair::Kind::RemoveEntry);
        return;
      }
      case EntryKind::None:
      case EntryKind::Unknown: {
        const auto entry = m_recording.entry(position);
        add(position,
            "expected a kind from 1 to 5, found " +
                (entry ? std::to_string(entry->fields.kindNumber) : entry.error().message),
            Repair::Kind::RemoveEntry);
        return;
      }
      case EntryKind::Request:
        m_owners[info.id.value] = Owner::Request;
        break;
      case EntryKind::CreateStream:
        m_owners[info.id.value] = Owner::Stream;
        break;
      case EntryKind::Response: {
        Owner& owner = m_owners[info.ref.value];
        if (owner == Owner::Answered)
          add(position, "its REQUEST has a RESPONSE already; the Go packages refuse the whole file",
              Repair::Kind::RemoveEntry);
        else if (owner != Owner::Request)
          add(position, danglingText(position, info), Repair::Kind::RemoveEntry);
        else
          owner = Owner::Answered;
        return;
      }
      case EntryKind::Send:
      case EntryKind::Recv:
        if (m_owners[info.ref.value] != Owner::Stream)
          add(position, danglingText(position, info), Repair::Kind::RemoveEntry);
        return;
    }
    const std::string& method = m_recording.methodName(info.method);
    if (method.empty()) add(position, "expected a method, found none", Repair::Kind::RemoveCall);
  }

  // Message, error and the encoding of texts.
  void lookInside(std::uint32_t position, const EntryInfo& info) {
    if (info.kind == EntryKind::None || info.kind == EntryKind::Unknown) return;
    if (info.length > kMaxRecord) add(position, tooLong(info.length), Repair::Kind::None);
    const auto entry = m_recording.entry(position);
    if (!entry) return add(position, entry.error().message, Repair::Kind::None);
    const EntryFields& fields = entry->fields;
    if (!isValidUtf8(fields.method) || !isValidUtf8(fields.typeUrl))
      return add(position,
                 std::string("expected UTF-8 in the ") +
                     (isValidUtf8(fields.method) ? "message type" : "method") +
                     ", found other bytes; the Go packages refuse the whole file",
                 removal(info));
    if (!fields.hasMessage) {
      if (info.kind == EntryKind::Request && fields.isError)
        add(position, "expected a message, found an error, which no call can match",
            Repair::Kind::RemoveCall);
      else if (!fields.isError && info.kind != EntryKind::CreateStream)
        add(position, "expected a message, found none; the Go packages refuse the whole file",
            hasSibling(info) ? Repair::Kind::WriteEmptyMessage : removal(info));
    } else if (typeNameOf(fields.typeUrl).empty() && isInferred(info)) {
      if (++m_untyped == 1) m_firstUntyped = position;
    } else if (typeNameOf(fields.typeUrl).empty()) {
      add(position, "expected the type of its message, found none; the Go packages refuse the whole file",
          removal(info));
    } else if (fields.typeUrl.find('/') == std::string_view::npos) {
      add(position,
          "expected a message type such as type.googleapis.com/pkg.Message, found \"" +
              std::string(fields.typeUrl) + "\"",
          Repair::Kind::None);
    } else if (fields.isError) {
      lookAtStatus(position, info, fields);
    }
  }

  // Whether its recorder was told no schema: then types are missing throughout, and nothing is damaged.
  bool isInferred(const EntryInfo& info) const {
    return m_inferred.contains((isOwner(info.kind) ? info.id : info.ref).value);
  }

  void lookAtStatus(std::uint32_t position, const EntryInfo& info, const EntryFields& fields) {
    if (typeNameOf(fields.typeUrl) != kStatusType) {
      add(position,
          "expected a google.rpc.Status as its error, found " + std::string(typeNameOf(fields.typeUrl)) +
              "; the Go packages crash on it",
          removal(info));
    } else if (const auto status = parseStatus(fields.message); !status) {
      add(position, status.error().message + "; the Go packages refuse the whole file", removal(info));
    } else if (status->code == 0) {
      add(position, "expected the status of an error, found OK", removal(info));
    }
  }

  // The Go packages pass over these, and so can we.
  void lookAtExtras(std::uint32_t position, const EntryInfo& info) {
    const auto bytes = m_recording.bytes(position);
    if (!bytes) return;  // said already
    const auto extras = parseExtras(bytes->view);
    if (!extras) return add(position, extras.error().message, Repair::Kind::None);
    if (extras->inferred) m_inferred.insert(info.id.value);
    std::string first;
    std::size_t count = 0;
    for (const auto* metadata : {&extras->requestMetadata, &extras->headers, &extras->trailers}) {
      if (!*metadata) continue;
      for (const MetadataEntry& entry : **metadata)
        if (std::string why = isEndToEnd(entry.key) ? whyNotSendable(entry) : std::string(); !why.empty())
          if (++count == 1) first = std::move(why);
    }
    if (count == 0) return;
    if (count > 1) first += ", and " + std::to_string(count - 1) + " more";
    add(position, first + "; it is left out when the call is served", Repair::Kind::None);
  }

  // Whether another entry tells of what type the message would be.
  bool hasSibling(const EntryInfo& wanted) {
    if (!m_typedKnown) {
      for (std::uint32_t position = 0; position < m_recording.size(); ++position) {
        const EntryInfo info = m_recording.info(position);
        if (info.hasMessage && !info.isError) m_typed.emplace(info.kind, info.method);
      }
      m_typedKnown = true;
    }
    return m_typed.contains({wanted.kind, wanted.method});
  }

  std::string danglingText(std::uint32_t position, const EntryInfo& info) const {
    const std::string wanted = info.kind == EntryKind::Response ? "a REQUEST" : "a CREATE_STREAM";
    if (info.ref) return "expected " + wanted + " before it, found that it was removed";
    const auto entry = m_recording.entry(position);
    if (!entry) return entry.error().message;
    const std::int32_t ref = entry->fields.refIndex;
    std::string text =
        "it refers to entry " + std::to_string(ref) + ", expected " + wanted + " before it, found ";
    // The number counts as the file does; entries may have moved since.
    const auto target = ref < 1 ? std::nullopt : m_recording.position({static_cast<std::uint32_t>(ref)});
    if (!target) return text + "no such entry";
    if (*target >= position) return text + (*target == position ? "the entry itself" : "a later entry");
    return text + std::string(entryKindName(m_recording.info(*target).kind));
  }

  const Recording& m_recording;
  std::vector<Problem> m_problems;
  std::vector<Owner> m_owners;                   // by id; 0, which no entry has, owns nothing
  std::unordered_set<std::uint32_t> m_inferred;  // ids of the first entries of calls
  std::uint32_t m_untyped = 0;                   // entries of these
  std::uint32_t m_firstUntyped = 0;
  std::set<std::pair<EntryKind, std::uint32_t>> m_typed;
  bool m_typedKnown = false;
};

}  // namespace

std::string describe(const Repair& repair) {
  static constexpr std::array<const char*, 7> kTexts = {
      "nothing to apply",      "leave the cut tail out", "write an empty initial state",
      "remove the entry",      "remove the call",        "answer it with UNAVAILABLE \"recording ended\"",
      "write an empty message"};
  return kTexts[static_cast<std::size_t>(repair.kind)];
}

std::vector<Problem> findProblems(const Recording& recording, const Task& task) {
  return Finder(recording).run(task);
}

}  // namespace retake
