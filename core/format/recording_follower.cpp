#include "format/recording_follower.h"

namespace retake {

Result<RecordingFollower> RecordingFollower::start(const std::string& path, const OpenedRecording& opened,
                                                   const OpenOptions& options) {
  auto source = GrowingSource::open(path, opened.recording->source(), opened.stamp, options);
  if (!source) return source.error();
  return RecordingFollower(*std::move(source), *opened.format);
}

Result<std::shared_ptr<const Recording>> RecordingFollower::poll(const Recording& before,
                                                                 std::uint32_t firstId, const Task& task) {
  const auto grown = m_source->grow(kMostAtOnce);
  if (!grown) return grown.error();
  m_behind = *grown == kMostAtOnce;
  // What was read for a poll whose answer nobody took is still to be read.
  if (m_source->size() == before.tailOffset() && before.tailSize() == 0)
    return std::shared_ptr<const Recording>();
  auto after = m_format->readFurther(before, m_source, firstId, Format::Tail::Expected, task);
  if (!after) return after.error();
  if (after->tailOffset() == before.tailOffset() && after->tailSize() == before.tailSize())
    return std::shared_ptr<const Recording>();
  return std::make_shared<const Recording>(*std::move(after));
}

Result<std::shared_ptr<const Recording>> RecordingFollower::end(const Recording& before) {
  if (m_source->size() == before.tailOffset() + before.tailSize()) return std::shared_ptr<const Recording>();
  auto after = m_format->readFurther(before, m_source, 0, Format::Tail::Shown, {});
  if (!after) return after.error();
  return std::make_shared<const Recording>(*std::move(after));
}

}  // namespace retake
