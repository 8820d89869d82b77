#include "server/upstream_editor.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>

#include "detail/strings.h"
#include "detail/text_label.h"
#include "server/file_field.h"
#include "theme/theme.h"

namespace retake::gui {

UpstreamEditor::UpstreamEditor(Document& document, QWidget* parent)
    : OptionsSection(tr("Calls that nothing recorded answers"), parent),
      m_document(document),
      m_extra(new QComboBox),
      m_address(new QLineEdit),
      m_tls(new QCheckBox(tr("over &TLS"))),
      m_ca(new FileField("serverUpstreamCa", tr("CA of the real service"), tr("PEM; none: the system's"))),
      m_cert(new FileField("serverUpstreamCert", tr("Certificate to show to the real service"),
                           tr("PEM; none: none"))),
      m_key(new FileField("serverUpstreamKey", tr("Key of that certificate"), tr("PEM"))),
      m_name(new QLineEdit),
      m_warning(new TextLabel(theme::Role::Warning)) {
  m_extra->setObjectName(QStringLiteral("serverExtra"));
  m_extra->setAccessibleName(tr("Calls that nothing recorded answers"));
  m_extra->addItem(tr("fail, and say why"), static_cast<int>(ExtraCalls::Fail));
  m_extra->addItem(tr("go to the real service"), static_cast<int>(ExtraCalls::Forward));
  m_extra->setToolTip(tr("What a client gets when no recorded call is equal to its own"));
  m_address->setObjectName(QStringLiteral("serverUpstream"));
  m_address->setAccessibleName(tr("Address of the real service"));
  m_address->setPlaceholderText(tr("HOST:PORT"));
  m_address->setFont(theme::dataFont());
  m_tls->setObjectName(QStringLiteral("serverUpstreamTls"));
  m_name->setObjectName(QStringLiteral("serverUpstreamName"));
  m_name->setAccessibleName(tr("Name that its certificate must have"));
  m_name->setPlaceholderText(tr("the address's host"));
  m_name->setFont(theme::dataFont());
  m_warning->setObjectName(QStringLiteral("serverUpstreamWarning"));
  m_warning->setWrap(true);
  addRow(tr("&Extra calls"), m_extra);
  addRow(tr("&Address"), m_address);
  addRow(m_warning);
  addRow(m_tls);
  addRow(tr("CA"), m_ca);
  addRow(tr("Certificate"), m_cert);
  addRow(tr("Key"), m_key);
  addRow(tr("Name"), m_name);

  connect(m_extra, &QComboBox::activated, this, [this] {
    const auto extra = static_cast<ExtraCalls>(m_extra->currentData().toInt());
    changeWorkspace(m_document, tr("extra calls"), [extra](Workspace& w) { w.policy.extra = extra; });
    if (extra == ExtraCalls::Forward) m_address->setFocus();
  });
  const auto upstream = [this](const std::function<void(Upstream&)>& change) {
    changeWorkspace(m_document, tr("the real service"), [&change](Workspace& w) { change(w.upstream); });
  };
  const auto text = [&](QLineEdit* field, const std::function<std::string&(Upstream&)>& member) {
    connect(field, &QLineEdit::editingFinished, this, [=] {
      if (!field->isModified()) return;
      field->setModified(false);
      upstream([&](Upstream& u) { member(u) = toUtf8(field->text().trimmed()); });
    });
  };
  text(m_address, [](Upstream& u) -> std::string& { return u.address; });
  text(m_name, [](Upstream& u) -> std::string& { return u.tls.serverName; });
  connect(m_tls, &QCheckBox::clicked, this,
          [=](bool on) { upstream([on](Upstream& u) { u.tls.enabled = on; }); });
  const auto file = [&](FileField* field, std::string ClientTls::*member) {
    connect(field, &FileField::changed, this,
            [=](const QString& path) { upstream([&](Upstream& u) { u.tls.*member = toUtf8(path); }); });
  };
  file(m_ca, &ClientTls::caFile);
  file(m_cert, &ClientTls::certFile);
  file(m_key, &ClientTls::keyFile);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showUpstream();
  });
  showUpstream();
}

void UpstreamEditor::showUpstream() {
  const Workspace& workspace = *m_document.snapshot().workspace;
  const Upstream& upstream = workspace.upstream;
  const bool forward = workspace.policy.extra == ExtraCalls::Forward;
  m_extra->setCurrentIndex(m_extra->findData(static_cast<int>(workspace.policy.extra)));
  const auto show = [](QLineEdit* field, const std::string& text) {
    if (toUtf8(field->text()) != text) field->setText(toQString(text));
  };
  show(m_address, upstream.address);
  show(m_name, upstream.tls.serverName);
  m_tls->setChecked(upstream.tls.enabled);
  m_ca->setPath(toQString(upstream.tls.caFile));
  m_cert->setPath(toQString(upstream.tls.certFile));
  m_key->setPath(toQString(upstream.tls.keyFile));
  const bool missing = forward && upstream.address.empty();
  m_warning->setText(missing ? tr("⚠ Give the address of the real service; until then such calls fail")
                             : QString());
  setRowShown(m_address, forward);
  setRowShown(m_warning, missing);
  setRowShown(m_tls, forward);
  for (QWidget* row : std::initializer_list<QWidget*>{m_ca, m_cert, m_key, m_name})
    setRowShown(row, forward && upstream.tls.enabled);
}

}  // namespace retake::gui
