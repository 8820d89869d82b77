#include "scrub/scrub_actions.h"

#include <QMenu>

#include "theme/theme.h"

namespace retake::gui {

QAction* ScrubActions::make(const char* name, const QString& text, const QKeySequence& key, const char* icon,
                            const QString& toolTip) {
  auto* action = new QAction(text, this);
  action->setObjectName(QLatin1String(name));
  action->setShortcut(key);
  if (icon) action->setIcon(theme::icon(QLatin1String(icon)));
  action->setToolTip(toolTip + QStringLiteral(" (%1)").arg(key.toString(QKeySequence::NativeText)));
  return action;
}

ScrubActions::ScrubActions(QObject* parent) : QObject(parent) {
  on = make("scrubOn", tr("Show &scrubbed"), {Qt::Key_F9}, "eraser",
            tr("Show the rules over the recording, and apply them to live calls"));
  on->setCheckable(true);
  on->setIconText(tr("Scrub"));
  find = make("scrubFind", tr("&Look for secrets"), {Qt::CTRL | Qt::Key_F9}, "search",
              tr("Look through the whole recording for keys, tokens, passwords and personal data"));
  check = make("scrubCheck", tr("&Check what is left"), {Qt::SHIFT | Qt::Key_F9}, "list-checks",
               tr("Look through what would be written, with the rules applied"));
  apply = make("scrubApply", tr("&Apply to recording"), {Qt::CTRL | Qt::SHIFT | Qt::Key_F9}, "check",
               tr("Write what the rules make into the recording, as one undo step"));
  exportCopy = make("scrubExport", tr("&Export scrubbed copy…"), {Qt::CTRL | Qt::ALT | Qt::Key_X}, "save-as",
                    tr("Write a copy with the rules applied; refused while a secret is left in it"));
  exportCopy->setIconText(tr("Export copy…"));
  newRule = make("scrubNewRule", tr("&New rule"), {Qt::CTRL | Qt::SHIFT | Qt::Key_N}, "plus",
                 tr("A rule of your own"));
  library = new QMenu(tr("Rules from the li&brary"));
  library->menuAction()->setObjectName(QStringLiteral("scrubLibrary"));
  duplicate = make("scrubDuplicate", tr("D&uplicate rule"), {Qt::CTRL | Qt::ALT | Qt::Key_D}, "duplicate",
                   tr("The same rule once more, behind it"));
  remove = make("scrubRemove", tr("&Delete rule"), {Qt::Key_Delete}, "delete", tr("Delete the rule"));
  // Where text is typed, the key deletes that.
  remove->setShortcutContext(Qt::WidgetShortcut);
  up = make("scrubUp", tr("Move rule up"), {Qt::CTRL | Qt::SHIFT | Qt::Key_Up}, "arrow-up",
            tr("Apply the rule before the one above it"));
  down = make("scrubDown", tr("Move rule down"), {Qt::CTRL | Qt::SHIFT | Qt::Key_Down}, "arrow-down",
              tr("Apply the rule after the one below it"));
  importRules = make("scrubImport", tr("&Import rules…"), {Qt::CTRL | Qt::ALT | Qt::Key_I}, "import",
                     tr("Copy the rules of a file into this recording's"));
  linkRules = make("scrubLink", tr("Share the rules of a &file…"), {Qt::CTRL | Qt::ALT | Qt::Key_F}, "link",
                   tr("Use the rules of a file that several recordings share; they are changed in the file"));
  saveRules = make("scrubSaveRules", tr("Sa&ve rules as…"), {Qt::CTRL | Qt::ALT | Qt::Key_W}, "file-text",
                   tr("Write this recording's rules into a file, to keep in git or to share"));
}

ScrubActions::~ScrubActions() { delete library; }

QList<QAction*> ScrubActions::inMenu() const {
  const auto line = [this] {
    auto* separator = new QAction(const_cast<ScrubActions*>(this));
    separator->setSeparator(true);
    return separator;
  };
  return {on,          line(),    find,     newRule,    library->menuAction(),
          line(),      duplicate, remove,   up,         down,
          line(),      check,     apply,    exportCopy, line(),
          importRules, linkRules, saveRules};
}

}  // namespace retake::gui
