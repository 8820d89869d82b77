#pragma once

#include <google/protobuf/repeated_field.h>

#include "retake/scrub.pb.h"
#include "schema/text_format.h"
#include "scrub/rule.h"

// Rules as the messages of proto/retake/scrub.proto: in files of rules, and in a workspace.
namespace retake {

using RuleMessages = google::protobuf::RepeatedPtrField<v1::ScrubRule>;

// Those in field "rule" of `at`. What is wrong with them goes to `errors`.
ScrubRules readRules(const TextPlace& at, const RuleMessages& messages, TextErrors& errors);
void writeRules(const ScrubRules& rules, RuleMessages& into);

}  // namespace retake
