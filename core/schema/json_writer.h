#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retake {

// Writes JSON: indented, one value a line, or all on one line. Once `full()`, what is written further
// may be left out.
class JsonWriter {
 public:
  enum class Style : std::uint8_t { Lines, OneLine };
  explicit JsonWriter(Style style, std::size_t limit = static_cast<std::size_t>(-1))
      : m_style(style), m_limit(limit) {}

  void beginObject() { begin('{'); }
  void endObject() { end('}'); }
  void beginArray() { begin('['); }
  void endArray() { end(']'); }
  void key(std::string_view name);  // valid UTF-8
  void string(std::string_view text);
  // A number, true, false or null as it is.
  void literal(std::string_view text);

  bool full() const { return m_out.size() > m_limit; }
  std::string take() { return std::move(m_out); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void separate();
  void newLine();

  Style m_style;
  std::size_t m_limit;
  std::string m_out;
  int m_depth = 0;
  bool m_first = true;
  bool m_afterKey = false;
};

}  // namespace retake
