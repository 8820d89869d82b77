#pragma once

#include <QObject>
#include <functional>

#include "document/job.h"
#include "scrub/scrub_controller.h"
#include "scrub/scrub_work.h"

namespace retake::gui {

// What takes long, one at a time, each cancellable: looking for secrets, checking what is left, applying the
// rules, exporting a copy. Values come back on the GUI thread; what the recording has become meanwhile is
// told by isFoundCurrent() and isLeftCurrent().
class ScrubTasks : public QObject {
  Q_OBJECT
 public:
  ScrubTasks(ScrubController& controller, Document& document, QObject* parent = nullptr);

  void find();
  void check();
  // One undo step; refuses while a rule that is on cannot be applied.
  void apply();
  struct Export {
    QString path;
    bool withRules = true;  // the workspace beside it, so that it can be served to clients with real values
    bool mark = true;       // entries say that they are scrubbed
    bool insists = false;   // written although something is left
  };
  void exportCopy(const Export& wanted);
  void cancel() { m_job.cancel(); }

  bool isRunning() const { return m_job.isRunning(); }
  const Job& job() const { return m_job; }

  // Null before the first look.
  const std::shared_ptr<const FoundSecrets>& found() const { return m_found; }
  const std::shared_ptr<const LeftReport>& left() const { return m_left; }
  bool isFoundCurrent() const;
  bool isLeftCurrent() const;
  // The rule that takes a group of found() out, by index into the controller's rules; -1: none.
  int coveringRule(std::size_t group) const;

 signals:
  void jobChanged();
  void foundChanged();
  void lookedForSecrets();
  void leftChanged();
  void checked();
  void applied(quint64 values);
  void exported(const QString& path);
  // Nothing was written: left() says what would have been in it.
  void exportRefused();
  void failed(const QString& sentence);

 private:
  struct Basis {  // what a result was made from
    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const Schema> schema;
    ScrubRules rules;
  };
  Basis basis() const;
  FilterInput openedInput() const;
  // Why rules cannot be applied now; tells it.
  bool refuses();
  void findCovering();

  ScrubController& m_controller;
  Document& m_document;
  Job m_job;
  std::shared_ptr<const FoundSecrets> m_found;
  Basis m_foundOf;
  std::shared_ptr<const LeftReport> m_left;
  Basis m_leftOf;
  std::vector<int> m_covering;
  Newest<std::shared_ptr<const std::vector<int>>> m_coverJob;
};

}  // namespace retake::gui
