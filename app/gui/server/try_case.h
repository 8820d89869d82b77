#pragma once

#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "schema/json.h"
#include "server/request_editor.h"
#include "server/try_run.h"

// What the try panel shows, made off the GUI thread: no widgets here.
namespace retake::gui {

// A recorded call, ready to be tried.
struct TryCase {
  Snapshot snapshot;
  Call call;
  EntryId id;
  QString title;
  QString error;  // when its bytes cannot be read; then there is nothing more
  ClientScript script;
  std::vector<RequestEditor::Send> sends;  // the first kMaxSends of them
  std::size_t sendCount = 0;
  QStringList recorded;  // lines of the recorded answer
};

std::shared_ptr<const TryCase> prepareCase(const Snapshot& snapshot, std::uint32_t call);

// What came of it: a problem with a message, an error, or an outcome.
struct TryAnswer {
  std::optional<std::pair<std::size_t, JsonProblem>> problem;  // in the message of that number, from 0
  QString error;
  TryOutcome outcome;
  QStringList lines;
  bool edited = false;
};

// Plays it. `edits` are the messages changed by hand, as RequestEditor::edited() gives them; with
// none the call meets its own answer. Blocks.
TryAnswer askCase(const TryCase& tryCase, const std::vector<std::optional<QString>>& edits, const Task& task);

}  // namespace retake::gui
