#include "window/copy_flow.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMenu>
#include <QtConcurrent>

#include "calls/call_text.h"
#include "document/document.h"
#include "document/selection.h"
#include "snippet/snippet.h"
#include "theme/theme.h"

namespace retake::gui {

CopyFlow::CopyFlow(Document& document, Selection& selection, QWidget* window)
    : QObject(window),
      m_document(document),
      m_selection(selection),
      m_menu(new QMenu(tr("Cop&y as"), window)) {
  m_menu->setIcon(theme::icon(QStringLiteral("copy")));
  int number = 0;
  for (const Snippet& snippet : snippets()) {
    const auto id = QString::fromUtf8(snippet.id.data(), static_cast<qsizetype>(snippet.id.size()));
    const auto title = QString::fromUtf8(snippet.title.data(), static_cast<qsizetype>(snippet.title.size()));
    QAction* action = m_menu->addAction(title, this, [this, &snippet] { copy(snippet); });
    action->setObjectName(QStringLiteral("copyAs.") + id);
    action->setShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+C, %1").arg(++number)));
  }
  connect(&selection, &Selection::callChanged, this, &CopyFlow::updateActions);
  connect(&document, &Document::changed, this, &CopyFlow::updateActions);
  updateActions();
}

void CopyFlow::updateActions() {
  const bool any = m_selection.call().has_value();
  for (QAction* action : m_menu->actions()) action->setEnabled(any);
}

void CopyFlow::copy(const Snippet& snippet) {
  const auto index = m_selection.call();
  if (!index) return;
  if (m_document.path().isEmpty()) {
    emit failed(tr("What is copied names the recording's file, and there is none yet: save it first"));
    return;
  }
  const std::string path = QFile::encodeName(m_document.path()).toStdString();
  // Equal calls before it are looked for in all of the recording.
  const auto work = [&snippet, path, snapshot = m_document.snapshot(), call = *index] {
    return writeSnippet(snippet, *snapshot.recording, *snapshot.calls, *snapshot.schema, call, path);
  };
  const auto title = QString::fromUtf8(snippet.title.data(), static_cast<qsizetype>(snippet.title.size()));
  const QString done = m_document.isModified()
                           ? tr("Call %1 is copied as a %2; it reads the file, so save what you changed")
                           : tr("Call %1 is copied as a %2");
  QtConcurrent::run(work).then(
      this, [this, words = done.arg(countText(*index + 1), title)](const Result<std::string>& text) {
        if (!text) {
          emit failed(QString::fromStdString(text.error().message));
          return;
        }
        QGuiApplication::clipboard()->setText(QString::fromStdString(*text));
        emit said(words);
      });
}

}  // namespace retake::gui
