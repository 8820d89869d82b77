#pragma once

#include <QObject>

class QWidget;

namespace retake::gui {

class Document;

// Rules from and to files of their own.
class RuleFileFlow : public QObject {
  Q_OBJECT
 public:
  RuleFileFlow(Document& document, QWidget* parent);

  void chooseAndImport();
  void chooseAndLink();
  void chooseAndSave();

 signals:
  void imported(int first);  // the first of the rules that came
  void said(const QString& text);
  // May have further lines, each with its place in the file.
  void failed(const QString& sentence);

 private:
  void import(const QString& path);
  void link(const QString& path);
  void save(const QString& path);

  Document& m_document;
  QWidget* m_parent;
};

}  // namespace retake::gui
