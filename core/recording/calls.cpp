#include "recording/calls.h"

#include <algorithm>
#include <array>

#include "recording/status_code.h"

namespace retake {
namespace {

constexpr std::uint32_t kNoCall = 0xffffffff;

CallKind inferKind(const Recording& recording, std::span<const std::uint32_t> rest) {
  std::size_t sends = 0;
  std::size_t recvs = 0;
  bool sendAfterRecv = false;
  bool ended = false;
  for (const std::uint32_t position : rest) {
    const EntryInfo info = recording.info(position);
    if (info.kind == EntryKind::Send) {
      ++sends;
      sendAfterRecv = sendAfterRecv || recvs > 0;
    } else if (info.isError) {
      ended = true;
    } else {
      ++recvs;
    }
  }
  if (recvs == 1 && !ended && recording.info(rest.back()).kind == EntryKind::Recv)
    return CallKind::ClientStream;
  if (sends == 1 && !sendAfterRecv) return CallKind::ServerStream;
  return CallKind::BidiStream;
}

}  // namespace

std::string_view callKindName(CallKind kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"unary", "server stream", "client stream",
                                                             "bidirectional stream"};
  return kNames[static_cast<std::size_t>(kind)];
}

Call Calls::operator[](std::uint32_t index) const {
  const Row& row = m_rows[index];
  return {.number = index + 1,
          .kind = static_cast<CallKind>(row.kind),
          .first = row.first,
          .rest = std::span(m_rest).subspan(row.restBegin, row.restCount)};
}

std::optional<std::uint32_t> Calls::indexOf(const Recording& recording, std::uint32_t position) const {
  const EntryInfo info = recording.info(position);
  std::uint32_t first = position;
  if (info.ref) {
    const auto owner = recording.position(info.ref);
    if (!owner) return std::nullopt;
    first = *owner;
  }
  const auto found = std::lower_bound(m_rows.begin(), m_rows.end(), first,
                                      [](const Row& row, std::uint32_t f) { return row.first < f; });
  if (found == m_rows.end() || found->first != first) return std::nullopt;
  return static_cast<std::uint32_t>(found - m_rows.begin());
}

// Walks the chunks themselves: asking for each entry by position takes twice as long.
class CallGrouper {
 public:
  explicit CallGrouper(const Recording& recording) : m_recording(recording) {}

  // Two passes, as for a counting sort: how many entries each call has, then where they go.
  void count(std::vector<Calls::Row>& rows) {
    m_callOf.assign(m_recording.idLimit(), kNoCall);
    rows.reserve(m_recording.size() / 2);
    forEach([&](std::uint32_t position, const Recording::Record& record) {
      const auto kind = static_cast<EntryKind>(record.kind);
      if (kind == EntryKind::Request || kind == EntryKind::CreateStream) {
        const CallKind callKind = kind == EntryKind::Request ? CallKind::Unary : CallKind::BidiStream;
        m_callOf[record.id] = static_cast<std::uint32_t>(rows.size());
        rows.push_back({.first = position,
                        .restBegin = 0,
                        .restCount = 0,
                        .kind = static_cast<std::uint32_t>(callKind) & 3u});
        return;
      }
      // 0, which no entry has, and owners that are gone or stand later: no call.
      const std::uint32_t call = m_callOf[record.ref];
      if (call == kNoCall) return;
      // A REQUEST has one answer; a second RESPONSE is a problem, not part of the call.
      if (kind == EntryKind::Response && rows[call].restCount > 0) return;
      m_callOf[record.id] = call;
      ++rows[call].restCount;
    });
  }

  void place(std::vector<Calls::Row>& rows, std::vector<std::uint32_t>& rest) const {
    std::uint32_t begin = 0;
    for (Calls::Row& row : rows) {
      row.restBegin = begin;
      begin += row.restCount;
      row.restCount = 0;
    }
    rest.resize(begin);
    forEach([&](std::uint32_t position, const Recording::Record& record) {
      const std::uint32_t call = m_callOf[record.id];
      if (call == kNoCall || rows[call].first == position) return;
      Calls::Row& row = rows[call];
      rest[row.restBegin + row.restCount] = position;
      ++row.restCount;
    });
  }

 private:
  template <typename Visit>
  void forEach(Visit visit) const {
    for (const auto& link : m_recording.m_spine) {
      std::uint32_t position = link.first;
      for (const auto& record : link.chunk->records) visit(position++, record);
    }
  }

  const Recording& m_recording;
  std::vector<std::uint32_t> m_callOf;  // by id
};

Calls groupCalls(const Recording& recording) {
  Calls calls;
  CallGrouper grouper(recording);
  grouper.count(calls.m_rows);
  grouper.place(calls.m_rows, calls.m_rest);
  for (std::uint32_t index = 0; index < calls.size(); ++index) {
    const Call call = calls[index];
    if (call.isStream() && !call.rest.empty())
      calls.m_rows[index].kind = static_cast<std::uint32_t>(inferKind(recording, call.rest)) & 3u;
  }
  return calls;
}

CallEnd callEnd(const Recording& recording, const Call& call) {
  const auto failed = [&](std::uint32_t position, const EntryInfo& info) {
    // An error without a status is Go's io.EOF, which its clients see as UNKNOWN.
    return CallEnd{CallEnd::Kind::Error, info.hasMessage ? info.statusCode : status_code::kUnknown, position};
  };
  if (call.isStream()) {
    const EntryInfo created = recording.info(call.first);
    if (created.isError) return failed(call.first, created);
  }
  if (call.rest.empty()) return {};
  if (!call.isStream()) {
    const EntryInfo answer = recording.info(call.rest.front());
    return answer.isError ? failed(call.rest.front(), answer)
                          : CallEnd{CallEnd::Kind::Ok, 0, call.rest.front()};
  }
  for (auto at = call.rest.rbegin(); at != call.rest.rend(); ++at) {
    const EntryInfo info = recording.info(*at);
    if (info.kind != EntryKind::Recv) continue;
    if (info.isError && info.hasMessage && info.statusCode != 0) return failed(*at, info);
    if (info.isError) return {CallEnd::Kind::Ok, 0, *at};
    if (call.kind == CallKind::ClientStream) return {CallEnd::Kind::Ok, 0, *at};
    return {};
  }
  return {};
}

}  // namespace retake
