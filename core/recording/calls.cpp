#include "recording/calls.h"

#include <algorithm>
#include <array>
#include <unordered_map>

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

Calls groupCalls(const Recording& recording) {
  Calls calls;
  const std::uint32_t size = recording.size();
  // Two passes, as for a counting sort: how many entries each call has, then where they go.
  std::vector<std::uint32_t> callOf(size, kNoCall);  // by position; of owners and of what refers to them
  std::unordered_map<std::uint32_t, std::uint32_t> moved;  // id → call, where an id is not its position + 1
  for (std::uint32_t position = 0; position < size; ++position) {
    const EntryInfo info = recording.info(position);
    if (info.kind == EntryKind::Request || info.kind == EntryKind::CreateStream) {
      const bool stream = info.kind == EntryKind::CreateStream;
      callOf[position] = calls.size();
      if (info.id.value != position + 1) moved.emplace(info.id.value, calls.size());
      calls.m_rows.push_back(
          {.first = position,
           .restBegin = 0,
           .restCount = 0,
           .kind = static_cast<std::uint32_t>(stream ? CallKind::BidiStream : CallKind::Unary) & 3u});
      continue;
    }
    if (!info.ref) continue;
    std::uint32_t call = kNoCall;
    const std::uint32_t guess = info.ref.value - 1;
    if (guess < position && recording.info(guess).id == info.ref) {
      call = callOf[guess];
    } else if (const auto found = moved.find(info.ref.value); found != moved.end()) {
      call = found->second;
    }
    if (call == kNoCall) continue;
    // A REQUEST has one answer; a second RESPONSE is a problem, not part of the call.
    if (info.kind == EntryKind::Response && calls.m_rows[call].restCount > 0) continue;
    callOf[position] = call;
    ++calls.m_rows[call].restCount;
  }
  std::uint32_t begin = 0;
  for (auto& row : calls.m_rows) {
    row.restBegin = begin;
    begin += row.restCount;
    row.restCount = 0;
  }
  calls.m_rest.resize(begin);
  for (std::uint32_t position = 0; position < size; ++position) {
    if (callOf[position] == kNoCall) continue;
    auto& row = calls.m_rows[callOf[position]];
    if (row.first == position) continue;
    calls.m_rest[row.restBegin + row.restCount] = position;
    ++row.restCount;
  }
  for (std::uint32_t index = 0; index < calls.size(); ++index) {
    const Call call = calls[index];
    if (call.isStream() && !call.rest.empty())
      calls.m_rows[index].kind = static_cast<std::uint32_t>(inferKind(recording, call.rest)) & 3u;
  }
  return calls;
}

CallEnd callEnd(const Recording& recording, const Call& call) {
  const auto failed = [&](std::uint32_t position, const EntryInfo& info) {
    return CallEnd{CallEnd::Kind::Error, info.statusCode, position};
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
