#pragma once

#include "server/options_section.h"

class QComboBox;

namespace retake::gui {

class TextLabel;
class UpstreamFields;

// What becomes of calls that nothing recorded answers: fail, or ask the real service.
class UpstreamEditor : public OptionsSection {
  Q_OBJECT
 public:
  explicit UpstreamEditor(Document& document, QWidget* parent = nullptr);

 private:
  void showUpstream();

  Document& m_document;
  QComboBox* m_extra;
  TextLabel* m_warning;
  UpstreamFields* m_fields;
};

}  // namespace retake::gui
