#include "window/plain_title.h"

namespace retake::gui {

QString plainTitle(QString title) {
  // The character behind a mnemonic's mark stays, which is a mark itself in "&&".
  for (qsizetype at = title.indexOf(u'&'); at >= 0; at = title.indexOf(u'&', at + 1)) title.remove(at, 1);
  return title;
}

}  // namespace retake::gui
