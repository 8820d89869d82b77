#pragma once

#include <QString>
#include <array>
#include <string>
#include <vector>

#include "replay/event.h"

namespace retake::gui {

// Plain words, all of which must occur somewhere in a row of the log; case does not matter. Looks through
// 50,000 events within a frame or two: it makes no text of an event that a word cannot occur in.
class LogFilter {
 public:
  explicit LogFilter(const QString& words = {});

  bool isEmpty() const { return m_words.empty(); }
  bool matches(const ReplayEvent& event) const;

 private:
  struct Word {
    QString text;
    std::string folded;  // in UTF-8, its ASCII letters lower
    bool isAscii = false;
    bool maybeTime = false;  // nothing in it that a time or a duration has not
    bool maybeDuration = false;
    bool maybeNumber = false;
    std::array<bool, 8> outcomes = {};   // by outcomeOf(): whether its words have it
    std::array<bool, 17> statuses = {};  // likewise, of status codes
  };
  static bool has(const std::string& text, const Word& word);
  static bool matches(const ReplayEvent& event, const Word& word);

  std::vector<Word> m_words;
};

}  // namespace retake::gui
