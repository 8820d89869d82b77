#pragma once

#include <QString>
#include <QStringList>

#include "client/recorded_client.h"
#include "schema/schema.h"

// What a client sends and gets, as text. Answers are lines: each message as JSON, then the status with
// its code's name, message and details; the same for both sides, so that lines can be compared.
namespace retake::gui {

// 128 kB of JSON fill, lay out and colour in about 30 ms; an answer that is longer is cut, and says so.
inline constexpr std::size_t kMaxAnswerText = 128 * 1024;

// One message as JSON, or as the error that stops it from being shown.
QString messageText(const Schema& schema, const std::string& typeName, const std::string& message);

QStringList recordedLines(const Schema& schema, const ClientScript& script);
QStringList answeredLines(const Schema& schema, const ClientScript& script, const ClientOutcome& outcome);

}  // namespace retake::gui
