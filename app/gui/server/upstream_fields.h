#pragma once

#include <QObject>

#include "client/upstream.h"

class QCheckBox;
class QLineEdit;
class QWidget;

namespace retake::gui {

class FileField;
class OptionsSection;

// Where the real service is, as rows of a section: its address, and what TLS wants to know.
class UpstreamFields : public QObject {
  Q_OBJECT
 public:
  // Objects are named "serverUpstream…" with the prefix "serverUpstream". `below` stands under the address.
  UpstreamFields(OptionsSection& section, const QString& prefix, const QString& addressLabel,
                 QWidget* below = nullptr);

  void setUpstream(const Upstream& upstream);
  // As it is typed.
  Upstream upstream() const;
  void setShown(bool shown);
  QLineEdit* address() const { return m_address; }

 signals:
  void changed(const retake::Upstream& upstream);

 private:
  void showTls();
  void tell();

  OptionsSection& m_section;
  bool m_shown = true;
  QLineEdit* m_address;
  QCheckBox* m_tls;
  FileField* m_ca;
  FileField* m_cert;
  FileField* m_key;
  QLineEdit* m_name;
};

}  // namespace retake::gui
