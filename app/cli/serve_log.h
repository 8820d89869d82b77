#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "line_writer.h"
#include "replay/event.h"

namespace retake::cli {

// What `serve` says of calls while it runs: misses and notes on standard error, and with --log json one
// object a call on standard output (serve_command.h has its keys). Takes one event at a time.
class ServeLog {
 public:
  explicit ServeLog(bool json) : m_json(json) {}

  // Nothing is written before; so endpoints can say first that they are ready.
  void begin();
  void take(const ReplayEvent& event);
  // The report is the last thing on standard error. Everything that somebody reads is written when this
  // returns.
  void finish(const std::string& report);

 private:
  void writeObject(const ReplayEvent& event);

  const bool m_json;
  std::map<std::uint64_t, std::vector<std::string>> m_notes;  // of calls under way
  LineWriter m_out{1, LineWriter::Full::Wait};
  LineWriter m_error{2, LineWriter::Full::Drop};
};

}  // namespace retake::cli
