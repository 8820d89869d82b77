#include "theme/icon_engine.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "theme/theme.h"

// The icons lie in a static library: without this nothing would link their resource in.
static void initIcons() { Q_INIT_RESOURCE(icons); }

namespace retake::gui::theme {
namespace {

QColor colorOf(QIcon::Mode mode) {
  switch (mode) {
    case QIcon::Disabled:
      return color(Role::TextDisabled);
    case QIcon::Selected:
      return color(Role::AccentText);
    case QIcon::Normal:
    case QIcon::Active:
      break;
  }
  return color(Role::Text);
}

}  // namespace

IconEngine::IconEngine(QString name) : m_name(std::move(name)) {
  initIcons();
  QFile file(QStringLiteral(":/icons/%1.svg").arg(m_name));
  if (file.open(QIODevice::ReadOnly)) m_svg = file.readAll();
}

void IconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) {
  paint(painter, rect, colorOf(mode));
}

void IconEngine::paint(QPainter* painter, const QRect& rect, const QColor& color) const {
  if (m_svg.isEmpty()) return;
  QByteArray svg = m_svg;
  // Lucide draws with a stroke of 2 in 24 units, in the current colour; 1.75 is what sits well beside
  // text at 16 pixels.
  svg.replace("currentColor", color.name().toLatin1());
  svg.replace("stroke-width=\"2\"", "stroke-width=\"1.75\"");
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  QSvgRenderer(svg).render(painter, rect);
  painter->restore();
}

// `size` is in device pixels already.
QPixmap IconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
  const QString key = QStringLiteral("retake-icon %1 %2x%3 %4")
                          .arg(m_name)
                          .arg(size.width())
                          .arg(size.height())
                          .arg(colorOf(mode).name());
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  pixmap = QPixmap(size);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  paint(&painter, QRect(QPoint(0, 0), size), mode, state);
  painter.end();
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

}  // namespace retake::gui::theme
