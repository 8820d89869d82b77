#include "scrub/key_editor.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSaveFile>
#include <QToolButton>
#include <array>

#include "detail/strings.h"
#include "document/document.h"
#include "scrub/scrub_edits.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

enum Source { File, Variable };

}  // namespace

QString writeNewKey(const QString& path) {
  std::array<quint32, 8> random{};
  QRandomGenerator::system()->fillRange(random.data(), static_cast<qsizetype>(random.size()));
  const QByteArray bytes(reinterpret_cast<const char*>(random.data()), sizeof random);
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
      file.write(bytes.toHex() + '\n') < 0 || !file.commit())
    return QStringLiteral("%1: cannot write the key: %2").arg(path, file.errorString());
  return {};
}

KeyEditor::KeyEditor(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_source(new QComboBox),
      m_field(new QLineEdit),
      m_choose(new QToolButton),
      m_make(new QPushButton(tr("New key…"))) {
  setObjectName(QStringLiteral("scrubKey"));
  m_source->setObjectName(QStringLiteral("scrubKeySource"));
  m_source->setAccessibleName(tr("Where the key comes from"));
  m_source->addItem(tr("file"), File);
  m_source->addItem(tr("environment"), Variable);
  m_field->setObjectName(QStringLiteral("scrubKeyField"));
  m_field->setAccessibleName(tr("File or variable of the key"));
  m_field->setFont(theme::dataFont());
  m_choose->setObjectName(QStringLiteral("scrubKeyChoose"));
  m_choose->setIcon(theme::icon(QStringLiteral("folder-open")));
  m_choose->setToolTip(tr("Choose the file of the key"));
  m_choose->setAccessibleName(m_choose->toolTip());
  m_choose->setAutoRaise(true);
  m_choose->setFocusPolicy(Qt::StrongFocus);
  m_make->setObjectName(QStringLiteral("scrubKeyNew"));
  m_make->setToolTip(
      tr("Write a new random key into a file. Keep it out of what you share: with it, values "
         "can be guessed and tried"));
  m_source->setFocusPolicy(Qt::StrongFocus);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGrid);
  layout->addWidget(m_source);
  layout->addWidget(m_field, 1);
  layout->addWidget(m_choose);
  layout->addWidget(m_make);
  setFocusProxy(m_field);

  connect(m_source, &QComboBox::activated, this, [this] {
    m_field->clear();
    showKey();
    m_field->setFocus();
  });
  connect(m_field, &QLineEdit::editingFinished, this, &KeyEditor::commit);
  connect(m_choose, &QToolButton::clicked, this, &KeyEditor::choose);
  connect(m_make, &QPushButton::clicked, this, &KeyEditor::make);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (!change.file && !change.workspace) return;
    const ScrubSettings& scrub = m_document.snapshot().workspace->scrub;
    m_source->setCurrentIndex(scrub.keyFile.empty() && !scrub.keyVariable.empty() ? Variable : File);
    showKey();
  });
  const ScrubSettings& scrub = document.snapshot().workspace->scrub;
  if (scrub.keyFile.empty() && !scrub.keyVariable.empty()) m_source->setCurrentIndex(Variable);
  showKey();
}

void KeyEditor::showKey() {
  const ScrubSettings& scrub = m_document.snapshot().workspace->scrub;
  const bool isFile = m_source->currentData().toInt() == File;
  const QString kept = toQString(isFile ? scrub.keyFile : scrub.keyVariable);
  if (m_field->text() != kept) m_field->setText(kept);
  m_field->setModified(false);
  m_field->setToolTip(kept);
  m_field->setPlaceholderText(isFile ? tr("a file of 16 bytes or more") : tr("NAME_OF_A_VARIABLE"));
  m_choose->setVisible(isFile);
  m_make->setVisible(isFile && kept.isEmpty());
}

void KeyEditor::commit() {
  if (!m_field->isModified()) return;
  m_field->setModified(false);
  const QString text = m_field->text().trimmed();
  if (m_source->currentData().toInt() == File)
    setScrubKeyFile(m_document, text.isEmpty() ? text : QFileInfo(text).absoluteFilePath());
  else
    setScrubKeyVariable(m_document, text);
}

void KeyEditor::choose() {
  auto* dialog = new QFileDialog(this, tr("File of the key"), QFileInfo(m_document.path()).absolutePath());
  dialog->setObjectName(QStringLiteral("scrubKeyDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this,
          [this](const QString& path) { setScrubKeyFile(m_document, path); });
  dialog->open();
}

void KeyEditor::make() {
  const QFileInfo recording(m_document.path());
  auto* dialog = new QFileDialog(this, tr("Write a new key to"), recording.absolutePath(),
                                 tr("Keys (*.key);;All files (*)"));
  dialog->setObjectName(QStringLiteral("scrubNewKeyDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("key"));
  dialog->selectFile(QStringLiteral("scrub.key"));
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    const QString error = writeNewKey(path);
    if (error.isEmpty())
      setScrubKeyFile(m_document, path);
    else
      emit failed(error);
  });
  dialog->open();
}

}  // namespace retake::gui
