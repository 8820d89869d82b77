#pragma once

#include "server/options_section.h"

namespace retake::gui {

class Document;
class EndpointsFields;

// Where the workspace's server listens.
class EndpointsEditor : public OptionsSection {
  Q_OBJECT
 public:
  explicit EndpointsEditor(Document& document, QWidget* parent = nullptr);

 private:
  void showEndpoints();

  Document& m_document;
  EndpointsFields* m_fields;
};

}  // namespace retake::gui
