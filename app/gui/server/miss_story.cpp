#include "server/miss_story.h"

#include <QStringList>
#include <algorithm>

#include "detail/strings.h"
#include "recording/status.h"
#include "schema/json.h"
#include "server/call_index.h"
#include "server/words.h"

namespace retake::gui {

namespace {

QString fieldsDiffer(std::size_t count) {
  if (count == 1) return trMiss("one field differs");
  return trMiss("%1 fields differ").arg(countText(count));
}

QString usedUp(const Miss& miss) {
  const QString by =
      miss.usedBy == 0 ? QString() : trMiss(" by call %1 of this run").arg(countText(miss.usedBy));
  if (miss.recorded <= 1)
    return trMiss("The one recorded call that equals it, %1, has been used%2.")
        .arg(callWords(miss.callNumber), by);
  return trMiss("All %1 recorded calls that equal it have been used; the last of them, %2,%3.")
      .arg(countText(miss.recorded), callWords(miss.callNumber), by.isEmpty() ? trMiss(" too") : by);
}

// What a client with real values cannot match; else empty.
QString scrubWords(const Explanation& explanation) {
  if (explanation.scrubFit == ScrubFit::Fits) return {};
  const bool isNear = explanation.nearest && explanation.nearest->scrubbed;
  const QString which =
      isNear ? trMiss(" %1 is scrubbed").arg(callWords(explanation.nearest->number))
             : trMiss(" %1 scrubbed")
                   .arg(explanation.scrubbedCalls == 1
                            ? trMiss("One of these is")
                            : trMiss("%1 of these are").arg(countText(explanation.scrubbedCalls)));
  if (explanation.scrubFit == ScrubFit::RulesOff)
    return which + trMiss(", and scrub rules are off: real values match only with them on.");
  return which + trMiss(", but not by the rules that are on: by others, or with another key.");
}

// What a client sent that is no message of its type; else empty.
QString damageWords(const Explanation& explanation) {
  if (explanation.sentDamage.empty()) return {};
  return trMiss(" What was sent is %1.").arg(toQString(explanation.sentDamage));
}

QString nothingEqual(const Explanation& explanation) {
  const Miss& miss = explanation.miss;
  const QString none =
      miss.recorded == 1
          ? trMiss("The one recorded call of %1 is not equal to it").arg(methodWords(explanation.method))
          : trMiss("None of the %1 recorded calls of %2 equals it")
                .arg(countText(miss.recorded), methodWords(explanation.method));
  if (!explanation.nearest)
    return none + trMiss(", and none is near.") + damageWords(explanation) + scrubWords(explanation);
  const NearCall& near = *explanation.nearest;
  if (near.equal && near.cutOff)
    return none + trMiss(", but %1, which was cut off before its end.").arg(callWords(near.number)) +
           scrubWords(explanation);
  QString sentence = none + QStringLiteral(". ") +
                     trMiss("Nearest is %1: %2.")
                         .arg(callWords(near.number), fieldsDiffer(near.differences.size() + near.more));
  if (near.used) sentence += trMiss(" It has been used already.");
  return sentence + scrubWords(explanation);
}

}  // namespace

QString missSentence(const Explanation& explanation) {
  const Miss& miss = explanation.miss;
  switch (miss.why) {
    case Miss::Why::NotRecorded: {
      QString sentence = trMiss("No call of %1 is recorded.").arg(methodWords(explanation.method));
      if (miss.leftOut > 0)
        sentence = trMiss("No call of %1 is recorded to its end: %2 cut off.")
                       .arg(methodWords(explanation.method),
                            countWords(miss.leftOut, trMiss("call was"), trMiss("calls were")));
      QStringList nearby;
      for (const std::string& method : explanation.methodsNearby) nearby += methodWords(method);
      if (!nearby.isEmpty())
        sentence += trMiss(" Recorded with a similar name: %1.").arg(nearby.join(QStringLiteral(", ")));
      return sentence;
    }
    case Miss::Why::UsedUp:
      return usedUp(miss);
    case Miss::Why::NothingEqual:
      return nothingEqual(explanation);
    case Miss::Why::NoMessage:
      return trMiss("The client ended its side without a message; recorded calls of %1 are told apart by it.")
          .arg(methodWords(explanation.method));
    case Miss::Why::Diverged: {
      const std::size_t fields =
          explanation.nearest ? explanation.nearest->differences.size() + explanation.nearest->more : 0;
      return trMiss("The stream plays %1. Its message %2 is another one than was recorded%3.")
                 .arg(callWords(miss.callNumber), countText(miss.message),
                      fields == 0 ? QString() : QStringLiteral(": ") + fieldsDiffer(fields)) +
             scrubWords(explanation);
    }
    case Miss::Why::TooManyMessages:
      return trMiss("The stream plays %1, in which the client sent %2; this one sent more.")
          .arg(callWords(miss.callNumber), countWords(miss.recorded, trMiss("message"), trMiss("messages")));
    case Miss::Why::TooFewMessages:
      return trMiss(
                 "The stream plays %1, in which the client sent %2; this one half-closed before message %3.")
          .arg(callWords(miss.callNumber), countWords(miss.recorded, trMiss("message"), trMiss("messages")),
               countText(miss.message));
  }
  return {};
}

std::optional<Call> callToLookAt(const Snapshot& snapshot, const Explanation& explanation) {
  if (explanation.nearest) {
    const auto index = callIndex(snapshot, explanation.nearest->id);
    return index ? std::optional((*snapshot.calls)[*index]) : std::nullopt;
  }
  // By its number alone, which an edit may have moved to another call.
  const std::uint32_t number = explanation.miss.callNumber;
  if (number == 0 || number > snapshot.calls->size()) return std::nullopt;
  const Call call = (*snapshot.calls)[number - 1];
  const Recording& recording = *snapshot.recording;
  if (recording.methodName(recording.info(call.first).method) != explanation.method) return std::nullopt;
  return call;
}

QString answerPreview(const Snapshot& snapshot, const Call& call) {
  const Recording& recording = *snapshot.recording;
  std::uint64_t messages = 0;
  QString first;
  for (const std::uint32_t position : call.rest) {
    const EntryInfo info = recording.info(position);
    if ((info.kind != EntryKind::Response && info.kind != EntryKind::Recv) || info.isError ||
        !info.hasMessage || ++messages > 1)
      continue;
    if (const auto entry = recording.entry(position))
      first = toQString(
          toJsonPreview(*snapshot.schema, typeNameOf(entry->fields.typeUrl), entry->fields.message));
  }
  const CallEnd end = callEnd(recording, call);
  QStringList parts;
  if (end.kind == CallEnd::Kind::Open)
    parts += trMiss("no end is recorded");
  else
    parts += end.code == 0 ? QStringLiteral("✓ OK") : statusWords(end.code);
  if (end.kind == CallEnd::Kind::Error && end.entry) {
    if (const auto entry = recording.entry(*end.entry)) {
      const auto status = parseStatus(entry->fields.message);
      if (status) parts += toQString(status->message);
    }
  }
  if (call.isStream()) parts += countWords(messages, trMiss("message"), trMiss("messages"));
  if (!first.isEmpty()) parts += first;
  return parts.join(QStringLiteral("  "));
}

ValuePart differingPart(const QString& value, const QString& other, qsizetype room) {
  const qsizetype least = std::min(value.size(), other.size());
  qsizetype front = 0;
  while (front < least && value[front] == other[front]) ++front;
  // Not between the halves of a character.
  if (front > 0 && value[front - 1].isHighSurrogate()) --front;
  qsizetype back = 0;
  while (back < least - front && value[value.size() - 1 - back] == other[other.size() - 1 - back]) ++back;
  if (back > 0 && value[value.size() - back].isLowSurrogate()) --back;

  ValuePart part{value, front, value.size() - front - back};
  // What both begin with is cut of both alike, so that the difference is in view.
  const qsizetype context = std::max<qsizetype>(room / 4, 4);
  if (std::max(value.size(), other.size()) <= room || front <= context) return part;
  qsizetype cut = front - context;
  if (value[cut].isLowSurrogate()) ++cut;
  part.text = QStringLiteral("…") + value.mid(cut);
  part.markBegin = front - cut + 1;
  return part;
}

}  // namespace retake::gui
