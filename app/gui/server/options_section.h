#pragma once

#include <QFormLayout>
#include <QVBoxLayout>
#include <QWidget>
#include <functional>
#include <initializer_list>

#include "document/document.h"

namespace retake::gui {

// A title and its rows, label beside field.
class OptionsSection : public QWidget {
  Q_OBJECT
 public:
  explicit OptionsSection(const QString& title, QWidget* parent = nullptr);

  // The label is the field's buddy: "&Pace".
  void addRow(const QString& label, QWidget* field);
  void addRow(QWidget* field);
  void setRowShown(QWidget* field, bool shown);
  // Of sections that stand below each other: their fields begin in one line.
  static void align(std::initializer_list<OptionsSection*> sections);

 private:
  QFormLayout* m_form;
};

// The workspace with a change, as one undo step.
inline void changeWorkspace(Document& document, const QString& name,
                            const std::function<void(Workspace&)>& change) {
  Workspace workspace = *document.snapshot().workspace;
  change(workspace);
  document.pushWorkspace(workspace, name);
}

}  // namespace retake::gui
