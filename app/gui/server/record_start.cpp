#include "server/record_start.h"

#include <QCoreApplication>
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/atomic_file.h"
#include "client/reflection_client.h"
#include "client/schema_places.h"
#include "detail/strings.h"
#include "format/format.h"
#include "format/replay_binary.h"
#include "scrub/open_scrubber.h"
#include "server/listening.h"
#include "server/policy_words.h"

namespace retake::gui {
namespace {

// A service that does not answer keeps nobody waiting for longer.
constexpr std::chrono::milliseconds kAskBound = std::chrono::seconds(3);

constexpr auto kAskedSchema = ".reflection.protoset";

QString trRecord(const char* text) { return QCoreApplication::translate("RecordDialog", text); }

Error errorOf(const QString& sentence) { return Error{toUtf8(sentence)}; }

std::shared_ptr<const Recording> noRecording() {
  const std::string head = replayFileHead({});
  return std::make_shared<const Recording>(
      *replayBinaryFormat().read(sourceFromBytes(head, "a new recording"), {}));
}

Result<void> writeFile(const std::string& path, const std::string& bytes) {
  AtomicFile file(path);
  if (auto done = file.open(); !done) return done.error();
  if (auto done = file.write(bytes); !done) return done.error();
  return file.commit();
}

struct Types {
  std::shared_ptr<const Schema> schema = Schema::builtin();
  std::string descriptorSet = {};  // what the service said of them; empty: it was not asked
  QString note = {};
};

Result<Types> typesOf(const RecordSettings& settings, RecordMode mode) {
  Types types;
  const std::vector<std::string>& places = settings.workspace.schema;
  const bool asks = settings.asksService && isRecording(mode);
  if (!places.empty()) {
    auto schema = loadSchemaPlaces(places);
    if (!schema) return schema.error();
    types.schema = *std::move(schema);
  }
  if (!asks || !isToBeAsked(settings.workspace)) return types;
  auto files = readReflection(settings.workspace.upstream, kAskBound);
  if (files) types.descriptorSet = descriptorSetOf(*files);
  auto schema =
      files ? Schema::fromFiles(*std::move(files)) : Result<std::shared_ptr<const Schema>>(files.error());
  if (schema) {
    types.schema = *std::move(schema);
  } else {
    types.descriptorSet.clear();
    if (!places.empty()) return types;  // as it was told the last time
    types.note =
        trRecord(
            "The service does not tell its types, so fields have numbers and no names until a schema "
            "is loaded (%1)")
            .arg(toQString(schema.error().message));
  }
  return types;
}

// Settings are kept where they differ from what stands there.
Result<void> keep(const RecordSettings& settings, const Workspace& workspace) {
  const std::string beside = workspacePathOf(settings.path);
  const auto there = readWorkspace(beside, false);
  if (!there) return there.error();
  if (*there == workspace) return {};
  return writeWorkspace(beside, workspace);
}

}  // namespace

RecordMode recordModeOf(const Workspace& workspace, bool hasFile) {
  return resolved(workspace.record.mode.value_or(hasFile ? RecordMode::NewEpisodes : RecordMode::All),
                  hasFile);
}

bool isToBeAsked(const Workspace& workspace) {
  const auto isTold = [](const std::string& place) { return place.ends_with(kAskedSchema); };
  return std::all_of(workspace.schema.begin(), workspace.schema.end(), isTold);
}

std::string askedSchemaPathOf(const std::string& recordingPath) {
  return std::filesystem::path(recordingPath).replace_extension(kAskedSchema).string();
}

Result<StartedRecording> startRecording(const RecordSettings& settings, ReplayLog log, RecorderOptions told) {
  std::error_code none;
  const std::string& path = settings.path;
  StartedRecording started;
  started.workspace = settings.workspace;
  started.hadFile = std::filesystem::exists(path, none);
  Workspace& workspace = started.workspace;
  const RecordMode mode = recordModeOf(workspace, started.hadFile);
  if (!isRecording(mode) && !started.hadFile)
    return errorOf(trRecord("There is no %1 to be replayed: choose a file that is there, or another mode")
                       .arg(toQString(path)));
  if (isRecording(mode) && workspace.upstream.address.empty())
    return errorOf(trRecord("Give the address of the service that is to be recorded"));

  auto types = typesOf(settings, mode);
  if (!types) return types.error();
  started.schema = types->schema;
  if (!types->note.isEmpty()) started.notes += types->note;
  auto rules = openScrubber(workspace.scrub, started.schema);
  if (!rules) return rules.error();
  started.rules = *rules;

  std::optional<OpenedRecording> file;
  if (started.hadFile && mode != RecordMode::All) {
    auto opened = openRecording(path);
    if (!opened) return opened.error();
    file = *std::move(opened);
  }
  auto server = ReplayServer::start(file ? file->recording : noRecording(), started.schema,
                                    {.policy = inMode(workspace.policy, mode),
                                     .rules = started.rules,
                                     .upstream = workspace.upstream,
                                     .log = std::move(log)});
  if (!server) return server.error();
  auto listening = listenOn(**server, endpointsOf(workspace));
  if (!listening) return listening.error();

  if (!types->descriptorSet.empty()) {
    const std::string kept = askedSchemaPathOf(path);
    if (auto done = writeFile(kept, types->descriptorSet); !done) return done.error();
    workspace.schema = {kept};
  }
  if (auto done = keep(settings, workspace); !done) return done.error();
  told.extras = !workspace.record.plain;
  told.schema = started.schema;
  told.rules = started.rules;
  auto recorder =
      file ? Recorder::goOn(path, *file, std::move(told)) : Recorder::create(path, std::move(told));
  if (!recorder) return recorder.error();
  started.recorder = *std::move(recorder);
  (*server)->setRecorder(started.recorder);
  started.server = *std::move(server);
  started.addresses = *listening;
  started.warnings = warningsOf(*started.server);
  return started;
}

}  // namespace retake::gui
