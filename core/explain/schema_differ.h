#pragma once

#include "explain/difference_sink.h"

namespace retake {

// Compares two messages of `type` field by field. False, with nothing in the sink, when one of them cannot be
// read as such.
bool diffWithSchema(const Schema& schema, const google::protobuf::Descriptor& type, ByteView recorded,
                    ByteView sent, const FieldPathSet::Walk& walk, DifferenceSink& sink);

}  // namespace retake
