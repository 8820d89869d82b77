#include "record/recorder.h"

#include "format/replay_binary.h"
#include "record/record_target.h"
#include "record/recorder_state.h"

namespace retake {

Result<std::unique_ptr<Recorder>> Recorder::start(std::shared_ptr<RecorderState> state) {
  if (auto done = state->start(); !done) return done.error();
  return std::unique_ptr<Recorder>(new Recorder(std::move(state)));
}

Result<std::unique_ptr<Recorder>> Recorder::create(const std::string& path, RecorderOptions options) {
  auto target = createRecordFile(path);
  if (!target) return target.error();
  return start(std::make_shared<RecorderState>(*std::move(target), std::move(options), 0));
}

Result<std::unique_ptr<Recorder>> Recorder::goOn(const std::string& path, const OpenedRecording& opened,
                                                 RecorderOptions options) {
  const Recording& recording = *opened.recording;
  if (opened.format != &replayBinaryFormat())
    return Error{path + ": cannot record more into it: expected a binary replay file, found a " +
                 std::string(opened.format->title())};
  if (recording.tailSize() != 0)
    return Error{path + ": cannot record more into it: it ends in half a record, " +
                     std::to_string(recording.tailSize()) + " bytes from byte " +
                     std::to_string(recording.tailOffset()) + "; repair it first (retake-cli edit --repair)",
                 recording.tailOffset()};
  // Nothing to go on behind, and perhaps magic alone: a recorder that saw no call leaves such a file.
  if (recording.size() == 0) {
    const auto state = recording.initialState();
    if (!state) return state.error();
    if (!state->view.empty()) options.initialState = std::string(state->view);
    return create(path, std::move(options));
  }
  auto target = continueRecordFile(path, opened.stamp.size);
  if (!target) return target.error();
  return start(std::make_shared<RecorderState>(*std::move(target), std::move(options), recording.size()));
}

std::unique_ptr<Recorder> Recorder::create(std::unique_ptr<ByteSink> sink, RecorderOptions options) {
  // A sink gets its first bytes with the first entry: that cannot fail here.
  return *start(std::make_shared<RecorderState>(recordInto(std::move(sink)), std::move(options), 0));
}

Recorder::~Recorder() { (void)m_state->close(); }

Result<void> Recorder::setInitialState(std::string bytes) {
  return m_state->setInitialState(std::move(bytes));
}

void Recorder::setRules(std::shared_ptr<const Scrubber> rules) { m_state->setRules(std::move(rules)); }

std::shared_ptr<CallRecorder> Recorder::begin(CallBegin begin) {
  return CallRecorder::begin(m_state, std::move(begin));
}

RecorderCounts Recorder::counts() const { return m_state->counts(); }

Result<void> Recorder::close() { return m_state->close(); }

}  // namespace retake
