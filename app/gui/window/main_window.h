#pragma once

#include <QMainWindow>

#include "calls/call_rows.h"
#include "calls/used_calls.h"
#include "detail/drafts.h"
#include "document/document.h"
#include "document/selection.h"
#include "scrub/scrub_controller.h"
#include "server/server_controller.h"
#include "window/actions.h"
#include "window/recent_files.h"

class QSplitter;
class QStackedWidget;

namespace retake::gui {

class CallFlow;
class CallTable;
class CloseGuard;
class CopyFlow;
class DetailPane;
class FileFlow;
struct LayoutStore;
class FilterBar;
class FirstArrangement;
class FollowFlow;
class MessageBar;
class Navigator;
class PaneDock;
class RecordFlow;
class RecoveryFlow;
class SchemaFlow;
class ScrubPanel;
class StartPage;
class ServerPanel;
class StatusLine;
class TimelinePane;

// One recording in a window: puts the panes together and decides nothing itself.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  enum class Layout { Remembered, Safe };
  explicit MainWindow(Layout layout = Layout::Remembered);
  ~MainWindow() override;

  Document& document() { return m_document; }
  Selection& selection() { return m_selection; }
  ServerController& server() { return m_server; }
  ScrubController& scrub() { return m_scrub; }
  Drafts& drafts() { return m_drafts; }
  FollowFlow& following() { return *m_follow; }
  // As dropping `paths` does; `schemas` are loaded as the schema, whatever they look like.
  void open(const QStringList& paths, const QStringList& schemas = {});

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void buildCentre();
  void buildDocks();
  void buildMenus();
  void buildToolBar();
  void connectActions();
  void updateTitle();
  void updateOpenState();
  LayoutStore layoutStore();
  void updateCounts();
  void updateScrubHits();
  void cyclePanes(int step);
  void showDraft();
  void showAbout();

  Document m_document;
  Selection m_selection{m_document};
  CallRows m_rows{m_document};
  UsedCalls m_used;
  Drafts m_drafts{m_document};
  ServerController m_server{m_document};
  ScrubController m_scrub{m_document};
  RecentFiles m_recent;
  Actions m_actions{m_document.undoStack(), nullptr};

  MessageBar* m_bar = nullptr;
  QStackedWidget* m_pages = nullptr;
  StartPage* m_start = nullptr;
  QSplitter* m_outer = nullptr;    // timeline over the rest
  QSplitter* m_columns = nullptr;  // table beside detail
  TimelinePane* m_timeline = nullptr;
  CallTable* m_table = nullptr;
  DetailPane* m_detail = nullptr;
  FilterBar* m_filter = nullptr;
  StatusLine* m_status = nullptr;
  QToolBar* m_tools = nullptr;
  QList<PaneDock*> m_docks;
  PaneDock* m_problemsDock = nullptr;
  PaneDock* m_initialStateDock = nullptr;
  PaneDock* m_scrubDock = nullptr;
  ScrubPanel* m_scrubPanel = nullptr;
  PaneDock* m_serverDock = nullptr;
  ServerPanel* m_serverPanel = nullptr;

  CloseGuard* m_guard = nullptr;
  FileFlow* m_files = nullptr;
  SchemaFlow* m_schemas = nullptr;
  Navigator* m_navigator = nullptr;
  CallFlow* m_callFlow = nullptr;
  CopyFlow* m_copyFlow = nullptr;
  FollowFlow* m_follow = nullptr;
  RecordFlow* m_record = nullptr;
  RecoveryFlow* m_recovery = nullptr;
  FirstArrangement* m_arrangement = nullptr;
  QByteArray m_paneState;  // as the panes were while a recording was open
  Layout m_layout;
  bool m_closing = false;
};

}  // namespace retake::gui
