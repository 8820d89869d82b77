#pragma once

#include <QString>
#include <optional>
#include <string>
#include <string_view>

#include "document/snapshot.h"

// What is known of a method: by the schema, else by the recorded calls that it has. Methods are paths,
// "/pkg.Service/Method"; types "pkg.Message", empty where nothing tells.
namespace retake::gui {

std::string requestTypeOf(const Snapshot& snapshot, std::string_view method);
std::string responseTypeOf(const Snapshot& snapshot, std::string_view method);
// Of what kind its calls are.
std::optional<CallKind> kindOf(const Snapshot& snapshot, std::string_view method);

// Of the first recorded call: "pkg.Service"; empty when there is none.
QString firstService(const Snapshot& snapshot);

}  // namespace retake::gui
