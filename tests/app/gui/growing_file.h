#pragma once

#include <QFile>
#include <QString>

#include "support/replay_file.h"

namespace retake::test {

// A file that a recorder writes, record by record.
class GrowingFile {
 public:
  explicit GrowingFile(const QString& path) : m_file(path) {
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
      qFatal("cannot write %s", qPrintable(path));
    write();
  }

  QString path() const { return m_file.fileName(); }
  const std::string& bytes() const { return m_recording.bytes(); }
  ReplayFile& recording() { return m_recording; }  // what is added is there with the next write()
  void write() {
    const std::string& all = m_recording.bytes();
    const auto more = static_cast<qint64>(all.size() - m_written);
    if (m_file.write(all.data() + m_written, more) != more) qFatal("cannot write");
    m_written = all.size();
  }

  void call(const char* method = "/s/A") { response(request(method)); }
  std::uint32_t request(const char* method = "/s/A") {
    const std::uint32_t ref = m_recording.request(method, {"s.Request", field(1, "asked")});
    write();
    return ref;
  }
  void response(std::uint32_t ref) {
    m_recording.response(ref, Message{"s.Response", field(1, "answer")});
    write();
  }
  // Some bytes of a record, and no more.
  void writeHalf() {
    if (m_file.write("\x20\0\0\0half", 8) != 8) qFatal("cannot write");
  }
  void truncate() {
    if (!m_file.resize(20)) qFatal("cannot truncate");
  }

 private:
  QFile m_file;
  ReplayFile m_recording{"seed"};
  std::size_t m_written = 0;
};

}  // namespace retake::test
