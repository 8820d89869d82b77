#include "scrub/rule_file_flow.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>

#include "detail/strings.h"
#include "document/document.h"
#include "scrub/scrub_edits.h"

namespace retake::gui {
namespace {

std::string nameOf(const QString& path) { return QFile::encodeName(path).toStdString(); }

QFileDialog* dialogFor(Document& document, QWidget* parent, const char* name, const QString& title) {
  auto* dialog = new QFileDialog(parent, title, QFileInfo(document.path()).absolutePath(),
                                 QObject::tr("Scrub rules (*.rules *.txtpb);;All files (*)"));
  dialog->setObjectName(QLatin1String(name));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  return dialog;
}

}  // namespace

RuleFileFlow::RuleFileFlow(Document& document, QWidget* parent)
    : QObject(parent), m_document(document), m_parent(parent) {}

void RuleFileFlow::chooseAndImport() {
  auto* dialog = dialogFor(m_document, m_parent, "scrubImportDialog", tr("Import rules"));
  connect(dialog, &QFileDialog::fileSelected, this, &RuleFileFlow::import);
  dialog->open();
}

void RuleFileFlow::chooseAndLink() {
  auto* dialog = dialogFor(m_document, m_parent, "scrubLinkDialog", tr("Share the rules of a file"));
  connect(dialog, &QFileDialog::fileSelected, this, &RuleFileFlow::link);
  dialog->open();
}

void RuleFileFlow::chooseAndSave() {
  auto* dialog = dialogFor(m_document, m_parent, "scrubSaveRulesDialog", tr("Save rules as"));
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setDefaultSuffix(QStringLiteral("rules"));
  connect(dialog, &QFileDialog::fileSelected, this, &RuleFileFlow::save);
  dialog->open();
}

void RuleFileFlow::import(const QString& path) {
  const auto rules = readScrubRules(nameOf(path));
  if (!rules) return emit failed(toQString(rules.error().message));
  if (rules->empty()) return emit failed(tr("%1 has no rules").arg(path));
  const auto first = static_cast<int>(m_document.snapshot().workspace->scrub.rules.size());
  addScrubRules(m_document, *rules, tr("import %1").arg(counted(rules->size(), "rule", "rules")));
  emit imported(first);
}

void RuleFileFlow::link(const QString& path) {
  const auto rules = readScrubRules(nameOf(path));
  if (!rules) return emit failed(toQString(rules.error().message));
  linkRuleFile(m_document, QFileInfo(path).absoluteFilePath());
}

void RuleFileFlow::save(const QString& path) {
  const ScrubRules& rules = m_document.snapshot().workspace->scrub.rules;
  const std::string text = printScrubRules(rules);
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) ||
      file.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size()) ||
      !file.commit())
    return emit failed(tr("%1: cannot write the rules: %2").arg(path, file.errorString()));
  emit said(tr("%1 written to %2").arg(counted(rules.size(), "rule", "rules"), path));
}

}  // namespace retake::gui
