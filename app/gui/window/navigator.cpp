#include "window/navigator.h"

#include <QInputDialog>

#include "calls/call_rows.h"
#include "document/document.h"
#include "document/selection.h"
#include "window/actions.h"

namespace retake::gui {

Navigator::Navigator(Document& document, Selection& selection, CallRows& rows, Actions& actions,
                     QWidget* window)
    : QObject(window),
      m_document(document),
      m_selection(selection),
      m_rows(rows),
      m_actions(actions),
      m_window(window) {
  const auto any = [](std::uint32_t) { return true; };
  const auto failed = [this](std::uint32_t call) {
    return static_cast<CallEnd::Kind>(m_rows.facts()[call].end) == CallEnd::Kind::Error;
  };
  const auto edited = [this](std::uint32_t call) { return m_rows.editsOf(call) > 0; };
  const QString noCall = tr("There is no further call.");
  const QString noError = tr("There is no further error among the shown calls.");
  const QString noChange = tr("There is no further edited call among those shown.");
  connect(actions.nextCall, &QAction::triggered, this, [=, this] { step(1, noCall, any); });
  connect(actions.previousCall, &QAction::triggered, this, [=, this] { step(-1, noCall, any); });
  connect(actions.nextError, &QAction::triggered, this, [=, this] { step(1, noError, failed); });
  connect(actions.previousError, &QAction::triggered, this, [=, this] { step(-1, noError, failed); });
  connect(actions.nextChange, &QAction::triggered, this, [=, this] { step(1, noChange, edited); });
  connect(actions.previousChange, &QAction::triggered, this, [=, this] { step(-1, noChange, edited); });
  connect(actions.goToCall, &QAction::triggered, this, &Navigator::goToNumber);
  connect(actions.back, &QAction::triggered, &selection, &Selection::goBack);
  connect(actions.forward, &QAction::triggered, &selection, &Selection::goForward);
  connect(&selection, &Selection::historyChanged, this, &Navigator::updateHistory);
  updateHistory();
}

template <typename Wanted>
void Navigator::step(int direction, const QString& nothing, Wanted wanted) {
  const auto& rows = m_rows.rows();
  const auto count = static_cast<int>(rows.size());
  const auto call = m_selection.call();
  const auto row = call ? m_rows.rowOf(*call) : std::nullopt;
  int at = row ? *row + direction : direction > 0 ? 0 : count - 1;
  for (; at >= 0 && at < count; at += direction) {
    const std::uint32_t candidate = rows[static_cast<std::size_t>(at)];
    if (!wanted(candidate)) continue;
    m_selection.selectCall(candidate);
    return;
  }
  emit said(nothing);
}

void Navigator::goToNumber() {
  const auto total = static_cast<int>(m_rows.total());
  if (total == 0) return;
  auto* dialog = new QInputDialog(m_window);
  dialog->setObjectName(QStringLiteral("goToCallDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Go to call"));
  dialog->setLabelText(tr("Number of the call, 1 to %1:").arg(total));
  dialog->setInputMode(QInputDialog::IntInput);
  dialog->setIntRange(1, total);
  const auto call = m_selection.call();
  dialog->setIntValue(call ? static_cast<int>(*call) + 1 : 1);
  connect(dialog, &QInputDialog::intValueSelected, this, [this](int number) {
    const auto index = static_cast<std::uint32_t>(number - 1);
    if (!m_rows.contains(index)) emit filterInTheWay();
    m_selection.selectCall(index);
  });
  dialog->open();
}

void Navigator::updateHistory() {
  m_actions.back->setEnabled(m_selection.canGoBack());
  m_actions.forward->setEnabled(m_selection.canGoForward());
}

}  // namespace retake::gui
