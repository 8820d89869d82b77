#pragma once

#include <google/protobuf/message.h>

#include "base/result.h"
#include "schema/json_writer.h"
#include "schema/schema.h"

namespace retake {

// Writes a parsed message in protobuf's JSON mapping. Fields in the order of their numbers, maps in
// the order of their keys, enums by name, 64-bit integers as strings.
//
// Two things differ, so that more messages can be read and edited: an Any of a type that the schema
// does not know holds wire JSON beside its "@type"; and an Any, Timestamp, Duration or FieldMask that
// its own form cannot say is an object of its fields. The reader takes both.
//
// An Error when something in it cannot be said in JSON: a string that is no UTF-8, a Value of no kind.
Result<void> writeMessageJson(const Schema& schema, const google::protobuf::Message& message,
                              JsonWriter& writer);

}  // namespace retake
