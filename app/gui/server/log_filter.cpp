#include "server/log_filter.h"

#include <QStringList>
#include <algorithm>

#include "server/words.h"

namespace retake::gui {

namespace {

constexpr QStringView kDigits = u"0123456789";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool consistsOf(const QString& text, QStringView characters) {
  return std::all_of(text.begin(), text.end(),
                     [characters](QChar c) { return kDigits.contains(c) || characters.contains(c); });
}

// Events with the same number say the same in the Outcome column.
std::size_t outcomeOf(const ReplayEvent& event) {
  switch (event.kind) {
    case ReplayEvent::Kind::Note:
      return event.sequence == 0 ? 0 : 1;
    case ReplayEvent::Kind::Edited:
      return 2;
    case ReplayEvent::Kind::Call:
      break;
  }
  return 3 + static_cast<std::size_t>(event.outcome);
}

}  // namespace

LogFilter::LogFilter(const QString& words) {
  std::vector<ReplayEvent> outcomes(3);
  outcomes[0].kind = outcomes[1].kind = ReplayEvent::Kind::Note;
  outcomes[1].sequence = 1;
  outcomes[2].kind = ReplayEvent::Kind::Edited;
  for (const auto outcome :
       {ReplayEvent::Outcome::Served, ReplayEvent::Outcome::Missed, ReplayEvent::Outcome::Forwarded,
        ReplayEvent::Outcome::Refused, ReplayEvent::Outcome::Aborted}) {
    outcomes.emplace_back().outcome = outcome;
  }
  for (const QString& text : words.split(u' ', Qt::SkipEmptyParts)) {
    Word word;
    word.text = text;
    word.folded = text.toStdString();
    std::transform(word.folded.begin(), word.folded.end(), word.folded.begin(), lower);
    word.isAscii = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    word.maybeTime = consistsOf(text, u":.");
    word.maybeDuration = consistsOf(text, u".,\u2009µmMsS");
    word.maybeNumber = consistsOf(text, u"#");
    for (const ReplayEvent& event : outcomes) {
      word.outcomes[outcomeOf(event)] = outcomeWords(event).contains(text, Qt::CaseInsensitive);
    }
    for (std::size_t code = 0; code < word.statuses.size(); ++code) {
      word.statuses[code] = statusWords(static_cast<std::int32_t>(code)).contains(text, Qt::CaseInsensitive);
    }
    m_words.push_back(std::move(word));
  }
}

bool LogFilter::matches(const ReplayEvent& event) const {
  return std::all_of(m_words.begin(), m_words.end(),
                     [&event](const Word& word) { return matches(event, word); });
}

bool LogFilter::has(const std::string& text, const Word& word) {
  if (!word.isAscii) return QString::fromStdString(text).contains(word.text, Qt::CaseInsensitive);
  return std::search(text.begin(), text.end(), word.folded.begin(), word.folded.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

bool LogFilter::matches(const ReplayEvent& event, const Word& word) {
  if (word.outcomes[outcomeOf(event)]) return true;
  // With the slash in front too: people paste paths.
  if (has(event.method, word) || has(event.endpoint, word) || has(event.text, word)) return true;
  if (word.maybeNumber && callWords(event.callNumber).contains(word.text)) return true;
  if (word.maybeTime && timeWords(event.time).contains(word.text)) return true;
  if (event.kind != ReplayEvent::Kind::Call) return false;
  const auto code = static_cast<std::size_t>(event.statusCode);
  if (event.statusCode >= 0 && code < word.statuses.size()) {
    if (word.statuses[code]) return true;
  } else if (statusWords(event.statusCode).contains(word.text, Qt::CaseInsensitive)) {
    return true;
  }
  return word.maybeDuration && durationWords(event.duration).contains(word.text, Qt::CaseInsensitive);
}

}  // namespace retake::gui
