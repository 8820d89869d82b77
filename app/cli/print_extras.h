#pragma once

#include <string>

#include "recording/entry_extras.h"
#include "schema/json_writer.h"

// What `print` shows of an entry's extras.
namespace retake::cli {

// A line each, indented by two, as in "  header x-request-id: \"7\"".
std::string extrasText(const EntryExtras& extras);

// Into the object that is open: time (RFC 3339), metadata, headers, trailers ([{key, value}], the value of a
// key that ends in "-bin" in base64), timeout ("1.5s"), half_closed_before (true), canceller ("client",
// "deadline", "server"); what is not recorded is absent.
void addExtras(JsonWriter& json, const EntryExtras& extras);

}  // namespace retake::cli
