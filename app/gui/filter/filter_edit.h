#pragma once

#include <QLineEdit>

namespace retake::gui {

// A line for a query, which can say where in it a character stands.
class FilterEdit : public QLineEdit {
  Q_OBJECT
 public:
  explicit FilterEdit(QWidget* parent = nullptr);

  // The left edge of the character at that byte of the text without spaces around it, in pixels from the left
  // of this; within this.
  int xOfByte(std::uint64_t offset) const;
};

}  // namespace retake::gui
