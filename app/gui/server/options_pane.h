#pragma once

#include <QWidget>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace retake::gui {

class Document;
class OptionsSection;
class RuleList;
class TextLabel;
class UpstreamEditor;

// How the recording is served: all that the workspace holds of it, in sections. Each change is an undo step,
// and counts from the next call on while serving.
class OptionsPane : public QWidget {
  Q_OBJECT
 public:
  explicit OptionsPane(Document& document, QWidget* parent = nullptr);

 signals:
  void closeRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  OptionsSection* buildMatching();
  OptionsSection* buildPace();
  OptionsSection* buildIgnore();
  OptionsSection* buildMetadata();
  void showOptions();
  void showRules();
  void showMethods();

  Document& m_document;
  bool m_filling = false;
  QBoxLayout* m_columns;
  QComboBox* m_reuse;
  QCheckBox* m_strict;
  QComboBox* m_pace;
  QDoubleSpinBox* m_speed;
  QSpinBox* m_bound;
  OptionsSection* m_paceSection = nullptr;
  UpstreamEditor* m_extra;
  RuleList* m_ignore;
  RuleList* m_metadata;
};

}  // namespace retake::gui
