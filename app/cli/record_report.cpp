#include "record_report.h"

#include <cstdio>

#include "stand_in.h"

namespace retake::cli {
namespace {

RecorderOptions told(RecorderOptions options) {
  options.onFailure = [](const Error& error) {
    std::fprintf(stderr, "retake-cli: %s; nothing is recorded from here on, calls go on\n",
                 printable(error.message).c_str());
  };
  options.onNote = [](const std::string& text) { warn(text); };
  return options;
}

Result<std::shared_ptr<Recorder>> shared(Result<std::unique_ptr<Recorder>> recorder) {
  if (!recorder) return recorder.error();
  return std::shared_ptr<Recorder>(*std::move(recorder));
}

}  // namespace

Result<std::shared_ptr<Recorder>> recordInto(const std::string& path, RecorderOptions options) {
  return shared(Recorder::create(path, told(std::move(options))));
}

Result<std::shared_ptr<Recorder>> recordBehind(const std::string& path, const OpenedFile& file,
                                               RecorderOptions options) {
  return shared(Recorder::goOn(path, file, told(std::move(options))));
}

std::string closeRecorder(Recorder& recorder, const std::string& path, std::optional<Error>& lost) {
  const auto closed = recorder.close();
  const RecorderCounts counts = recorder.counts();
  std::string text = "recorded " + std::to_string(counts.calls) +
                     (counts.calls == 1 ? " call, " : " calls, ") + std::to_string(counts.entries) +
                     " entries, " + std::to_string(counts.bytes) + " bytes, into " + printable(path) + "\n";
  if (!closed) {
    lost = closed.error();
    text += "not all of it was written: " + printable(lost->message) + "\n";
  }
  return text;
}

}  // namespace retake::cli
