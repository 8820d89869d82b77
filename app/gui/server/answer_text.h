#pragma once

#include <QString>
#include <QStringList>

#include "replay/recorded_client.h"
#include "schema/schema.h"

// What a client got, as lines of text: each message as JSON, then the status with its code's name,
// message and details. The same for both sides, so that lines can be compared.
namespace retake::gui {

// Longer messages are cut, and say so: 256 kB is what a person can look at.
inline constexpr std::size_t kMaxMessageText = 256 * 1024;

// One message as JSON, or as the error that stops it from being shown.
QString messageText(const Schema& schema, const std::string& typeName, const std::string& message);

QStringList recordedLines(const Schema& schema, const ClientScript& script);
QStringList answeredLines(const Schema& schema, const ClientScript& script, const ClientOutcome& outcome);

}  // namespace retake::gui
