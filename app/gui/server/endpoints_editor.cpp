#include "server/endpoints_editor.h"

#include "server/endpoints_fields.h"
#include "server/policy_words.h"

namespace retake::gui {

EndpointsEditor::EndpointsEditor(Document& document, QWidget* parent)
    : OptionsSection(tr("Endpoints"), parent),
      m_document(document),
      m_fields(new EndpointsFields(*this, QStringLiteral("server"))) {
  connect(m_fields, &EndpointsFields::changed, this, [this](const std::vector<Workspace::Listen>& endpoints) {
    changeWorkspace(m_document, tr("endpoints"), [&](Workspace& w) { setEndpointsOf(w, endpoints); });
  });
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showEndpoints();
  });
  showEndpoints();
}

void EndpointsEditor::showEndpoints() {
  m_fields->setEndpoints(endpointsOf(*m_document.snapshot().workspace));
}

}  // namespace retake::gui
