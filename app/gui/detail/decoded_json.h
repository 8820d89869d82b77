#pragma once

#include <QString>
#include <string_view>

#include "schema/json.h"

namespace retake::gui {

// A message as JSON, ready to be shown. Texts that an editor would choke on (over 1 MB, or with a
// line of over 20,000 characters) come with a beginning to read instead.
struct DecodedJson {
  QString text;
  QString beginning;  // empty: `text` can be shown as it is
  bool isWire = false;
  QString error;  // why there is no JSON
};

DecodedJson decodeJson(const Schema& schema, std::string_view typeName, ByteView message);

}  // namespace retake::gui
