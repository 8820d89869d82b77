#include "server/file_field.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

#include "theme/theme.h"

namespace retake::gui {

FileField::FileField(const char* name, const QString& accessibleName, const QString& placeholder,
                     QWidget* parent)
    : QWidget(parent), m_title(accessibleName), m_field(new QLineEdit) {
  setObjectName(QLatin1String(name) + QStringLiteral("File"));
  m_field->setObjectName(QLatin1String(name));
  m_field->setAccessibleName(accessibleName);
  m_field->setPlaceholderText(placeholder);
  m_field->setFont(theme::dataFont());
  auto* button = new QToolButton;
  button->setObjectName(QLatin1String(name) + QStringLiteral("Choose"));
  button->setIcon(theme::icon(QStringLiteral("folder-open")));
  button->setToolTip(tr("Choose a file"));
  button->setAccessibleName(tr("Choose: %1").arg(accessibleName));
  button->setFocusPolicy(Qt::StrongFocus);
  button->setAutoRaise(true);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGrid);
  layout->addWidget(m_field, 1);
  layout->addWidget(button);
  setFocusProxy(m_field);
  setFocusPolicy(Qt::StrongFocus);  // else a label's key does not lead there

  connect(m_field, &QLineEdit::editingFinished, this, &FileField::finish);
  connect(button, &QToolButton::clicked, this, &FileField::choose);
}

QString FileField::path() const { return m_field->text().trimmed(); }

void FileField::setPath(const QString& path) {
  m_path = path;
  if (m_field->text() != path) m_field->setText(path);
  m_field->setToolTip(path);
}

void FileField::finish() {
  if (path() == m_path) return;
  m_path = path();
  emit changed(m_path);
}

void FileField::choose() {
  auto* dialog = new QFileDialog(this, m_title, QFileInfo(m_path).absolutePath(),
                                 tr("PEM files (*.pem *.crt *.key);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    setPath(file);
    emit changed(file);
  });
  dialog->open();
}

}  // namespace retake::gui
