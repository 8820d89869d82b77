#pragma once

#include <QStringList>
#include <vector>

namespace retake::gui {

// One row of two texts side by side: numbers of lines, from 0; -1 where that side has none.
struct LinePair {
  int left = -1;
  int right = -1;
  bool same = false;
  bool operator==(const LinePair&) const = default;
};

// Aligns two texts so that the fewest lines differ; lines that changed stand beside each other. Texts
// whose differing middles are longer than 2,000 lines are paired by number.
std::vector<LinePair> alignLines(const QStringList& left, const QStringList& right);

}  // namespace retake::gui
