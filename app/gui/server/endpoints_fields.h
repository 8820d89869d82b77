#pragma once

#include <QObject>
#include <functional>
#include <vector>

#include "workspace/workspace.h"

namespace retake::gui {

class FileField;
class OptionsSection;
class RuleList;

// Where a server listens, as rows of a section: a list of addresses, and the TLS files of the selected one.
class EndpointsFields : public QObject {
  Q_OBJECT
 public:
  // Objects are named "serverEndpoints…" and "serverTls…" with the prefix "server". Without a label the list
  // takes the whole width.
  EndpointsFields(OptionsSection& section, const QString& prefix, const QString& listLabel = {});

  void setEndpoints(const std::vector<Workspace::Listen>& endpoints);
  // Never empty: without any there is the one of a fresh workspace.
  const std::vector<Workspace::Listen>& endpoints() const { return m_endpoints; }
  // What is still being typed counts. False: it is no address, and a sentence beside it says so.
  bool finish();

 signals:
  void changed(const std::vector<retake::Workspace::Listen>& endpoints);

 private:
  void showTls();
  void change(const std::function<void(std::vector<Workspace::Listen>&)>& change);

  OptionsSection& m_section;
  std::vector<Workspace::Listen> m_endpoints;
  RuleList* m_list;
  FileField* m_cert;
  FileField* m_key;
  FileField* m_clientCa;
};

}  // namespace retake::gui
