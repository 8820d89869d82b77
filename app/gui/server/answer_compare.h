#pragma once

#include <QStringList>
#include <QWidget>
#include <optional>

namespace retake::gui {

class MarkedText;
class TextLabel;

// The recorded answer beside the one that came, line by line.
class AnswerCompare : public QWidget {
  Q_OBJECT
 public:
  explicit AnswerCompare(QWidget* parent = nullptr);

  // Nothing came yet: the right side says `hint`.
  void showRecorded(const QStringList& recorded, const QString& hint);
  enum class Verdict {
    Equal,    // they mean the same, even where the text does not (the order of a map)
    Differs,  // line by line
    Missed    // what came is no answer but why there is none
  };
  void showBoth(const QStringList& recorded, const QStringList& answered, Verdict verdict);

 private:
  TextLabel* m_leftTitle;
  TextLabel* m_rightTitle;
  MarkedText* m_left;
  MarkedText* m_right;
};

}  // namespace retake::gui
