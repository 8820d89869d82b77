#include "calls/call_delegate.h"

#include <QPainter>

#include "calls/call_rows.h"
#include "calls/call_table_model.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

using theme::Role;

void paintMethod(QPainter* painter, const QRect& rect, const QFontMetrics& metrics, const QString& text,
                 qsizetype serviceLength) {
  const QString method = text.mid(serviceLength);
  const int methodWidth = metrics.horizontalAdvance(method);
  constexpr int kShortestService = 40;  // less of it than this says nothing
  QString service = text.left(serviceLength);
  if (methodWidth + kShortestService > rect.width())
    service.clear();
  else
    service = metrics.elidedText(service, Qt::ElideMiddle, rect.width() - methodWidth);
  painter->setPen(theme::color(Role::TextMuted));
  painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, service);
  painter->setPen(theme::color(Role::Text));
  painter->drawText(rect.adjusted(metrics.horizontalAdvance(service), 0, 0, 0),
                    Qt::AlignLeft | Qt::AlignVCenter,
                    service.isEmpty() ? metrics.elidedText(method, Qt::ElideMiddle, rect.width()) : method);
}

}  // namespace

void CallDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
  const bool selected = option.state & QStyle::State_Selected;
  const bool focused = option.state & QStyle::State_Active && option.widget && option.widget->hasFocus();
  if (selected)
    painter->fillRect(option.rect, theme::color(Role::SelectionFill));
  else if (index.row() == m_hoverRow)
    painter->fillRect(option.rect, theme::color(Role::Hover));
  if (selected && index.column() == 0)
    painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())),
                      theme::color(focused ? Role::Accent : Role::TextMuted));

  painter->setFont(option.font);
  const QRect rect = option.rect.adjusted(theme::kGrid, 0, -theme::kGrid, 0);
  const QFontMetrics metrics(option.font);
  const QString text = index.data(Qt::DisplayRole).toString();
  if (static_cast<CallColumn>(index.column()) == CallColumn::Method) {
    const qsizetype service = index.data(CallTableModel::ServiceRole).toString().size();
    paintMethod(painter, rect, metrics, text, service == 0 ? 0 : service + 1);
    return;
  }
  if (index.data(CallTableModel::UsedRole).toBool()) {
    const int size = std::min(metrics.averageCharWidth(), 6);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme::color(Role::Matched));
    painter->drawEllipse(QRect(rect.left() + 2, rect.center().y() - size / 2, size, size));
    painter->restore();
  }
  painter->setPen(index.data(Qt::ForegroundRole).value<QColor>());
  const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
  painter->drawText(rect, static_cast<int>(alignment),
                    metrics.elidedText(text, Qt::ElideRight, rect.width()));
}

}  // namespace retake::gui
