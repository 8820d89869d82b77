#pragma once

#include <QString>
#include <cstdint>

// How numbers are written, everywhere in the window.
namespace retake::gui {

// "0 B", "118 B", "1.2 kB", "48 MB": at most three digits, thousands as disks and networks count, a thin
// space before the unit.
QString sizeText(std::uint64_t bytes);
// "1,204": groups of three, as the user's language has them.
QString countText(std::uint64_t count);

}  // namespace retake::gui
