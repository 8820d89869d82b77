#pragma once

#include "server/options_section.h"

class QLineEdit;

namespace retake::gui {

class Document;
class FileField;
class RuleList;

// Where the workspace's server listens: a list of addresses, and the TLS files of the selected one.
class EndpointsEditor : public OptionsSection {
  Q_OBJECT
 public:
  explicit EndpointsEditor(Document& document, QWidget* parent = nullptr);

 private:
  void showEndpoints();
  void showTls();
  void change(const std::function<void(std::vector<Workspace::Listen>&)>& change);

  Document& m_document;
  RuleList* m_list;
  FileField* m_cert;
  FileField* m_key;
  FileField* m_clientCa;
};

}  // namespace retake::gui
