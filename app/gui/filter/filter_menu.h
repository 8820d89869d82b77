#pragma once

#include <QString>
#include <functional>
#include <optional>
#include <string>

class QMenu;

namespace retake {
struct MessageNode;
}

namespace retake::gui {

// "Filter by TERM": only, and, or, not. `current` is the filter that is there; `set` gets the new one.
void addFilterMenu(QMenu& menu, const std::string& term, const QString& current,
                   const std::function<void(const QString&)>& set);

// The term for a field of a message tree; `side` is "req" or "resp", `path` as schema/field_path.h writes it.
// Any element of a list will do. Empty where the field holds no value of its own.
std::optional<std::string> termOfField(const std::string& side, std::string path, const MessageNode& node);

}  // namespace retake::gui
