#pragma once

#include "server/options_section.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace retake::gui {

class FileField;
class TextLabel;

// What becomes of calls that nothing recorded answers: fail, or ask the real service.
class UpstreamEditor : public OptionsSection {
  Q_OBJECT
 public:
  explicit UpstreamEditor(Document& document, QWidget* parent = nullptr);

 private:
  void showUpstream();

  Document& m_document;
  QComboBox* m_extra;
  QLineEdit* m_address;
  QCheckBox* m_tls;
  FileField* m_ca;
  FileField* m_cert;
  FileField* m_key;
  QLineEdit* m_name;
  TextLabel* m_warning;
};

}  // namespace retake::gui
