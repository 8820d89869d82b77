#include "server/remedies.h"

#include <algorithm>

#include "detail/strings.h"
#include "explain/ignore_path.h"
#include "server/miss_story.h"
#include "server/policy_words.h"
#include "server/request_type.h"
#include "server/words.h"

namespace retake::gui {

namespace {

Remedy cannot(Remedy remedy, const QString& why) {
  remedy.toolTip = why;
  return remedy;
}

std::string withoutSlash(const std::string& method) {
  return method.starts_with('/') ? method.substr(1) : method;
}

bool isOnce(const Snapshot& snapshot) { return snapshot.workspace->policy.match.reuse == Reuse::Once; }

// The copy answers a stream that goes another way at its message `message`, from 1.
Result<InsertCall> copyOfStream(const Snapshot& snapshot, const Call& call, std::uint32_t message,
                                const std::string& sent) {
  auto copy = copyOfCall(*snapshot.recording, call);
  if (!copy) return copy;
  std::uint32_t at = 0;
  for (InsertCall::NewEntry& entry : copy->entries) {
    if (entry.kind != EntryKind::Send) continue;
    const auto fields = parseEntry(entry.bytes);
    if (!fields || fields->isError || ++at != message) continue;
    entry.bytes = withMessage(entry.bytes, EntryMessage{std::string(fields->typeUrl), sent}, false);
    return copy;
  }
  return Error{"call " + std::to_string(call.number) + ": it has no message " + std::to_string(message)};
}

// A call of which nothing but the request is known; its answer is empty.
Result<InsertCall> emptyCall(const Snapshot& snapshot, const std::string& method, const std::string& sent) {
  const std::string request = requestTypeOf(snapshot, method);
  const std::string response = responseTypeOf(snapshot, method);
  const auto kind = kindOf(snapshot, method);
  if (request.empty() || response.empty() || !kind) {
    return Error{"Neither a schema nor a recorded call tells what " + method.substr(1) +
                 " answers: load its schema (File > Schema) first"};
  }
  const EntryMessage question{std::string(kTypeUrlPrefix) + request, sent};
  const EntryMessage answer{std::string(kTypeUrlPrefix) + response, {}};
  InsertCall insert;
  insert.method = method;
  if (*kind == CallKind::Unary) {
    insert.entries = {{.kind = EntryKind::Request, .message = question},
                      {.kind = EntryKind::Response, .message = answer}};
    return insert;
  }
  insert.entries = {{.kind = EntryKind::CreateStream},
                    {.kind = EntryKind::Send, .message = question},
                    {.kind = EntryKind::Recv, .message = answer}};
  // A client stream is answered by one message alone; the others say that they are over.
  if (*kind != CallKind::ClientStream) insert.entries.push_back({.kind = EntryKind::Recv, .isError = true});
  return insert;
}

}  // namespace

IgnoreRule ruleOf(const Explanation& explanation, const Difference& difference) {
  return {withoutSlash(explanation.method), ignorePath(nullptr, difference)};
}

bool isIgnored(const Workspace& workspace, const IgnoreRule& rule) {
  const auto& rules = workspace.policy.match.ignore;
  return std::any_of(rules.begin(), rules.end(), [&rule](const IgnoreRule& one) {
    return one.path == rule.path && methodMatches(one.method, rule.method);
  });
}

Remedy ignoreFields(const Snapshot& snapshot, const Explanation& explanation,
                    const std::vector<std::size_t>& differences) {
  Remedy remedy;
  remedy.label = differences.size() <= 1 ? trMiss("Ignore this field")
                                         : trMiss("Ignore all %1 fields").arg(countText(differences.size()));
  if (!explanation.nearest || explanation.nearest->differences.empty()) {
    // Where fields are not what it is about, there is no button for them.
    if (explanation.miss.why != Miss::Why::NothingEqual) return {};
    return cannot(remedy, trMiss("No recorded call is near, so there is no field to ignore"));
  }
  Workspace workspace = *snapshot.workspace;
  QStringList rules;
  for (const std::size_t index : differences) {
    if (index >= explanation.nearest->differences.size()) continue;
    const IgnoreRule rule = ruleOf(explanation, explanation.nearest->differences[index]);
    if (isIgnored(workspace, rule)) continue;
    workspace.policy.match.ignore.push_back(rule);
    rules += toQString(toString(rule));
  }
  if (rules.isEmpty()) return cannot(remedy, trMiss("These fields are ignored already"));
  const QString shown = rules.size() > 4
                            ? rules.mid(0, 4).join(u'\n') + trMiss("\n… and %1 more").arg(rules.size() - 4)
                            : rules.join(u'\n');
  remedy.toolTip =
      rules.size() == 1
          ? trMiss("Adds the ignore rule\n%1\nIn no call of this method is the field compared.").arg(shown)
          : trMiss("Adds the ignore rules\n%1\nIn no call of this method are these compared.").arg(shown);
  remedy.name = rules.size() == 1
                    ? trMiss("ignore %1").arg(rules.front())
                    : trMiss("ignore %1 fields").arg(countText(static_cast<std::uint64_t>(rules.size())));
  remedy.said =
      rules.size() == 1
          ? trMiss("%1 is ignored").arg(rules.front())
          : trMiss("%1 fields are ignored").arg(countText(static_cast<std::uint64_t>(rules.size())));
  remedy.answersOnce = isOnce(snapshot);
  remedy.workspace = std::move(workspace);
  return remedy;
}

Remedy answerWithThis(const Snapshot& snapshot, const Explanation& explanation) {
  Remedy remedy;
  remedy.label = trMiss("Answer with this call");
  const Miss::Why why = explanation.miss.why;
  if (why != Miss::Why::NothingEqual && why != Miss::Why::Diverged) return {};
  if (!explanation.nearest) return cannot(remedy, trMiss("No recorded call is near to what was sent"));
  if (!explanation.sent) return cannot(remedy, trMiss("The client sent no message that could be taken over"));
  const auto call = callToLookAt(snapshot, explanation);
  const auto position = snapshot.recording->position(explanation.nearest->message);
  if (!call || !position) return cannot(remedy, trMiss("The nearest call is not in the recording any more"));
  remedy.label = trMiss("Answer with %1").arg(callWords(call->number));
  const auto entry = snapshot.recording->entry(*position);
  if (entry && std::string_view(*explanation.sent) == entry->fields.message)
    return cannot(remedy, trMiss("%1 answers what was sent already").arg(callWords(call->number)));
  const QString what =
      why == Miss::Why::Diverged
          ? trMiss("Message %1 of %2").arg(explanation.miss.message).arg(callWords(call->number))
          : trMiss("The request of %1").arg(callWords(call->number));
  remedy.toolTip =
      trMiss(
          "%1 (entry %2) becomes what the client sent.\nIt answers that from then on, and no more what was "
          "recorded.")
          .arg(what, countText(*position + 1));
  remedy.name = trMiss("answer with %1").arg(callWords(call->number));
  remedy.said = trMiss("%1 is now what the client sent").arg(what);
  remedy.answersOnce = isOnce(snapshot);
  remedy.edits = {ReplaceMessage{explanation.nearest->message, *explanation.sent, {}}};
  return remedy;
}

Remedy addAsCall(const Snapshot& snapshot, const Explanation& explanation) {
  Remedy remedy;
  remedy.label = trMiss("Add as a call");
  remedy.addsCall = true;
  if (!explanation.sent) return cannot(remedy, trMiss("The client sent no message that a call could answer"));
  if (explanation.miss.why == Miss::Why::TooManyMessages)
    return cannot(remedy,
                  trMiss("Its messages are all recorded but the last; add that to the stream by hand"));
  const auto call = callToLookAt(snapshot, explanation);
  const auto insert = [&]() -> Result<InsertCall> {
    if (!call) return emptyCall(snapshot, explanation.method, *explanation.sent);
    if (explanation.miss.why == Miss::Why::Diverged)
      return copyOfStream(snapshot, *call, explanation.miss.message, *explanation.sent);
    return copyOfCall(*snapshot.recording, *call, *explanation.sent);
  }();
  if (!insert) return cannot(remedy, toQString(insert.error().message));
  remedy.toolTip =
      call ? trMiss(
                 "Inserts a copy of %1 behind it that answers what the client sent.\nIts response is opened, "
                 "to be changed.")
                 .arg(callWords(call->number))
           : trMiss(
                 "Adds a call at the end that answers what the client sent, with an empty %1.\nIts response "
                 "is "
                 "opened, to be filled in.")
                 .arg(toQString(responseTypeOf(snapshot, explanation.method)));
  remedy.name = trMiss("add a call of %1").arg(methodWords(explanation.method));
  remedy.said = call ? trMiss("A copy of %1 answers this request").arg(callWords(call->number))
                     : trMiss("A new call answers this request");
  remedy.edits = {*insert};
  return remedy;
}

Remedy repeatTheLast(const Snapshot& snapshot, const Explanation& explanation) {
  Remedy remedy;
  remedy.label = trMiss("Repeat the last");
  if (explanation.miss.why != Miss::Why::UsedUp) return remedy;
  if (!isOnce(snapshot)) return cannot(remedy, trMiss("Used-up calls answer again already"));
  Workspace workspace = *snapshot.workspace;
  workspace.policy.match.reuse = Reuse::Last;
  remedy.toolTip =
      trMiss("Sets When used up to: %1.\nOf equal recorded calls the last answers again, of every method.")
          .arg(reuseWords(Reuse::Last));
  remedy.name = trMiss("repeat the last when used up");
  remedy.said = trMiss("Calls that are used up repeat their last answer");
  remedy.workspace = std::move(workspace);
  return remedy;
}

}  // namespace retake::gui
