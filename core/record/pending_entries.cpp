#include "record/pending_entries.h"

#include "format/replay_binary.h"

namespace retake {

void PendingEntries::add(ByteView entry, const Told& told) {
  const auto length = replayRecordLength(entry.size());
  m_records.append(length.data(), length.size()).append(entry);
  m_entries.push_back(told);
}

}  // namespace retake
