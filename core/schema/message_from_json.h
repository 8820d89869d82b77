#pragma once

#include <google/protobuf/message.h>

#include <vector>

#include "schema/json_reader.h"
#include "schema/schema.h"

namespace retake {

// Sets the fields of `message`, which is empty, to what `json` says in protobuf's JSON mapping; takes
// everything that message_to_json.h writes. Adds to `problems` (without line and column) what does
// not fit: of several wrong fields each, twenty at most.
void readMessageJson(const Schema& schema, const JsonValue& json, google::protobuf::Message& message,
                     std::vector<JsonProblem>& problems);

}  // namespace retake
