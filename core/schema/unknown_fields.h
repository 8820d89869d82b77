#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "schema/schema.h"

namespace retake {

// Gives `message` the unknown fields of `original`, at the top and in every submessage that stands at
// the same place in both: a field, an element of a list of the same length, a map's key, the content
// of an Any of the same type. An Any whose content is then equal keeps the bytes it had.
void keepUnknownFields(const Schema& schema, google::protobuf::Message& message,
                       const google::protobuf::Message& original);

// Sorts the maps of `message` by key and gives its bytes: equal for equal messages, but for the content
// of an Any and the order of unknown fields.
std::string canonicalBytes(google::protobuf::Message& message);

}  // namespace retake
