#include "schema/json_writer.h"

#include "schema/text.h"

namespace retake {

void JsonWriter::newLine() {
  if (m_style == Style::OneLine) return;
  m_out += '\n';
  m_out.append(static_cast<std::size_t>(m_depth) * 2, ' ');
}

// What stands in front of a key or a list's value.
void JsonWriter::separate() {
  if (m_afterKey) {
    m_afterKey = false;
    return;
  }
  if (m_depth == 0) return;
  if (!m_first) m_out += m_style == Style::OneLine ? ", " : ",";
  m_first = false;
  newLine();
}

void JsonWriter::begin(char bracket) {
  separate();
  m_out += bracket;
  ++m_depth;
  m_first = true;
}

void JsonWriter::end(char bracket) {
  --m_depth;
  if (!m_first) newLine();
  m_first = false;
  m_out += bracket;
}

void JsonWriter::key(std::string_view name) {
  separate();
  appendJsonString(m_out, name);
  m_out += ": ";
  m_afterKey = true;
}

void JsonWriter::string(std::string_view text) {
  separate();
  appendJsonString(m_out, text);
}

void JsonWriter::literal(std::string_view text) {
  separate();
  m_out += text;
}

}  // namespace retake
