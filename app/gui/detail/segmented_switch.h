#pragma once

#include <QAbstractButton>
#include <QButtonGroup>
#include <QWidget>

namespace retake::gui {

// One of a few, side by side: the views of a message, the two halves of a unary call. Arrow keys
// move within it; Tab enters and leaves it as one.
class SegmentedSwitch : public QWidget {
  Q_OBJECT
 public:
  explicit SegmentedSwitch(QWidget* parent = nullptr);

  // Segments are numbered by the caller. Object names are "segment0", "segment1", ...
  QAbstractButton* add(int id, const QString& text, const QString& toolTip = {});
  void setText(int id, const QString& text);
  // In the colour of edited things; the text carries the glyph.
  void setMarked(int id, bool marked);
  void setShown(int id, bool shown);
  void setUsable(int id, bool usable, const QString& why = {});
  int current() const { return m_group.checkedId(); }
  // Does not emit chosen().
  void setCurrent(int id);

 signals:
  void chosen(int id);

 private:
  QButtonGroup m_group;
};

}  // namespace retake::gui
