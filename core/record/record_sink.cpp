#include "record/record_target.h"

namespace retake {
namespace {

class RecordSink final : public RecordTarget {
 public:
  explicit RecordSink(std::unique_ptr<ByteSink> sink) : m_sink(std::move(sink)) {}

  Result<void> begin(std::string head) override {
    m_head = std::move(head);
    return {};
  }
  Result<void> append(ByteView records, ByteView rest) override {
    if (auto done = writeHead(); !done) return done;
    return rest.empty() ? m_sink->write(records) : m_sink->write(std::string(records).append(rest));
  }
  Result<void> sync() override { return {}; }
  Result<void> close() override { return writeHead(); }

 private:
  Result<void> writeHead() {
    if (m_head.empty()) return {};
    const std::string head = std::exchange(m_head, {});
    return m_sink->write(head);
  }

  const std::unique_ptr<ByteSink> m_sink;
  std::string m_head;
};

}  // namespace

std::unique_ptr<RecordTarget> recordInto(std::unique_ptr<ByteSink> sink) {
  return std::make_unique<RecordSink>(std::move(sink));
}

}  // namespace retake
