#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "document/snapshot.h"
#include "explain/explanation.h"
#include "recording/calls.h"

// What the panel tells of a miss, without widgets.
namespace retake::gui {

// Why, in one or two sentences.
QString missSentence(const Explanation& explanation);

// The recorded call that a person will want to look at: the nearest, the one that was used up, the stream
// that went another way. None where there is none, or where it has been removed meanwhile.
std::optional<Call> callToLookAt(const Snapshot& snapshot, const Explanation& explanation);

// What it answers, on one line: "✓ OK  {\"name\": \"apple\"}", "✗ NOT_FOUND  no such sku".
QString answerPreview(const Snapshot& snapshot, const Call& call);

// Where a value differs from another, shown so that the difference is seen: long common parts in front are
// left out ("…"), of both alike, so that what differs stands below each other.
struct ValuePart {
  QString text;
  qsizetype markBegin = 0;  // what differs: characters of `text`
  qsizetype markLength = 0;
  bool operator==(const ValuePart&) const = default;
};
// `room` characters of it are wanted in view, the difference among them.
ValuePart differingPart(const QString& value, const QString& other, qsizetype room);

}  // namespace retake::gui
