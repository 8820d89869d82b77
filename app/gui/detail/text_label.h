#pragma once

#include <QWidget>

#include "theme/theme.h"

namespace retake::gui {

// Text in a colour of the theme. On one line it is elided, with the whole in a tooltip; wrapped it
// takes the height it needs at its width. Its text is its accessible name.
class TextLabel : public QWidget {
  Q_OBJECT
 public:
  explicit TextLabel(theme::Role role = theme::Role::Text, QWidget* parent = nullptr);

  QString text() const { return m_text; }
  void setText(const QString& text);
  void setRole(theme::Role role);
  void setBold(bool bold);
  void setElide(Qt::TextElideMode mode);
  void setWrap(bool wrap);
  void setAlignment(Qt::Alignment alignment);
  void setClickable(bool clickable);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;
  bool hasHeightForWidth() const override { return m_wrap; }
  int heightForWidth(int width) const override;

 signals:
  void clicked();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

 private:
  int flags() const;
  void claimHeight();

  QString m_text;
  theme::Role m_role;
  Qt::TextElideMode m_elide = Qt::ElideRight;
  Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
  bool m_wrap = false;
  bool m_clickable = false;
};

}  // namespace retake::gui
