#include "window/close_guard.h"

#include <QMessageBox>
#include <QPushButton>

#include "detail/drafts.h"
#include "document/document.h"

namespace retake::gui {

CloseGuard::CloseGuard(Document& document, Drafts& drafts, QWidget* window)
    : QObject(window), m_document(document), m_drafts(drafts), m_window(window) {
  connect(&document, &Document::saved, this, [this] {
    if (!m_waitsForSave) return;
    m_waitsForSave = false;
    // What was typed while it was saved is not in the file.
    if (m_touched)
      askAboutDrafts();
    else
      askAboutEdits();
  });
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.calls || !change.entries.empty() || !change.schema) m_touched = true;
  });
  connect(&drafts, &Drafts::changed, this, [this] { m_touched = true; });
  // Not saved after all: whoever wanted to close has to want it again.
  connect(&document, &Document::saveFailed, this, &CloseGuard::saveAbandoned);
  connect(&document, &Document::failed, this, &CloseGuard::saveAbandoned);
  connect(&document, &Document::changedOnDisk, this, &CloseGuard::saveAbandoned);
  connect(&document, &Document::busyChanged, this, [this](const QString& what) {
    if (what.isEmpty() && m_document.job().isCancelled()) saveAbandoned();
  });
}

void CloseGuard::saveAbandoned() {
  if (m_waitsForSave) m_proceed = nullptr;
  m_waitsForSave = false;
}

void CloseGuard::ask(std::function<void()> proceedWith) {
  if (m_proceed && !m_waitsForSave) return;
  m_waitsForSave = false;
  m_proceed = std::move(proceedWith);
  const auto goOn = [this] {
    emit aboutToAsk();
    askAboutDrafts();
  };
  if (m_before)
    m_before(goOn);
  else
    goOn();
}

void CloseGuard::askAgain(std::function<void()> proceedWith) {
  if (m_touched)
    ask(std::move(proceedWith));
  else
    proceedWith();
}

void CloseGuard::askAboutDrafts() {
  if (m_drafts.count() == 0) {
    askAboutEdits();
    return;
  }
  auto* box = new QMessageBox(m_window);
  box->setObjectName(QStringLiteral("draftQuestion"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setIcon(QMessageBox::Warning);
  box->setWindowTitle(tr("Drafts"));
  box->setText(m_drafts.count() == 1
                   ? tr("A draft is not applied to the recording.")
                   : tr("%1 drafts are not applied to the recording.").arg(m_drafts.count()));
  box->setInformativeText(
      tr("A draft is what you typed and did not commit, or what is not valid yet. Drafts are never saved: "
         "going on throws them away."));
  QPushButton* show = box->addButton(tr("Go to the draft"), QMessageBox::AcceptRole);
  QPushButton* discard = box->addButton(tr("Throw drafts away"), QMessageBox::DestructiveRole);
  QPushButton* cancel = box->addButton(QMessageBox::Cancel);
  show->setObjectName(QStringLiteral("showDraft"));
  discard->setObjectName(QStringLiteral("discardDrafts"));
  box->setDefaultButton(show);
  box->setEscapeButton(cancel);
  connect(box, &QMessageBox::finished, this, [this, box, show, discard] {
    if (box->clickedButton() == discard) {
      askAboutEdits();
      return;
    }
    m_proceed = nullptr;
    if (box->clickedButton() == show) emit draftRequested();
  });
  box->open();
}

void CloseGuard::askAboutEdits() {
  if (!m_document.isModified()) {
    proceed();
    return;
  }
  auto* box = new QMessageBox(m_window);
  box->setObjectName(QStringLiteral("saveQuestion"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setIcon(QMessageBox::Question);
  box->setWindowTitle(tr("Unsaved edits"));
  const QString name = m_document.displayName();
  box->setText(m_document.isRecordingModified() ? tr("Save the edits of %1?").arg(name)
                                                : tr("Save the settings of %1?").arg(name));
  box->setInformativeText(tr("Without saving they are lost."));
  box->setStandardButtons(QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
  box->setDefaultButton(QMessageBox::Save);
  box->setEscapeButton(QMessageBox::Cancel);
  connect(box, &QMessageBox::finished, this, [this](int answer) {
    if (answer == QMessageBox::Discard) {
      proceed();
    } else if (answer == QMessageBox::Save) {
      m_waitsForSave = true;
      m_touched = false;
      emit saveRequested();
    } else {
      m_proceed = nullptr;
    }
  });
  box->open();
}

void CloseGuard::proceed() {
  m_waitsForSave = false;
  m_touched = false;
  const auto go = std::move(m_proceed);
  m_proceed = nullptr;
  if (go) go();
}

}  // namespace retake::gui
