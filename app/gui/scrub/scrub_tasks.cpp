#include "scrub/scrub_tasks.h"

#include <QFile>

#include "detail/strings.h"
#include "document/document.h"

namespace retake::gui {

ScrubTasks::ScrubTasks(ScrubController& controller, Document& document, QObject* parent)
    : QObject(parent), m_controller(controller), m_document(document) {
  connect(&m_job, &Job::changed, this, &ScrubTasks::jobChanged);
  connect(&controller, &ScrubController::layerChanged, this, &ScrubTasks::findCovering);
  connect(&document, &Document::changed, this, [this](const SnapshotChange& change) {
    if (change.file) {
      m_job.cancel();
      m_coverJob.cancel();
      m_found.reset();
      m_left.reset();
      m_covering.clear();
    }
    emit foundChanged();
    emit leftChanged();
  });
}

ScrubTasks::Basis ScrubTasks::basis() const {
  const FilterInput input = m_controller.input();
  return {input.recording, input.schema, m_controller.layer().rules};
}

bool ScrubTasks::isFoundCurrent() const {
  return m_foundOf.recording == m_document.snapshot().recording &&
         m_foundOf.schema == m_document.snapshot().schema;
}

bool ScrubTasks::isLeftCurrent() const {
  return m_leftOf.recording == m_document.snapshot().recording &&
         m_leftOf.schema == m_document.snapshot().schema && m_leftOf.rules == m_controller.rules();
}

int ScrubTasks::coveringRule(std::size_t group) const {
  return group < m_covering.size() ? m_covering[group] : -1;
}

FilterInput ScrubTasks::openedInput() const {
  const Snapshot& opened = m_document.opened();
  FilterInput input;
  input.recording = opened.recording;
  input.calls = opened.calls;
  input.schema = opened.schema;
  return input;
}

void ScrubTasks::find() {
  if (m_job.isRunning() || !m_document.isOpen()) return;
  m_foundOf = basis();
  using Found = std::shared_ptr<const FoundSecrets>;
  const auto work = [input = m_controller.input()](const Task& task) -> Found {
    return std::make_shared<const FoundSecrets>(lookForSecrets(input, task));
  };
  m_job.start(tr("Looking for secrets"), work, [this, of = m_foundOf.recording](const Found& found) {
    if (of->source() != m_document.snapshot().recording->source()) return;  // another file
    if (!found->error.isEmpty()) return emit failed(found->error);
    m_found = found;
    m_covering.clear();
    findCovering();
    emit foundChanged();
    emit lookedForSecrets();
  });
}

void ScrubTasks::findCovering() {
  if (!m_found || m_found->groups.empty()) return;
  using Covering = std::shared_ptr<const std::vector<int>>;
  const auto work = [input = m_controller.input(), layer = m_controller.layer(),
                     found = m_found](const Task& task) -> Covering {
    return std::make_shared<const std::vector<int>>(coveringRules(input, layer, found->groups, task));
  };
  m_coverJob.run(this, QThreadPool::globalInstance(), work, [this](const Covering& covering) {
    m_covering = *covering;
    emit foundChanged();
  });
}

bool ScrubTasks::refuses() {
  const QString why = m_controller.draft()
                          ? tr("A rule is not finished: press Enter in it, or Escape to drop it.")
                          : m_controller.layer().whyNotWhole();
  if (why.isEmpty()) return false;
  emit failed(why);
  return true;
}

void ScrubTasks::check() {
  if (m_job.isRunning() || !m_document.isOpen() || refuses()) return;
  const Basis of = basis();
  using Left = std::shared_ptr<const LeftReport>;
  const auto work = [input = m_controller.input(), opened = openedInput(),
                     layer = m_controller.layer()](const Task& task) -> Left {
    const ScrubbedCopy copy = scrubAll(input, layer, true, task);
    if (!copy.recording) {
      auto failed = std::make_shared<LeftReport>();
      failed->error = copy.error;
      failed->stopped = copy.stopped;
      return failed;
    }
    return std::make_shared<const LeftReport>(lookForWhatIsLeft(input, opened, layer, copy, nullptr, task));
  };
  m_job.start(tr("Checking what is left"), work, [this, of](const Left& left) {
    if (of.recording->source() != m_document.snapshot().recording->source()) return;
    if (!left->error.isEmpty()) return emit failed(left->error);
    m_left = left;
    m_leftOf = of;
    emit leftChanged();
    emit checked();
  });
}

void ScrubTasks::apply() {
  if (m_job.isRunning() || !m_document.isOpen() || refuses()) return;
  const Basis of = basis();
  struct Done {
    ScrubbedCopy copy;
    EditedRecording edited;
  };
  using Shared = std::shared_ptr<Done>;
  const auto work = [input = m_controller.input(), layer = m_controller.layer()](const Task& task) -> Shared {
    auto done = std::make_shared<Done>(Done{scrubAll(input, layer, true, task), {}});
    if (done->copy.recording)
      done->edited = EditedRecording::compare(input.recording, input.calls, done->copy.recording);
    return done;
  };
  m_job.start(tr("Applying the rules"), work, [this, of](const Shared& done) {
    if (done->copy.stopped) return;
    if (!done->copy.error.isEmpty()) return emit failed(done->copy.error);
    const bool isChanged = done->edited.recording != done->edited.from;
    if (of.rules != m_controller.rules() ||
        !m_document.push(std::move(done->edited), tr("apply scrub rules")))
      return emit failed(
          tr("The recording was edited while the rules were applied: nothing has changed. Apply "
             "them again."));
    emit applied(isChanged ? done->copy.hits : 0);
  });
}

void ScrubTasks::exportCopy(const Export& wanted) {
  if (m_job.isRunning() || !m_document.isOpen() || refuses()) return;
  const Basis of = basis();
  struct Done {
    std::shared_ptr<const LeftReport> left;
    QString error;
    bool written = false;
    bool stopped = false;
  };
  using Shared = std::shared_ptr<const Done>;
  const auto work = [wanted, input = m_controller.input(), opened = openedInput(),
                     layer = m_controller.layer(), workspace = m_document.snapshot().workspace,
                     format = m_document.format()](const Task& task) -> Shared {
    auto done = std::make_shared<Done>();
    const Workspace* rules = wanted.withRules ? workspace.get() : nullptr;
    const ScrubbedCopy copy = scrubAll(input, layer, wanted.mark, task);
    done->error = copy.error;
    done->stopped = copy.stopped;
    if (!copy.recording) return done;
    if (!wanted.insists) {
      auto left = lookForWhatIsLeft(input, opened, layer, copy, rules, task);
      done->error = left.error;
      done->stopped = left.stopped;
      done->left = std::make_shared<const LeftReport>(std::move(left));
      if (!done->left->isClean()) return done;
    }
    const std::string path = QFile::encodeName(wanted.path).toStdString();
    done->error = writeCopy(*copy.recording, *format, path, rules, task);
    done->written = done->error.isEmpty();
    return done;
  };
  m_job.start(tr("Exporting a scrubbed copy"), work, [this, of, wanted](const Shared& done) {
    if (done->stopped) return;
    if (!done->error.isEmpty()) return emit failed(done->error);
    if (done->left && of.recording->source() == m_document.snapshot().recording->source()) {
      m_left = done->left;
      m_leftOf = of;
      emit leftChanged();
    }
    if (done->written)
      emit exported(wanted.path);
    else
      emit exportRefused();
  });
}

}  // namespace retake::gui
