#include "server/endpoints_editor.h"

#include "detail/strings.h"
#include "server/file_field.h"
#include "server/policy_words.h"
#include "server/rule_list.h"

namespace retake::gui {

namespace {

QString checkAddress(const QString& text) {
  if (text.contains(u' ')) return EndpointsEditor::tr("expected one address, found a space");
  if (text.startsWith(QStringLiteral("unix:")))
    return text.size() > 5 ? QString() : EndpointsEditor::tr("expected a path behind \"unix:\"");
  const qsizetype colon = text.lastIndexOf(u':');
  bool number = false;
  const int port = text.mid(colon + 1).toInt(&number);
  if (colon > 0 && number && port >= 0 && port <= 65535) return {};
  return EndpointsEditor::tr("expected HOST:PORT or unix:PATH, found \"%1\"").arg(text);
}

}  // namespace

EndpointsEditor::EndpointsEditor(Document& document, QWidget* parent)
    : OptionsSection(tr("Endpoints"), parent),
      m_document(document),
      m_list(new RuleList("serverEndpoints", tr("Addresses to listen on"), tr("HOST:PORT or unix:PATH"),
                          checkAddress)),
      m_cert(
          new FileField("serverTlsCert", tr("Certificate chain of the endpoint"), tr("PEM; none: no TLS"))),
      m_key(new FileField("serverTlsKey", tr("Key of the certificate"), tr("PEM"))),
      m_clientCa(new FileField("serverTlsClientCa", tr("CA that clients' certificates must be of"),
                               tr("PEM; none: any client"))) {
  addRow(m_list);
  addRow(tr("&Certificate"), m_cert);
  addRow(tr("&Key"), m_key);
  addRow(tr("C&lient CA"), m_clientCa);
  m_cert->setToolTip(tr("With a certificate the selected endpoint speaks TLS"));
  m_clientCa->setToolTip(tr("With a CA, clients must show a certificate of it (mutual TLS)"));

  connect(m_list, &RuleList::added, this, [this](const QString& text) {
    change([&text](auto& endpoints) { endpoints.push_back({toUtf8(text), {}}); });
  });
  connect(m_list, &RuleList::edited, this, [this](int index, const QString& text) {
    change([&](auto& endpoints) { endpoints[static_cast<std::size_t>(index)].address = toUtf8(text); });
  });
  connect(m_list, &RuleList::removed, this, [this](int index) {
    change([index](auto& endpoints) { endpoints.erase(endpoints.begin() + index); });
  });
  connect(m_list, &RuleList::currentChanged, this, &EndpointsEditor::showTls);
  const auto file = [this](FileField* field, std::string ServerTls::*member) {
    connect(field, &FileField::changed, this, [this, member](const QString& path) {
      const auto at = static_cast<std::size_t>(std::max(0, m_list->current()));
      change([&](auto& endpoints) {
        if (at < endpoints.size()) endpoints[at].tls.*member = toUtf8(path);
      });
    });
  };
  file(m_cert, &ServerTls::certFile);
  file(m_key, &ServerTls::keyFile);
  file(m_clientCa, &ServerTls::clientCaFile);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file || change.workspace) showEndpoints();
  });
  showEndpoints();
}

void EndpointsEditor::change(const std::function<void(std::vector<Workspace::Listen>&)>& change) {
  changeWorkspace(m_document, tr("endpoints"), [&change](Workspace& workspace) {
    workspace.listen = endpointsOf(workspace);
    change(workspace.listen);
    // What is there without being said needs not be said.
    if (workspace.listen == endpointsOf(Workspace{})) workspace.listen.clear();
  });
}

void EndpointsEditor::showEndpoints() {
  std::vector<RuleList::Rule> shown;
  for (const Workspace::Listen& endpoint : endpointsOf(*m_document.snapshot().workspace))
    shown.push_back({toQString(endpoint.address), {}});
  m_list->setRules(shown);
  showTls();
}

void EndpointsEditor::showTls() {
  const auto endpoints = endpointsOf(*m_document.snapshot().workspace);
  const auto at = static_cast<std::size_t>(std::max(0, m_list->current()));
  const ServerTls tls = at < endpoints.size() ? endpoints[at].tls : ServerTls{};
  m_cert->setPath(toQString(tls.certFile));
  m_key->setPath(toQString(tls.keyFile));
  m_clientCa->setPath(toQString(tls.clientCaFile));
  setRowShown(m_key, tls.enabled() || !tls.keyFile.empty());
  setRowShown(m_clientCa, tls.enabled() || !tls.clientCaFile.empty());
}

}  // namespace retake::gui
