#pragma once

#include <QByteArray>
#include <QColor>
#include <QHash>
#include <QIconEngine>
#include <QString>

namespace retake::gui::theme {

// Draws resources/icons/NAME.svg in the theme's colours: an icon that a widget keeps follows a change
// of theme. A name that is not there draws nothing.
class IconEngine final : public QIconEngine {
 public:
  explicit IconEngine(QString name);

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override;
  void paint(QPainter* painter, const QRect& rect, const QColor& color) const;
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
  QIconEngine* clone() const override { return new IconEngine(*this); }
  QString key() const override { return QStringLiteral("retake"); }
  bool isNull() override { return m_svg.isEmpty(); }

 private:
  QString m_name;
  QByteArray m_svg;
};

}  // namespace retake::gui::theme
