#include "scrub/export_dialog.h"

#include <QCheckBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "scrub/scrub_tasks.h"

namespace retake::gui {
namespace {

// "calls.scrubbed.replay" beside "calls.replay".
QString copyOf(const Document& document) {
  const QFileInfo recording(document.path().isEmpty() ? document.displayName() : document.path());
  const QString suffix = recording.suffix().isEmpty() ? QStringLiteral("replay") : recording.suffix();
  return recording.absoluteDir().filePath(recording.completeBaseName() + QStringLiteral(".scrubbed.") +
                                          suffix);
}

}  // namespace

ExportDialog::ExportDialog(ScrubTasks& tasks, Document& document, QWidget* parent)
    : QDialog(parent),
      m_tasks(tasks),
      m_document(document),
      m_path(new QLineEdit(copyOf(document))),
      m_rules(new QCheckBox(
          tr("with the &rules beside it, so that it can be served to clients with real values"))),
      m_marks(new QCheckBox(tr("&mark what was scrubbed, so that a miss can say that rules are off"))),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_progress(new QProgressBar),
      m_look(new QPushButton(tr("&Show what is left"))),
      m_insist(new QPushButton(tr("Export all the same"))),
      m_export(new QPushButton(tr("&Check and export"))) {
  setObjectName(QStringLiteral("scrubExportDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Export scrubbed copy"));
  m_path->setObjectName(QStringLiteral("scrubExportPath"));
  m_path->setAccessibleName(tr("File of the copy"));
  m_path->setMinimumWidth(110 * theme::kGrid);
  m_rules->setObjectName(QStringLiteral("scrubExportRules"));
  m_rules->setChecked(true);
  m_marks->setObjectName(QStringLiteral("scrubExportMarks"));
  m_marks->setChecked(true);
  m_marks->setToolTip(
      tr("Without marks the copy looks as the Go packages write it; they read it either way"));
  m_sentence->setObjectName(QStringLiteral("scrubExportSentence"));
  m_sentence->setWrap(true);
  m_progress->setTextVisible(false);
  m_progress->setFixedHeight(2 * theme::kGrid);
  m_look->setObjectName(QStringLiteral("scrubExportLook"));
  m_insist->setObjectName(QStringLiteral("scrubExportInsist"));
  m_export->setObjectName(QStringLiteral("scrubExportButton"));
  m_export->setDefault(true);
  m_look->hide();
  m_insist->hide();

  auto* choose = new QToolButton;
  choose->setObjectName(QStringLiteral("scrubExportChoose"));
  choose->setIcon(theme::icon(QStringLiteral("folder-open")));
  choose->setToolTip(tr("Choose the file"));
  choose->setAccessibleName(choose->toolTip());
  auto* file = new QHBoxLayout;
  file->setSpacing(theme::kGrid);
  file->addWidget(m_path, 1);
  file->addWidget(choose);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(theme::kGroupGap);
  form->setVerticalSpacing(theme::kGroupGap);
  form->addRow(tr("&To"), file);
  form->addRow(QString(), m_rules);
  form->addRow(QString(), m_marks);
  static_cast<QLabel*>(form->labelForField(file))->setBuddy(m_path);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kGroupGap);
  buttons->addWidget(m_insist);
  buttons->addStretch(1);
  buttons->addWidget(m_look);
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setObjectName(QStringLiteral("scrubExportCancel"));
  buttons->addWidget(cancel);
  buttons->addWidget(m_export);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  layout->setSpacing(theme::kPaneMargin);
  layout->addLayout(form);
  layout->addWidget(m_sentence);
  layout->addWidget(m_progress);
  layout->addLayout(buttons);

  connect(choose, &QToolButton::clicked, this, &ExportDialog::choose);
  connect(m_export, &QPushButton::clicked, this, [this] { begin(false); });
  connect(m_insist, &QPushButton::clicked, this, [this] { begin(true); });
  connect(m_look, &QPushButton::clicked, this, [this] {
    emit leftWanted();
    reject();
  });
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(this, &QDialog::rejected, &m_tasks, [this] { m_tasks.cancel(); });
  connect(&tasks, &ScrubTasks::jobChanged, this, &ExportDialog::showState);
  connect(&tasks, &ScrubTasks::failed, this, [this](const QString& sentence) { say(sentence, true); });
  connect(&tasks, &ScrubTasks::exported, this, &QDialog::accept);
  connect(&tasks, &ScrubTasks::exportRefused, this, [this] {
    say(tr("Nothing was written: %1 left in the copy.")
            .arg(counted(m_tasks.left()->count(), "secret would be", "secrets would be")),
        true);
    m_look->show();
    m_insist->show();
    m_look->setFocus();
  });
  say(tr("Before it is written, the copy is searched for what the rules took out and for all that looks like "
         "a "
         "secret. Your recording stays as it is."),
      false);
  showState();
}

void ExportDialog::say(const QString& sentence, bool isError) {
  m_sentence->setRole(isError ? theme::Role::Error : theme::Role::TextMuted);
  m_sentence->setText(isError ? QStringLiteral("✗ ") + sentence : sentence);
}

void ExportDialog::choose() {
  auto* dialog = new QFileDialog(this, tr("Export scrubbed copy"), QFileInfo(m_path->text()).absolutePath(),
                                 tr("Recordings (*.replay);;All files (*)"));
  dialog->setObjectName(QStringLiteral("scrubExportFileDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("replay"));
  dialog->selectFile(m_path->text());
  connect(dialog, &QFileDialog::fileSelected, m_path, &QLineEdit::setText);
  dialog->open();
}

void ExportDialog::begin(bool insists) {
  const QString path = m_path->text().trimmed();
  if (path.isEmpty()) return say(tr("Name a file for the copy."), true);
  const QFileInfo wanted(path);
  if (wanted.absoluteFilePath() == QFileInfo(m_document.path()).absoluteFilePath() ||
      (wanted.exists() && wanted.canonicalFilePath() == QFileInfo(m_document.path()).canonicalFilePath()))
    return say(tr("That is the recording itself: to scrub it, apply the rules and save it."), true);
  m_look->hide();
  m_insist->hide();
  m_tasks.exportCopy({.path = wanted.absoluteFilePath(),
                      .withRules = m_rules->isChecked(),
                      .mark = m_marks->isChecked(),
                      .insists = insists});
}

void ExportDialog::showState() {
  const bool running = m_tasks.isRunning();
  m_export->setEnabled(!running);
  m_progress->setVisible(running);
  if (!running) return;
  say(m_tasks.job().what() + QStringLiteral("…"), false);
  const auto progress = m_tasks.job().progress();
  m_progress->setRange(0, progress ? 1000 : 0);
  if (progress) m_progress->setValue(static_cast<int>(*progress * 1000));
}

}  // namespace retake::gui
