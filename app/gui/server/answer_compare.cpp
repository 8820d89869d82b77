#include "server/answer_compare.h"

#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

#include "detail/text_label.h"
#include "server/line_diff.h"
#include "server/marked_text.h"
#include "server/padded.h"
#include "server/words.h"
#include "theme/theme.h"

namespace retake::gui {

namespace {

QWidget* column(TextLabel* title, QWidget* body) {
  auto* made = new QWidget;
  auto* layout = new QVBoxLayout(made);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(padded(title, theme::kGroupGap, theme::kGrid));
  layout->addWidget(body, 1);
  return made;
}

// Both sides scroll as one; a side that is shorter stops at its end.
void follow(QScrollBar* leader, QScrollBar* follower) {
  QObject::connect(leader, &QScrollBar::valueChanged, follower, &QScrollBar::setValue);
}

}  // namespace

AnswerCompare::AnswerCompare(QWidget* parent)
    : QWidget(parent),
      m_leftTitle(new TextLabel(theme::Role::TextMuted)),
      m_rightTitle(new TextLabel(theme::Role::TextMuted)),
      m_left(new MarkedText),
      m_right(new MarkedText) {
  m_left->setObjectName(QStringLiteral("tryRecorded"));
  m_left->setAccessibleName(tr("The recorded answer"));
  m_right->setObjectName(QStringLiteral("tryAnswered"));
  m_right->setAccessibleName(tr("The answer that came"));
  m_leftTitle->setObjectName(QStringLiteral("tryRecordedTitle"));
  m_rightTitle->setObjectName(QStringLiteral("tryAnsweredTitle"));
  follow(m_left->verticalScrollBar(), m_right->verticalScrollBar());
  follow(m_right->verticalScrollBar(), m_left->verticalScrollBar());

  auto* splitter = new QSplitter(Qt::Horizontal);
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(column(m_leftTitle, m_left));
  splitter->addWidget(column(m_rightTitle, m_right));
  splitter->setSizes({1000, 1000});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(splitter);
  showRecorded({}, {});
}

void AnswerCompare::showRecorded(const QStringList& recorded, const QString& hint) {
  m_leftTitle->setText(tr("recorded"));
  m_rightTitle->setText(tr("answered"));
  m_rightTitle->setRole(theme::Role::TextMuted);
  m_left->showLines(recorded);
  m_right->setPlaceholderText(hint);
  m_right->showLines({});
}

void AnswerCompare::showBoth(const QStringList& recorded, const QStringList& answered, Verdict verdict) {
  m_right->setLineWrapMode(verdict == Verdict::Missed ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
  if (verdict != Verdict::Differs) {
    const bool equal = verdict == Verdict::Equal;
    m_left->showLines(recorded);
    m_right->showLines(answered);
    m_rightTitle->setRole(equal ? theme::Role::Matched : theme::Role::Error);
    m_rightTitle->setText(equal ? tr("answered ✓ equal") : tr("answered ✗ missed"));
    return;
  }
  using Mark = MarkedText::Mark;
  QStringList left;
  QStringList right;
  std::vector<Mark> leftMarks;
  std::vector<Mark> rightMarks;
  std::uint64_t differing = 0;
  for (const LinePair& pair : alignLines(recorded, answered)) {
    left += pair.left < 0 ? QString() : recorded[pair.left];
    right += pair.right < 0 ? QString() : answered[pair.right];
    leftMarks.push_back(pair.same ? Mark::None : pair.left < 0 ? Mark::Missing : Mark::Differs);
    rightMarks.push_back(pair.same ? Mark::None : pair.right < 0 ? Mark::Missing : Mark::Differs);
    if (!pair.same) ++differing;
  }
  m_left->showLines(left, leftMarks);
  m_right->showLines(right, rightMarks);
  m_rightTitle->setRole(theme::Role::Error);
  // Messages may differ where JSON does not show it: in fields that no schema names.
  m_rightTitle->setText(
      differing == 0
          ? tr("answered ≠ differs in what JSON does not show")
          : tr("answered ≠ %1").arg(countWords(differing, tr("line differs"), tr("lines differ"))));
}

}  // namespace retake::gui
