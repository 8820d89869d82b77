#include "edit/edit.h"

#include <algorithm>
#include <utility>

#include "edit/insert_call.h"
#include "edit/own_word.h"
#include "edit/type_url.h"
#include "recording/entry_extras.h"
#include "recording/status_code.h"

namespace retake {
namespace {

// A record's length is four bytes; its ref_index, written anew, may take a few more.
constexpr std::uint64_t kMaxBytes = 0xffffffffu - 64;

std::string nameOf(const Recording& recording, EntryId id) {
  const auto position = recording.position(id);
  return position ? "entry " + std::to_string(*position + 1) : "an entry that is no longer there";
}

std::string statusUrl() { return typeUrlOf(std::string(kStatusType)); }

// The type of the messages that other entries of the same kind and method have.
std::string siblingType(const Recording& recording, const EntryInfo& wanted) {
  for (std::uint32_t position = 0; position < recording.size(); ++position) {
    const EntryInfo info = recording.info(position);
    if (info.kind != wanted.kind || info.method != wanted.method || info.isError || !info.hasMessage ||
        info.id == wanted.id)
      continue;
    if (const auto entry = recording.entry(position)) return std::string(entry->fields.typeUrl);
  }
  return {};
}

class Applier {
 public:
  explicit Applier(const Recording& recording) : m_recording(recording) {}

  Result<Recording> operator()(const ReplaceMessage& edit) const {
    const auto entry = find(edit.entry);
    if (!entry) return entry.error();
    const EntryKind kind = entry->fields.kind;
    if (kind != EntryKind::Request && kind != EntryKind::Response && kind != EntryKind::Send &&
        kind != EntryKind::Recv)
      return Error{nameOf(m_recording, edit.entry) + ": expected an entry with a message, found a " +
                   std::string(entryKindName(kind)) + ", which has none"};
    std::string typeUrl = typeUrlOf(edit.typeUrl);
    if (typeUrl.empty()) typeUrl = messageType(m_recording, edit.entry);
    if (typeUrl.empty())
      return Error{nameOf(m_recording, edit.entry) +
                   ": it holds a status, and no other call of its method tells of what type its message "
                   "would be; name the type"};
    return replaced(*entry, EntryMessage{typeUrl, edit.message}, false);
  }

  Result<Recording> operator()(const ReplaceStatus& edit) const {
    const auto entry = find(edit.entry);
    if (!entry) return entry.error();
    const EntryKind kind = entry->fields.kind;
    if (kind != EntryKind::Response && kind != EntryKind::Recv && kind != EntryKind::CreateStream)
      return Error{nameOf(m_recording, edit.entry) +
                   ": expected a RESPONSE or a RECV to take a status, found a " +
                   std::string(entryKindName(kind))};
    const bool ok = edit.status.code == 0;
    if (ok && kind == EntryKind::Response)
      return Error{nameOf(m_recording, edit.entry) +
                   ": a RESPONSE that is OK holds a message; replace the message in place of the status"};
    std::optional<EntryMessage> message;
    if (!ok) message = EntryMessage{statusUrl(), serializeStatus(edit.status)};
    const bool isError = !ok || kind == EntryKind::Recv;
    return replaced(*entry, message, isError);
  }

  Result<Recording> operator()(const EndStream& edit) const {
    const auto created = find(edit.stream);
    if (!created) return created.error();
    if (created->fields.kind != EntryKind::CreateStream)
      return Error{nameOf(m_recording, edit.stream) + ": expected a CREATE_STREAM, found a " +
                   std::string(entryKindName(created->fields.kind))};
    const auto ended = [&](std::uint32_t position) {
      return Error{nameOf(m_recording, edit.stream) +
                   ": expected a stream without an end, found its end at entry " +
                   std::to_string(position + 1) + "; replace the status there"};
    };
    std::uint32_t last = *m_recording.position(edit.stream);
    if (created->fields.isError) return ended(last);
    for (std::uint32_t position = last + 1; position < m_recording.size(); ++position) {
      const EntryInfo info = m_recording.info(position);
      if (info.ref != edit.stream) continue;
      if (info.kind == EntryKind::Recv && info.isError) return ended(position);
      last = position;
    }
    std::optional<EntryMessage> message;
    if (edit.status.code != 0) message = EntryMessage{statusUrl(), serializeStatus(edit.status)};
    return m_recording.withInserted(last + 1, serializeEntry(EntryKind::Recv, {}, message, true, 0),
                                    edit.stream);
  }

  Result<Recording> operator()(const ReplaceInitialState& edit) const {
    if (edit.bytes.size() > kMaxBytes)
      return Error{"initial state: expected less than 4 GiB, found " + std::to_string(edit.bytes.size()) +
                   " bytes"};
    return m_recording.withInitialState(edit.bytes);
  }

  Result<Recording> operator()(const RestoreEntry& edit) const { return rewritten({edit}); }

  Result<Recording> operator()(const RewriteEntries& edit) const {
    const auto after = rewritten(edit.entries);
    return after && edit.initialState ? after->withInitialState(*edit.initialState) : after;
  }

  Result<Recording> operator()(const InsertCall& edit) const { return insertCall(m_recording, edit); }

  Result<Recording> operator()(const RemoveCall& edit) const {
    const auto first = m_recording.position(edit.call);
    if (!first) return missing(edit.call);
    const EntryKind kind = m_recording.info(*first).kind;
    if (kind != EntryKind::Request && kind != EntryKind::CreateStream)
      return Error{nameOf(m_recording, edit.call) + ": expected a REQUEST or CREATE_STREAM, found a " +
                   std::string(entryKindName(kind)) + "; a call is removed as a whole"};
    Recording after = m_recording;
    for (std::uint32_t position = m_recording.size(); position-- > 0;)
      if (position == *first || m_recording.info(position).ref == edit.call)
        after = after.withoutEntry(position);
    return after;
  }

  Result<Recording> operator()(const Repair& repair) const {
    switch (repair.kind) {
      case Repair::Kind::None:
        return Error{"this problem has no repair"};
      case Repair::Kind::DropTail:
        return m_recording.withoutTail();
      case Repair::Kind::WriteHeader:
        return m_recording.withoutTail().withInitialState({});
      case Repair::Kind::RemoveEntry: {
        const auto position = m_recording.position(repair.entry);
        if (!position) return missing(repair.entry);
        return m_recording.withoutEntry(*position);
      }
      case Repair::Kind::RemoveCall:
        return (*this)(RemoveCall{repair.entry});
      case Repair::Kind::AnswerRequest: {
        const auto request = find(repair.entry);
        if (!request) return request.error();
        if (request->fields.kind != EntryKind::Request)
          return Error{nameOf(m_recording, repair.entry) + ": expected a REQUEST to answer, found a " +
                       std::string(entryKindName(request->fields.kind))};
        const Status ended{.code = status_code::kUnavailable, .message = "recording ended", .details = {}};
        std::string answer = serializeEntry(EntryKind::Response, {},
                                            EntryMessage{statusUrl(), serializeStatus(ended)}, true, 0);
        // As a recorder that is closed says so.
        if (m_recording.info(*m_recording.position(repair.entry)).hasExtras)
          answer += serializeExtras({.canceller = EntryExtras::Canceller::Recorder});
        return m_recording.withInserted(m_recording.size(), std::move(answer), repair.entry);
      }
      case Repair::Kind::WriteEmptyMessage: {
        const auto entry = find(repair.entry);
        if (!entry) return entry.error();
        const std::string type =
            siblingType(m_recording, m_recording.info(*m_recording.position(repair.entry)));
        if (type.empty())
          return Error{nameOf(m_recording, repair.entry) +
                       ": no other entry of its method tells of what type an empty message would be; replace "
                       "the message by hand"};
        return replaced(*entry, EntryMessage{type, {}}, false);
      }
    }
    return Error{"this problem has no repair"};
  }

 private:
  Error missing(EntryId id) const {
    return {"entry with id " + std::to_string(id.value) + " is not in the recording, which has " +
            std::to_string(m_recording.size()) + " entries"};
  }

  Result<Entry> find(EntryId id) const {
    const auto position = m_recording.position(id);
    if (!position) return missing(id);
    auto entry = m_recording.entry(*position);
    if (entry && entry->fields.kind == EntryKind::Unreadable)
      return Error{nameOf(m_recording, id) +
                   ": expected an Entry message, found bytes that are none; they cannot be edited"};
    return entry;
  }

  Result<Recording> rewritten(const std::vector<RestoreEntry>& edits) const {
    std::vector<std::pair<std::uint32_t, std::string>> entries;
    entries.reserve(edits.size());
    for (const RestoreEntry& edit : edits) {
      const auto position = m_recording.position(edit.entry);
      if (!position) return missing(edit.entry);
      const auto fields = parseEntry(edit.bytes);
      if (!fields) return fields.error();
      const EntryKind kind = m_recording.info(*position).kind;
      if (fields->kind != kind)
        return Error{nameOf(m_recording, edit.entry) + ": expected the bytes of a " +
                     std::string(entryKindName(kind)) + ", found a " +
                     std::string(entryKindName(fields->kind))};
      if (edit.bytes.size() > kMaxBytes) return tooLong(edit.entry, edit.bytes.size());
      entries.emplace_back(*position, edit.bytes);
    }
    const auto byPosition = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::sort(entries.begin(), entries.end(), byPosition);
    return m_recording.withEntries(std::move(entries));
  }

  Result<Recording> replaced(const Entry& entry, const std::optional<EntryMessage>& message,
                             bool isError) const {
    std::string bytes = ownWord(withMessage(entry.bytes.view, message, isError));
    if (bytes.size() > kMaxBytes) return tooLong(entry.id, bytes.size());
    return m_recording.withEntry(*m_recording.position(entry.id), std::move(bytes));
  }

  Error tooLong(EntryId entry, std::size_t size) const {
    return Error{nameOf(m_recording, entry) + ": expected less than 4 GiB, found " + std::to_string(size) +
                 " bytes"};
  }

  const Recording& m_recording;
};

}  // namespace

Result<Recording> apply(const Recording& recording, const Edit& edit) {
  return std::visit(Applier(recording), edit);
}

std::string messageType(const Recording& recording, EntryId id) {
  const auto position = recording.position(id);
  if (!position) return {};
  const EntryInfo info = recording.info(*position);
  if (info.hasMessage && !info.isError)
    if (const auto entry = recording.entry(*position)) return std::string(entry->fields.typeUrl);
  return siblingType(recording, info);
}

std::string describe(const Recording& recording, const Edit& edit) {
  struct Describer {
    const Recording& recording;
    std::string operator()(const ReplaceMessage& e) const {
      return "message of " + nameOf(recording, e.entry);
    }
    std::string operator()(const ReplaceStatus& e) const { return "status of " + nameOf(recording, e.entry); }
    std::string operator()(const EndStream& e) const {
      return "end of the stream that " + nameOf(recording, e.stream) + " begins";
    }
    std::string operator()(const ReplaceInitialState&) const { return "initial state"; }
    std::string operator()(const RestoreEntry& e) const {
      return "back to what " + nameOf(recording, e.entry) + " was";
    }
    std::string operator()(const RewriteEntries& e) const {
      return std::to_string(e.entries.size()) + (e.entries.size() == 1 ? " entry" : " entries") +
             " rewritten";
    }
    std::string operator()(const InsertCall& e) const { return "new call of " + e.method; }
    std::string operator()(const RemoveCall& e) const {
      return "removal of the call that " + nameOf(recording, e.call) + " begins";
    }
    std::string operator()(const Repair& r) const {
      return retake::describe(r) + (r.entry ? " (" + nameOf(recording, r.entry) + ")" : std::string());
    }
  };
  return std::visit(Describer{recording}, edit);
}

}  // namespace retake
