#pragma once

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace retake::gui {

class Document;

// Where the key of hashes and fakes comes from: a file, or an environment variable. The key itself is never
// shown or kept.
class KeyEditor : public QWidget {
  Q_OBJECT
 public:
  explicit KeyEditor(Document& document, QWidget* parent = nullptr);

 signals:
  void failed(const QString& sentence);

 private:
  void showKey();
  void commit();
  void choose();
  void make();

  Document& m_document;
  QComboBox* m_source;
  QLineEdit* m_field;
  QToolButton* m_choose;
  QPushButton* m_make;
};

// A new key of 32 random bytes, as hex, in a file that nobody else may read. Empty, or why not.
QString writeNewKey(const QString& path);

}  // namespace retake::gui
