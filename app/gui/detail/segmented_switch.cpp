#include "detail/segmented_switch.h"

#include <QHBoxLayout>
#include <QPainter>

#include "theme/theme.h"

namespace retake::gui {
namespace {

class Segment : public QAbstractButton {
 public:
  using QAbstractButton::QAbstractButton;

  bool marked = false;

  QSize sizeHint() const override {
    QFont bold = font();
    bold.setBold(true);  // so that nothing moves when it is chosen
    return {QFontMetrics(bold).horizontalAdvance(text()) + 4 * theme::kGrid,
            fontMetrics().height() + 2 * theme::kGrid};
  }
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    if (isEnabled() && underMouse() && !isChecked())
      painter.fillRect(rect(), theme::color(theme::Role::Hover));
    QFont f = font();
    f.setBold(isChecked());
    painter.setFont(f);
    theme::Role role = isChecked() ? theme::Role::Text : theme::Role::TextMuted;
    if (marked) role = theme::Role::Edited;
    if (!isEnabled()) role = theme::Role::TextDisabled;
    painter.setPen(theme::color(role));
    painter.drawText(rect(), Qt::AlignCenter, text());
    if (isChecked()) painter.fillRect(QRect(0, height() - 2, width(), 2), theme::color(theme::Role::Accent));
    if (hasFocus()) {
      painter.setPen(theme::color(theme::Role::Accent));
      painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
  }
  void enterEvent(QEnterEvent* event) override {
    QAbstractButton::enterEvent(event);
    update();
  }
  void leaveEvent(QEvent* event) override {
    QAbstractButton::leaveEvent(event);
    update();
  }
};

}  // namespace

SegmentedSwitch::SegmentedSwitch(QWidget* parent) : QWidget(parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(&m_group, &QButtonGroup::idClicked, this, &SegmentedSwitch::chosen);
}

QAbstractButton* SegmentedSwitch::add(int id, const QString& text, const QString& toolTip) {
  auto* segment = new Segment(this);
  segment->setObjectName(QStringLiteral("segment%1").arg(id));
  segment->setCheckable(true);
  segment->setText(text);
  segment->setAccessibleName(text);
  segment->setToolTip(toolTip);
  segment->setFocusPolicy(Qt::TabFocus);
  segment->setProperty("toolTip0", toolTip);
  m_group.addButton(segment, id);
  layout()->addWidget(segment);
  return segment;
}

void SegmentedSwitch::setText(int id, const QString& text) {
  m_group.button(id)->setText(text);
  m_group.button(id)->setAccessibleName(text);
  m_group.button(id)->updateGeometry();
}

void SegmentedSwitch::setMarked(int id, bool marked) {
  auto* segment = static_cast<Segment*>(m_group.button(id));
  segment->marked = marked;
  segment->update();
}

void SegmentedSwitch::setShown(int id, bool shown) { m_group.button(id)->setVisible(shown); }

void SegmentedSwitch::setUsable(int id, bool usable, const QString& why) {
  auto* segment = m_group.button(id);
  segment->setEnabled(usable);
  segment->setToolTip(usable || why.isEmpty() ? segment->property("toolTip0").toString() : why);
}

void SegmentedSwitch::setCurrent(int id) {
  if (auto* segment = m_group.button(id)) {
    segment->setChecked(true);
    return;
  }
  // None: an exclusive group does not let go of its button otherwise.
  m_group.setExclusive(false);
  if (auto* checked = m_group.checkedButton()) checked->setChecked(false);
  m_group.setExclusive(true);
}

}  // namespace retake::gui
