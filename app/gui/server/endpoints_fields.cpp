#include "server/endpoints_fields.h"

#include <algorithm>

#include "detail/strings.h"
#include "server/file_field.h"
#include "server/options_section.h"
#include "server/policy_words.h"
#include "server/rule_list.h"

namespace retake::gui {

namespace {

QString checkAddress(const QString& text) {
  if (text.contains(u' ')) return EndpointsFields::tr("expected one address, found a space");
  if (text.startsWith(QStringLiteral("unix:")))
    return text.size() > 5 ? QString() : EndpointsFields::tr("expected a path behind \"unix:\"");
  const qsizetype colon = text.lastIndexOf(u':');
  bool number = false;
  const int port = text.mid(colon + 1).toInt(&number);
  if (colon > 0 && number && port >= 0 && port <= 65535) return {};
  return EndpointsFields::tr("expected HOST:PORT or unix:PATH, found \"%1\"").arg(text);
}

FileField* fileField(const QString& name, const QString& accessibleName, const QString& placeholder) {
  return new FileField(toUtf8(name).c_str(), accessibleName, placeholder);
}

}  // namespace

EndpointsFields::EndpointsFields(OptionsSection& section, const QString& prefix, const QString& listLabel)
    : QObject(&section),
      m_section(section),
      m_list(new RuleList(toUtf8(prefix + QStringLiteral("Endpoints")).c_str(), tr("Addresses to listen on"),
                          tr("HOST:PORT or unix:PATH"), checkAddress)),
      m_cert(fileField(prefix + QStringLiteral("TlsCert"), tr("Certificate chain of the endpoint"),
                       tr("PEM; none: no TLS"))),
      m_key(fileField(prefix + QStringLiteral("TlsKey"), tr("Key of the certificate"), tr("PEM"))),
      m_clientCa(fileField(prefix + QStringLiteral("TlsClientCa"),
                           tr("CA that clients' certificates must be of"), tr("PEM; none: any client"))) {
  if (listLabel.isEmpty())
    section.addRow(m_list);
  else
    section.addRow(listLabel, m_list);
  section.addRow(tr("Cert&ificate"), m_cert);
  section.addRow(tr("Ke&y"), m_key);
  section.addRow(tr("Clie&nt CA"), m_clientCa);
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
  connect(m_list, &RuleList::currentChanged, this, &EndpointsFields::showTls);
  const auto file = [this](FileField* field, std::string ServerTls::*member) {
    connect(field, &FileField::changed, this, [this, member](const QString& path) {
      const auto at = static_cast<std::size_t>(std::max(0, m_list->current()));
      change([&](auto& endpoints) { endpoints[at].tls.*member = toUtf8(path); });
    });
  };
  file(m_cert, &ServerTls::certFile);
  file(m_key, &ServerTls::keyFile);
  file(m_clientCa, &ServerTls::clientCaFile);
  setEndpoints({});
}

void EndpointsFields::setEndpoints(const std::vector<Workspace::Listen>& endpoints) {
  m_endpoints = endpoints.empty() ? endpointsOf({}) : endpoints;
  std::vector<RuleList::Rule> shown;
  for (const Workspace::Listen& endpoint : m_endpoints) shown.push_back({toQString(endpoint.address), {}});
  m_list->setRules(shown);
  showTls();
}

bool EndpointsFields::finish() {
  for (FileField* field : {m_cert, m_key, m_clientCa}) field->finish();
  return m_list->finish();
}

void EndpointsFields::change(const std::function<void(std::vector<Workspace::Listen>&)>& change) {
  std::vector<Workspace::Listen> endpoints = m_endpoints;
  change(endpoints);
  setEndpoints(endpoints);
  emit changed(m_endpoints);
}

void EndpointsFields::showTls() {
  const auto at = static_cast<std::size_t>(std::max(0, m_list->current()));
  const ServerTls& tls = m_endpoints[at].tls;
  m_cert->setPath(toQString(tls.certFile));
  m_key->setPath(toQString(tls.keyFile));
  m_clientCa->setPath(toQString(tls.clientCaFile));
  m_section.setRowShown(m_key, tls.enabled() || !tls.keyFile.empty());
  m_section.setRowShown(m_clientCa, tls.enabled() || !tls.clientCaFile.empty());
}

}  // namespace retake::gui
