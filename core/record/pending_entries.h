#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "recording/entry.h"

namespace retake {

// What is to be written at the end of a recording, record by record, and has not been yet. Not thread-safe.
class PendingEntries {
 public:
  struct Told {
    EntryKind kind;
    std::uint32_t place;  // its own, from 1
    std::uint32_t first;  // of its REQUEST or CREATE_STREAM; 0: it is that
  };

  // An Entry message of less than 4 GiB.
  void add(ByteView entry, const Told& told);
  ByteView records() const { return m_records; }  // each behind its length, good until add() or clear()
  std::span<const Told> entries() const { return m_entries; }
  bool empty() const { return m_entries.empty(); }
  void clear() {
    m_records.clear();
    m_entries.clear();
  }

 private:
  std::string m_records;
  std::vector<Told> m_entries;
};

}  // namespace retake
