#include "window/filter_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>

#include "calls/call_rows.h"
#include "calls/call_text.h"
#include "filter/filter_edit.h"
#include "filter/filter_help.h"
#include "filter/filter_reading.h"
#include "theme/theme.h"

namespace retake::gui {

FilterBar::FilterBar(CallRows& rows, QWidget* parent)
    : QWidget(parent),
      m_rows(rows),
      m_edit(new FilterEdit(this)),
      m_count(new QLabel(this)),
      m_stop(new QToolButton(this)),
      m_reading(new FilterReading(*m_edit, this)) {
  m_edit->setObjectName(QStringLiteral("filterEdit"));
  m_edit->setAccessibleName(tr("Filter calls"));
  m_edit->setPlaceholderText(tr("Filter calls  (Ctrl+/)"));
  m_edit->setToolTip(
      tr("Words, and fields such as status:NOT_FOUND dur>250ms; the question mark has them all"));
  m_edit->addAction(theme::icon(QStringLiteral("search")), QLineEdit::LeadingPosition);
  m_edit->setMinimumWidth(160);
  m_edit->setMaximumWidth(560);
  m_edit->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_edit->installEventFilter(this);
  m_count->setObjectName(QStringLiteral("filterCount"));
  m_reading->setObjectName(QStringLiteral("filterReading"));
  m_stop->setObjectName(QStringLiteral("filterStop"));
  m_stop->setIcon(theme::icon(QStringLiteral("circle-stop")));
  m_stop->setToolTip(tr("Stop searching; what was found stays"));
  m_stop->setAccessibleName(tr("Stop searching"));
  m_stop->setAutoRaise(true);
  m_stop->hide();
  connect(m_stop, &QToolButton::clicked, &m_rows, &CallRows::stopSearch);
  auto* help = new QToolButton(this);
  help->setObjectName(QStringLiteral("filterHelpButton"));
  help->setIcon(theme::icon(QStringLiteral("circle-help")));
  help->setToolTip(tr("What can be asked for"));
  help->setAccessibleName(tr("Help on filters"));
  help->setAutoRaise(true);
  connect(help, &QToolButton::clicked, this, &FilterBar::showHelp);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(theme::kGroupGap, 0, theme::kGroupGap, 0);
  layout->setSpacing(theme::kGrid);
  layout->addStretch(1);
  layout->addWidget(m_stop);
  layout->addWidget(m_count);
  layout->addWidget(m_edit, 1000);  // all the room up to its largest width, before the stretch gets any
  layout->addWidget(help);
  setFocusProxy(m_edit);
  connect(m_edit, &QLineEdit::textChanged, &m_rows, &CallRows::setFilter);
  connect(m_edit, &QLineEdit::cursorPositionChanged, m_reading, qOverload<>(&QWidget::update));
  connect(&m_rows, &CallRows::changed, this, &FilterBar::showCount);
  connect(&m_rows, &CallRows::filterChanged, this, &FilterBar::showReading);
  showCount();
}

void FilterBar::setText(const QString& text) { m_edit->setText(text); }

void FilterBar::focusFilter() {
  m_edit->setFocus(Qt::ShortcutFocusReason);
  m_edit->selectAll();
}

void FilterBar::showHelp() {
  auto* help = new FilterHelp(window());
  connect(help, &FilterHelp::exampleChosen, this, &FilterBar::setText);
  help->show();
}

void FilterBar::showReading() {
  m_stop->setVisible(m_rows.isSearching());
  QString besides;
  if (m_rows.isSearching())
    besides = tr("searching, %1 %").arg(static_cast<int>(m_rows.searchProgress() * 100));
  else if (m_rows.wasStopped())
    besides = tr("stopped: not every call was looked at");
  if (const auto& error = m_rows.filterError()) {
    const QString shown = QString::fromStdString(m_rows.query().text());
    m_reading->showError(*error,
                         shown.isEmpty() ? tr("all calls are shown") : tr("shown is still: %1").arg(shown));
  } else {
    m_reading->showWords(QString::fromStdString(m_rows.query().inWords()), besides);
  }
  showCount();
}

void FilterBar::showCount() {
  const bool none = m_rows.isFiltered() && m_rows.rows().empty() && !m_rows.isSearching();
  QString count = m_rows.isFiltered() ? countText(m_rows.rows().size()) : QString();
  if (m_rows.isSearching() || m_rows.wasStopped()) count += QStringLiteral("…");
  m_count->setText(count);
  m_count->setToolTip(
      m_rows.isFiltered()
          ? tr("%1 of %2 calls are shown").arg(countText(m_rows.rows().size()), countText(m_rows.total()))
          : QString());
  const bool wrong = m_rows.filterError().has_value();
  QPalette colors = palette();
  colors.setColor(QPalette::WindowText, theme::color(none ? theme::Role::Error : theme::Role::TextMuted));
  m_count->setPalette(colors);
  QPalette typed = palette();
  if (wrong) typed.setColor(QPalette::Text, theme::color(theme::Role::Error));
  m_edit->setPalette(typed);
}

void FilterBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && m_edit) showCount();
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    switch (static_cast<QKeyEvent*>(event)->key()) {
      case Qt::Key_Escape:
        if (m_rows.isSearching())
          m_rows.stopSearch();
        else if (m_edit->text().isEmpty())
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
