#include "window/start_page.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "theme/theme.h"
#include "window/recent_files.h"

namespace retake::gui {
namespace {

constexpr int kColumnWidth = 560;

QString shortened(QString path) {
  const QString home = QDir::homePath();
  if (path.startsWith(home + u'/')) path.replace(0, home.size(), QStringLiteral("~"));
  return path;
}

// The name, then its folder, dimmer, in the room that is left.
class RecentDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {0, option.fontMetrics.height() + 12};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QFontMetrics& metrics = option.fontMetrics;
    if (option.state & QStyle::State_MouseOver)
      painter->fillRect(option.rect, theme::color(theme::Role::Hover));
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
      painter->fillRect(option.rect, theme::color(theme::Role::SelectionFill));
    const QRect rect = option.rect.adjusted(theme::kGrid, 0, -theme::kGrid, 0);
    theme::icon(QStringLiteral("file"))
        .paint(painter, QRect(rect.left(), rect.center().y() - 7, 16, 16), Qt::AlignCenter, QIcon::Normal);
    QRect text = rect.adjusted(16 + theme::kGroupGap, 0, 0, 0);
    const QString name = metrics.elidedText(index.data().toString(), Qt::ElideMiddle, text.width());
    painter->setPen(theme::color(theme::Role::Text));
    painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, name);
    text.setLeft(text.left() + metrics.horizontalAdvance(name) + theme::kPaneMargin);
    if (text.width() < 60) return;
    painter->setPen(theme::color(theme::Role::TextMuted));
    painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                      metrics.elidedText(shortened(QFileInfo(index.data(Qt::UserRole).toString()).path()),
                                         Qt::ElideMiddle, text.width()));
  }
};

}  // namespace

StartPage::StartPage(RecentFiles& recent, QWidget* parent) : QWidget(parent), m_recent(recent) {
  setObjectName(QStringLiteral("startPage"));
  setAccessibleName(tr("Start"));
  m_column = new QWidget(this);
  m_column->setFixedWidth(kColumnWidth);

  auto* mark = new QLabel(m_column);
  mark->setPixmap(theme::icon(QStringLiteral("retake")).pixmap(QSize(48, 48), devicePixelRatioF()));
  auto* title = new QLabel(QStringLiteral("Retake"), m_column);
  QFont large = title->font();
  large.setPointSizeF(large.pointSizeF() * 2);
  title->setFont(large);
  auto* what = new QLabel(
      tr("Open or make a recording of gRPC calls, read it, change an answer, and serve it in place of "
         "the real service."),
      m_column);
  what->setWordWrap(true);
  // Layouts ask for the height of wrapped text at another width than this one.
  what->setFixedHeight(what->heightForWidth(kColumnWidth));

  auto* open = new QPushButton(theme::icon(QStringLiteral("open")), tr("&Open a recording…"), m_column);
  open->setObjectName(QStringLiteral("startOpen"));
  open->setDefault(true);
  auto* sample = new QPushButton(theme::icon(QStringLiteral("try")), tr("&Try the sample"), m_column);
  sample->setObjectName(QStringLiteral("startSample"));
  sample->setAutoDefault(true);
  sample->setToolTip(tr("A small recording with the four kinds of call, an error and its schema"));
  connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
  connect(sample, &QPushButton::clicked, this, &StartPage::sampleRequested);
  auto* record = new QPushButton(theme::icon(QStringLiteral("record")), tr("Record &a service…"), m_column);
  record->setObjectName(QStringLiteral("startRecord"));
  record->setAutoDefault(true);
  record->setToolTip(tr("Stand between a service and its clients, and record their calls"));
  connect(record, &QPushButton::clicked, this, &StartPage::recordRequested);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme::kGroupGap);
  buttons->addWidget(open);
  buttons->addWidget(record);
  buttons->addWidget(sample);
  buttons->addStretch(1);

  auto* drop =
      new QLabel(tr("or drop a .replay file here, with its .proto files or descriptor set"), m_column);

  m_recentPart = new QWidget(m_column);
  auto* recentTitle = new QLabel(tr("Recent"), m_recentPart);
  m_list = new QListWidget(m_recentPart);
  m_list->setObjectName(QStringLiteral("recentList"));
  m_list->setAccessibleName(tr("Recent files"));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setItemDelegate(new RecentDelegate(m_list));
  m_list->setUniformItemSizes(true);
  m_list->setMouseTracking(true);
  recentTitle->setBuddy(m_list);
  const auto choose = [this](const QListWidgetItem* item) {
    emit fileRequested(item->data(Qt::UserRole).toString());
  };
  connect(m_list, &QListWidget::itemActivated, this, choose);
  connect(m_list, &QListWidget::itemClicked, this, choose);
  auto* recentLayout = new QVBoxLayout(m_recentPart);
  recentLayout->setContentsMargins(0, 3 * theme::kPaneMargin, 0, 0);
  recentLayout->setSpacing(theme::kGrid);
  recentLayout->addWidget(recentTitle);
  recentLayout->addWidget(m_list);

  auto* column = new QVBoxLayout(m_column);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(theme::kGroupGap);
  column->addWidget(mark);
  column->addSpacing(theme::kGrid);
  column->addWidget(title);
  column->addWidget(what);
  column->addSpacing(theme::kPaneMargin);
  column->addLayout(buttons);
  column->addWidget(drop);
  column->addWidget(m_recentPart);

  auto* layout = new QVBoxLayout(this);
  layout->addStretch(2);
  layout->addWidget(m_column, 0, Qt::AlignHCenter);
  layout->addStretch(3);
  m_muted = {what, drop, recentTitle};
  setFocusProxy(open);
  updateColors();
  connect(&m_recent, &RecentFiles::changed, this, &StartPage::showRecent);
  showRecent();
}

void StartPage::showRecent() {
  m_list->clear();
  const QFontMetrics metrics(m_list->font());
  for (const QString& path : m_recent.paths()) {
    auto* item = new QListWidgetItem(QFileInfo(path).fileName(), m_list);
    item->setData(Qt::UserRole, path);
    item->setToolTip(path);
  }
  if (m_list->count() > 0) m_list->setCurrentRow(0, QItemSelectionModel::NoUpdate);
  m_list->setFixedHeight(m_list->count() * (metrics.height() + 12) + 4);
  m_recentPart->setVisible(m_list->count() > 0);
}

void StartPage::setDropHighlighted(bool highlighted) {
  m_dropHighlighted = highlighted;
  update();
}

void StartPage::updateColors() {
  for (QWidget* widget : std::as_const(m_muted)) {
    QPalette colors;
    colors.setColor(QPalette::WindowText, theme::color(theme::Role::TextMuted));
    widget->setPalette(colors);
  }
}

void StartPage::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) updateColors();
}

void StartPage::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme::color(theme::Role::Surface));
  if (!m_dropHighlighted) return;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(theme::color(theme::Role::Accent), 2, Qt::DashLine));
  painter.drawRoundedRect(QRectF(rect()).adjusted(12, 12, -12, -12), 8, 8);
}

}  // namespace retake::gui
