#include "window/pane_dock.h"

#include <QApplication>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "calls/call_text.h"
#include "detail/scrolled_pane.h"
#include "theme/theme.h"
#include "window/focus.h"

namespace retake::gui {
namespace {

class Grip : public QWidget {
 public:
  explicit Grip(QDockWidget* dock) : QWidget(dock) {
    auto* close = new QToolButton(this);
    close->setObjectName(dock->objectName() + QStringLiteral("Close"));
    close->setIcon(theme::icon(QStringLiteral("close")));
    close->setIconSize(QSize(12, 12));
    close->setAutoRaise(true);
    close->setToolTip(QDockWidget::tr("Close the pane"));
    close->setAccessibleName(close->toolTip());
    connect(close, &QToolButton::clicked, dock, &QDockWidget::close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 2, 1, 2);
    layout->addWidget(close);
    layout->addStretch(1);
    setFixedWidth(22);
    setCursor(Qt::ArrowCursor);
    setToolTip(QDockWidget::tr("Drag to another edge of the window"));
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.fillRect(rect(), theme::color(theme::Role::Raised));
    painter.fillRect(width() - 1, 0, 1, height(), theme::color(theme::Role::Hairline));
    // Two rows of dots: this can be dragged.
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme::color(theme::Role::TextDisabled));
    painter.setRenderHint(QPainter::Antialiasing);
    for (int y = 0; y < 5; ++y)
      for (int x = 0; x < 2; ++x)
        painter.drawEllipse(QPointF(width() / 2.0 - 2.5 + 4 * x, height() / 2.0 - 8 + 4 * y), 1, 1);
  }
};

}  // namespace

PaneDock::PaneDock(const QString& name, const QString& title, const QKeySequence& key, QWidget* pane,
                   QWidget* parent)
    : QDockWidget(title, parent), m_title(title), m_pane(pane), m_show(new QAction(title, this)) {
  setObjectName(name);
  setAccessibleName(title);
  setFeatures(DockWidgetClosable | DockWidgetMovable | DockWidgetVerticalTitleBar);
  setTitleBarWidget(new Grip(this));
  setWidget(new ScrolledPane(pane));
  m_show->setObjectName(QStringLiteral("show") + name);
  m_show->setShortcut(key);
  connect(m_show, &QAction::triggered, this, [this] {
    const QWidget* focus = QApplication::focusWidget();
    if (isVisible() && focus && isAncestorOf(focus))
      close();
    else
      reveal();
  });
}

void PaneDock::setCount(quint64 count, const QString& glyph) {
  setWindowTitle(count == 0 ? m_title : QStringLiteral("%1 %2%3").arg(m_title, glyph, countText(count)));
}

void PaneDock::reveal() {
  show();
  raise();
  focusInside(*m_pane);
}

}  // namespace retake::gui
