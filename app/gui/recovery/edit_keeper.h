#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

#include "document/document.h"
#include "document/job.h"
#include "recovery/kept_edits.h"
#include "recovery/kept_folder.h"

namespace retake::gui {

// Keeps what was edited and not saved on disk, and what was typed and not applied, for the case that the
// program ends without being closed: half a second after an edit, later where writing it took longer. The
// folder goes when the edits are saved, undone or given up, and with this object: whoever closes a window has
// been asked.
class EditKeeper : public QObject {
  Q_OBJECT
 public:
  // Makes its folders under `root`.
  EditKeeper(Document& document, Drafts& drafts, const QString& root, QObject* parent = nullptr);
  ~EditKeeper() override;

  // Whether there is anything that would be lost.
  bool hasEdits() const { return m_document.isModified() || m_drafts.count() > 0; }

 signals:
  // What was edited by now is on disk.
  void kept();
  // It is not, and why; tried again meanwhile. Told once.
  void failed(const QString& sentence);

 private:
  void changed();
  void look();
  void keep();
  std::vector<KeptDraft> keptDrafts() const;
  void done(const Result<void>& result);

  Document& m_document;
  Drafts& m_drafts;
  const QString m_root;
  std::unique_ptr<KeptFolder> m_folder;
  // What its files were made of.
  struct Files {
    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const Recording> file;
    std::shared_ptr<const Workspace> workspace;
    bool operator==(const Files&) const = default;
  };
  Files filesToKeep() const;
  Files m_files;                // that are on disk
  std::uint32_t m_filesOf = 0;  // the generation that has them
  std::uint32_t m_generation = 0;
  bool m_changed = false;  // since it was kept
  bool m_hasFailed = false;
  QTimer m_due;
  QElapsedTimer m_took;
  QElapsedTimer m_ended;  // when it was kept last
  qint64 m_pauseMs = 0;   // from then on
  std::optional<Job> m_job;
};

}  // namespace retake::gui
