#include "filter/filter_edit.h"

#include <algorithm>

#include "theme/theme.h"

namespace retake::gui {

FilterEdit::FilterEdit(QWidget* parent) : QLineEdit(parent) {
  setClearButtonEnabled(true);
  setFont(theme::dataFont());
}

int FilterEdit::xOfByte(std::uint64_t offset) const {
  const QString& all = text();
  const QByteArray bytes = all.trimmed().toUtf8();
  qsizetype spaces = 0;
  while (spaces < all.size() && all[spaces].isSpace()) ++spaces;
  const auto at = static_cast<qsizetype>(std::min(offset, static_cast<std::uint64_t>(bytes.size())));
  const qsizetype position = spaces + QString::fromUtf8(bytes.left(at)).size();
  // Only of its cursor does a line edit tell where it is; it may have scrolled.
  const QFontMetrics metrics = fontMetrics();
  const int x = cursorRect().center().x() + metrics.horizontalAdvance(all.left(position)) -
                metrics.horizontalAdvance(all.left(cursorPosition()));
  return std::clamp(x, 0, width());
}

}  // namespace retake::gui
