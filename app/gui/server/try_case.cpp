#include "server/try_case.h"

#include <QCoreApplication>
#include <algorithm>

#include "server/answer_text.h"
#include "server/words.h"

namespace retake::gui {

namespace {

using Edits = std::vector<std::optional<QString>>;

// `script` with the messages that were changed by hand, or what is wrong with one of them.
std::optional<std::pair<std::size_t, JsonProblem>> applyEdits(const Schema& schema, const Edits& edits,
                                                              ClientScript& script) {
  std::size_t message = 0;
  for (ClientScript::Step& step : script.steps) {
    if (!step.isSend) continue;
    if (message < edits.size() && edits[message]) {
      JsonParse parse = fromJson(schema, step.typeName, edits[message]->toStdString(), step.message);
      if (!parse.ok()) return std::pair(message, parse.problems.front());
      step.message = std::move(parse.message);
    }
    ++message;
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<const TryCase> prepareCase(const Snapshot& snapshot, std::uint32_t call) {
  auto made = std::make_shared<TryCase>();
  const Recording& recording = *snapshot.recording;
  const Schema& schema = *snapshot.schema;
  made->snapshot = snapshot;
  made->call = (*snapshot.calls)[call];
  const EntryInfo first = recording.info(made->call.first);
  made->id = first.id;
  made->title =
      callWords(made->call.number) + QStringLiteral("  ") + methodWords(recording.methodName(first.method));
  auto script = clientScript(recording, made->call);
  if (!script) {
    made->error = QString::fromStdString(script.error().message);
    return made;
  }
  made->script = std::move(*script);
  for (const ClientScript::Step& step : made->script.steps) {
    if (!step.isSend || ++made->sendCount > RequestEditor::kMaxSends) continue;
    QString text = messageText(schema, step.typeName, step.message);
    const bool whole = text.size() <= RequestEditor::kMaxText;
    if (!whole) text.truncate(RequestEditor::kMaxText);
    made->sends.push_back({step.entry, step.typeName, std::move(text), whole});
  }
  made->recorded = recordedLines(schema, made->script);
  return made;
}

TryAnswer askCase(const TryCase& tryCase, const Edits& edits, const Task& task) {
  const Schema& schema = *tryCase.snapshot.schema;
  ClientScript script = tryCase.script;
  TryAnswer answer;
  answer.edited = std::any_of(edits.begin(), edits.end(), [](const auto& edit) { return edit.has_value(); });
  answer.problem = applyEdits(schema, edits, script);
  if (answer.problem) return answer;
  TryOptions options = tryOptions(tryCase.snapshot.workspace->policy);
  options.playEqualCallsBefore = !answer.edited;
  auto outcome = tryCall(tryCase.snapshot, tryCase.call, script, options, task);
  if (!outcome) {
    answer.error = QString::fromStdString(outcome.error().message);
  } else if (task.stopped()) {
    answer.error = QCoreApplication::translate("TryPanel", "cancelled before the answer came");
  } else {
    answer.outcome = std::move(*outcome);
    answer.lines = answeredLines(schema, script, answer.outcome.outcome);
  }
  return answer;
}

}  // namespace retake::gui
