#pragma once

#include <string>

#include "schema/schema.h"
#include "scrub/rule.h"

namespace retake {

// Why the rule's field path or message type leads nowhere in the messages of the schema's methods (all
// messages, where it has no methods), and what is near; empty when it may lead somewhere. A path that begins
// with "**" may always, and so may anything where only the built-in types are known.
std::string whyLeadsNowhere(const ScrubRule& rule, const Schema& schema);

}  // namespace retake
