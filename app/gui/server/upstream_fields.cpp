#include "server/upstream_fields.h"

#include <QCheckBox>
#include <QLineEdit>

#include "detail/strings.h"
#include "server/file_field.h"
#include "server/options_section.h"
#include "theme/theme.h"

namespace retake::gui {

UpstreamFields::UpstreamFields(OptionsSection& section, const QString& prefix, const QString& addressLabel,
                               QWidget* below)
    : QObject(&section),
      m_section(section),
      m_address(new QLineEdit),
      m_tls(new QCheckBox(tr("over &TLS"))),
      m_ca(new FileField(toUtf8(prefix + QStringLiteral("Ca")).c_str(), tr("CA of the real service"),
                         tr("PEM; none: the system's"))),
      m_cert(new FileField(toUtf8(prefix + QStringLiteral("Cert")).c_str(),
                           tr("Certificate to show to the real service"), tr("PEM; none: none"))),
      m_key(new FileField(toUtf8(prefix + QStringLiteral("Key")).c_str(), tr("Key of that certificate"),
                          tr("PEM"))),
      m_name(new QLineEdit) {
  m_address->setObjectName(prefix);
  m_address->setAccessibleName(tr("Address of the real service"));
  m_address->setPlaceholderText(tr("HOST:PORT"));
  m_address->setFont(theme::dataFont());
  m_tls->setObjectName(prefix + QStringLiteral("Tls"));
  m_name->setObjectName(prefix + QStringLiteral("Name"));
  m_name->setAccessibleName(tr("Name that its certificate must have"));
  m_name->setPlaceholderText(tr("the address's host"));
  m_name->setFont(theme::dataFont());
  section.addRow(addressLabel, m_address);
  if (below != nullptr) section.addRow(below);
  section.addRow(m_tls);
  section.addRow(tr("CA"), m_ca);
  section.addRow(tr("Certificate"), m_cert);
  section.addRow(tr("Key"), m_key);
  section.addRow(tr("Name"), m_name);

  for (QLineEdit* field : {m_address, m_name})
    connect(field, &QLineEdit::editingFinished, this, [this, field] {
      if (!field->isModified()) return;
      field->setModified(false);
      tell();
    });
  connect(m_tls, &QCheckBox::clicked, this, [this] {
    showTls();
    tell();
  });
  for (FileField* field : {m_ca, m_cert, m_key})
    connect(field, &FileField::changed, this, [this] { tell(); });
  showTls();
}

void UpstreamFields::setUpstream(const Upstream& upstream) {
  const auto show = [](QLineEdit* field, const std::string& text) {
    if (toUtf8(field->text()) != text) field->setText(toQString(text));
  };
  show(m_address, upstream.address);
  show(m_name, upstream.tls.serverName);
  m_tls->setChecked(upstream.tls.enabled);
  m_ca->setPath(toQString(upstream.tls.caFile));
  m_cert->setPath(toQString(upstream.tls.certFile));
  m_key->setPath(toQString(upstream.tls.keyFile));
  showTls();
}

Upstream UpstreamFields::upstream() const {
  return {.address = toUtf8(m_address->text().trimmed()),
          .tls = {.enabled = m_tls->isChecked(),
                  .caFile = toUtf8(m_ca->path()),
                  .certFile = toUtf8(m_cert->path()),
                  .keyFile = toUtf8(m_key->path()),
                  .serverName = toUtf8(m_name->text().trimmed())}};
}

void UpstreamFields::setShown(bool shown) {
  m_shown = shown;
  m_section.setRowShown(m_address, shown);
  m_section.setRowShown(m_tls, shown);
  showTls();
}

void UpstreamFields::showTls() {
  for (QWidget* row : std::initializer_list<QWidget*>{m_ca, m_cert, m_key, m_name})
    m_section.setRowShown(row, m_shown && m_tls->isChecked());
}

void UpstreamFields::tell() { emit changed(upstream()); }

}  // namespace retake::gui
