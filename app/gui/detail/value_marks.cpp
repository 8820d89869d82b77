#include "detail/value_marks.h"

#include <QStringList>
#include <algorithm>

namespace retake::gui {
namespace {

// Of a value with very many changed parts.
constexpr qsizetype kShownChanges = 20;

std::string withoutQuotes(std::string_view path) {
  std::string out(path);
  std::erase(out, '"');
  return out;
}

}  // namespace

ValueMarks::ValueMarks(const std::vector<ValueMark>& marks) {
  for (const ValueMark& mark : marks)
    if (mark.inMessage) m_marks.emplace(withoutQuotes(mark.path), mark);
}

ValueMarks::Shown ValueMarks::of(std::string_view path, bool isLeaf, const QString& value) const {
  Shown shown;
  if (m_marks.empty()) return shown;
  const std::string wanted = withoutQuotes(path);
  QStringList rules;
  QStringList changes;
  shown.after = value;
  for (auto at = m_marks.lower_bound(wanted); at != m_marks.end() && at->first.starts_with(wanted); ++at) {
    const bool isHere = at->first.size() == wanted.size();
    // "a.b" is no part of "a.bc".
    if (!isHere &&
        (!isLeaf || std::string_view(".[<").find(at->first[wanted.size()]) == std::string_view::npos))
      continue;
    const ValueMark& mark = at->second;
    shown.marked = true;
    if (!rules.contains(mark.rule)) rules.push_back(mark.rule);
    const QString within =
        isHere ? QString() : QString::fromStdString(at->first.substr(wanted.size())) + QStringLiteral(": ");
    if (changes.size() < kShownChanges)
      changes.push_back(within + mark.before + QStringLiteral(" → ") +
                        (mark.removed ? QStringLiteral("removed") : mark.after));
    if (isHere && mark.removed)
      shown.removed = true;
    else if (shown.after.contains(mark.before) && !mark.before.isEmpty())
      shown.after.replace(mark.before, mark.removed ? QString() : mark.after);
    else  // it lies in the value in another form
      shown.after = mark.removed ? shown.after : mark.after;
  }
  if (shown.removed || !shown.marked) shown.after.clear();
  shown.rules = rules.join(QStringLiteral(", "));
  shown.changes = changes.join(u'\n');
  return shown;
}

}  // namespace retake::gui
