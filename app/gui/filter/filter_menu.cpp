#include "filter/filter_menu.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QMenu>
#include <array>

#include "filter/compose_query.h"
#include "schema/message_tree.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

QString words(const char* text) { return QCoreApplication::translate("FilterMenu", text); }

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// items[2].sku as items[*].sku; keys in quotes stay.
std::string withAnyElement(const std::string& path) {
  std::string out;
  bool inQuotes = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    out += c;
    if (inQuotes && c == '\\' && i + 1 < path.size()) {
      out += path[++i];
      continue;
    }
    if (c == '"') inQuotes = !inQuotes;
    if (inQuotes || c != '[' || i + 1 == path.size() || !isDigit(path[i + 1])) continue;
    const std::size_t end = path.find(']', i);
    if (end == std::string::npos) continue;
    out += '*';
    i = end - 1;
  }
  return out;
}

}  // namespace

void addFilterMenu(QMenu& menu, const std::string& term, const QString& current,
                   const std::function<void(const QString&)>& set) {
  QString title = QString::fromStdString(term).simplified();
  const QFontMetrics metrics(menu.font());
  title = metrics.elidedText(title, Qt::ElideMiddle, metrics.averageCharWidth() * 40)
              .replace(u'&', QStringLiteral("&&"));
  QMenu* joins = menu.addMenu(theme::icon(QStringLiteral("filter")), words("Filter by %1").arg(title));
  joins->setObjectName(QStringLiteral("filterByMenu"));
  struct Join {
    QueryJoin join;
    const char* name;
    const char* text;
  };
  constexpr std::array<Join, 4> kJoins = {{{QueryJoin::Only, "filterOnly", "&Only this"},
                                           {QueryJoin::And, "filterAnd", "&And this"},
                                           {QueryJoin::Or, "filterOr", "O&r this"},
                                           {QueryJoin::Not, "filterNot", "&Not this"}}};
  for (const Join& join : kJoins) {
    const QString query = QString::fromStdString(composeQuery(current.toStdString(), term, join.join));
    QAction* action = joins->addAction(words(join.text), joins, [set, query] { set(query); });
    action->setObjectName(QLatin1String(join.name));
    action->setToolTip(query);
  }
  joins->setToolTipsVisible(true);
}

std::optional<std::string> termOfField(const std::string& side, std::string path, const MessageNode& node) {
  if (path.empty() || !node.children.empty()) return std::nullopt;
  std::string value = node.value;
  bool isPart = node.truncated;
  const bool isText = node.type == "string" || node.type == "bytes";
  if (node.type == "bytes" && value.size() > 1 && value.front() == '"')
    value = value.substr(1, value.size() - 2);
  if (!isText)  // "COLOUR_RED (1)", "18446744073709551611 (-5)"
    if (const std::size_t note = value.find(" ("); note != std::string::npos) value.resize(note);
  if (isText) {  // what a tree shows escaped cannot be told from what stands there
    if (const std::size_t escape = value.find('\\'); escape != std::string::npos) {
      value.resize(escape);
      isPart = true;
    }
    constexpr std::size_t kMost = 200;
    if (value.size() > kMost) {
      value.resize(kMost);
      while (!value.empty() && (static_cast<unsigned char>(value.back()) & 0xc0u) == 0x80u) value.pop_back();
      if (!value.empty() && static_cast<unsigned char>(value.back()) >= 0xc0) value.pop_back();
      isPart = true;
    }
  }
  if (isPart && value.empty()) return std::nullopt;
  return side + "." + withAnyElement(path) + (isPart ? ":" : "=") + queryValue(value);
}

}  // namespace retake::gui
