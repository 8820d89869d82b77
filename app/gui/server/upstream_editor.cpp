#include "server/upstream_editor.h"

#include <QComboBox>
#include <QLineEdit>

#include "detail/text_label.h"
#include "server/upstream_fields.h"
#include "theme/theme.h"

namespace retake::gui {

UpstreamEditor::UpstreamEditor(Document& document, QWidget* parent)
    : OptionsSection(tr("Calls that nothing recorded answers"), parent),
      m_document(document),
      m_extra(new QComboBox),
      m_warning(new TextLabel(theme::Role::Warning)) {
  m_extra->setObjectName(QStringLiteral("serverExtra"));
  m_extra->setAccessibleName(tr("Calls that nothing recorded answers"));
  m_extra->addItem(tr("fail, and say why"), static_cast<int>(ExtraCalls::Fail));
  m_extra->addItem(tr("go to the real service"), static_cast<int>(ExtraCalls::Forward));
  m_extra->setToolTip(tr("What a client gets when no recorded call is equal to its own"));
  m_warning->setObjectName(QStringLiteral("serverUpstreamWarning"));
  m_warning->setWrap(true);
  addRow(tr("E&xtra calls"), m_extra);
  m_fields = new UpstreamFields(*this, QStringLiteral("serverUpstream"), tr("A&ddress"), m_warning);

  connect(m_extra, &QComboBox::activated, this, [this] {
    const auto extra = static_cast<ExtraCalls>(m_extra->currentData().toInt());
    changeWorkspace(m_document, tr("extra calls"), [extra](Workspace& w) { w.policy.extra = extra; });
    if (extra == ExtraCalls::Forward) m_fields->address()->setFocus();
  });
  connect(m_fields, &UpstreamFields::changed, this, [this](const Upstream& upstream) {
    changeWorkspace(m_document, tr("the real service"), [&upstream](Workspace& w) { w.upstream = upstream; });
  });
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showUpstream();
  });
  showUpstream();
}

void UpstreamEditor::showUpstream() {
  const Workspace& workspace = *m_document.snapshot().workspace;
  const ExtraCalls extra = workspace.policy.extra;
  const bool records = extra == ExtraCalls::Record;
  // Serving alone does not record: it is shown where a workspace says so, and can be left.
  const int record = m_extra->findData(static_cast<int>(ExtraCalls::Record));
  if (records && record < 0)
    m_extra->addItem(tr("go to the real service, and are recorded"), static_cast<int>(ExtraCalls::Record));
  else if (!records && record >= 0)
    m_extra->removeItem(record);
  m_extra->setCurrentIndex(m_extra->findData(static_cast<int>(extra)));
  m_fields->setUpstream(workspace.upstream);
  const bool asks = extra != ExtraCalls::Fail;
  const bool missing = asks && workspace.upstream.address.empty();
  m_warning->setText(missing   ? tr("⚠ Give the address of the real service; until then such calls fail")
                     : records ? tr("⚠ Serving does not record them: Server > Record… does")
                               : QString());
  m_fields->setShown(asks);
  setRowShown(m_warning, missing || records);
}

}  // namespace retake::gui
