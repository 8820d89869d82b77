#pragma once

#include <QWidget>

class QLineEdit;

namespace retake::gui {

// The name of a file: typed, or chosen.
class FileField : public QWidget {
  Q_OBJECT
 public:
  FileField(const char* name, const QString& accessibleName, const QString& placeholder,
            QWidget* parent = nullptr);

  QString path() const;
  void setPath(const QString& path);
  // Tells what was typed. The field does so by itself when it is left.
  void finish();

 signals:
  void changed(const QString& path);

 private:
  void choose();

  QString m_title;
  QString m_path;
  QLineEdit* m_field;
};

}  // namespace retake::gui
