#pragma once

#include <QString>

namespace retake::gui {

// The title of a menu or a command as it is read: "Find & replace" of "&Find && replace".
QString plainTitle(QString title);

}  // namespace retake::gui
