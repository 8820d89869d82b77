#include "window/filter_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>

#include "calls/call_rows.h"
#include "calls/call_text.h"
#include "theme/theme.h"

namespace retake::gui {

FilterBar::FilterBar(CallRows& rows, QWidget* parent)
    : QWidget(parent), m_rows(rows), m_edit(new QLineEdit(this)), m_count(new QLabel(this)) {
  m_edit->setObjectName(QStringLiteral("filterEdit"));
  m_edit->setAccessibleName(tr("Filter calls"));
  m_edit->setPlaceholderText(tr("Filter calls  (Ctrl+/)"));
  m_edit->setToolTip(
      tr("Words that must all occur in the method, kind, status or number of a call; #481 is call 481 "
         "alone"));
  m_edit->setClearButtonEnabled(true);
  m_edit->addAction(theme::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
  m_edit->setMinimumWidth(160);
  m_edit->setMaximumWidth(360);
  m_edit->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_edit->installEventFilter(this);
  m_count->setObjectName(QStringLiteral("filterCount"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(theme::kGroupGap, 0, theme::kGroupGap, 0);
  layout->setSpacing(theme::kGroupGap);
  layout->addStretch(1);
  layout->addWidget(m_count);
  layout->addWidget(m_edit, 1000);  // all the room up to its largest width, before the stretch gets any
  setFocusProxy(m_edit);
  connect(m_edit, &QLineEdit::textChanged, &m_rows, &CallRows::setFilter);
  connect(&m_rows, &CallRows::changed, this, &FilterBar::showCount);
  showCount();
}

void FilterBar::setText(const QString& text) { m_edit->setText(text); }

void FilterBar::focusFilter() {
  m_edit->setFocus(Qt::ShortcutFocusReason);
  m_edit->selectAll();
}

void FilterBar::showCount() {
  const bool none = m_rows.isFiltered() && m_rows.rows().empty();
  m_count->setText(m_rows.isFiltered() ? countText(m_rows.rows().size()) : QString());
  m_count->setToolTip(
      m_rows.isFiltered()
          ? tr("%1 of %2 calls are shown").arg(countText(m_rows.rows().size()), countText(m_rows.total()))
          : QString());
  QPalette colors = palette();
  colors.setColor(QPalette::WindowText, theme::color(none ? theme::Role::Error : theme::Role::TextMuted));
  m_count->setPalette(colors);
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    switch (static_cast<QKeyEvent*>(event)->key()) {
      case Qt::Key_Escape:
        if (m_edit->text().isEmpty())
          emit left();
        else
          m_edit->clear();
        return true;
      case Qt::Key_Down:
      case Qt::Key_Return:
      case Qt::Key_Enter:
        emit left();
        return true;
      default:
        break;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace retake::gui
