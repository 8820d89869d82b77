#include "window/message_bar.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "theme/theme.h"

namespace retake::gui {
namespace {

// More lines than this scroll.
constexpr int kDetailLines = 8;

QToolButton* makeButton(const QString& icon, const QString& name, const QString& objectName,
                        QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setObjectName(objectName);
  button->setIcon(theme::icon(icon));
  button->setToolTip(name);
  button->setAccessibleName(name);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::StrongFocus);
  return button;
}

}  // namespace

MessageBar::MessageBar(QWidget* parent) : QFrame(parent) {
  setObjectName(QStringLiteral("messageBar"));
  setAccessibleName(tr("Message"));
  m_icon = new QLabel(this);
  m_text = new QLabel(this);
  m_text->setObjectName(QStringLiteral("messageText"));
  m_text->setTextFormat(Qt::PlainText);
  m_text->setWordWrap(true);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  m_detailsButton = new QToolButton(this);
  m_detailsButton->setObjectName(QStringLiteral("messageDetailsButton"));
  m_detailsButton->setText(tr("Details"));
  m_detailsButton->setIcon(theme::icon(QStringLiteral("down")));
  m_detailsButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  m_detailsButton->setAutoRaise(true);
  m_detailsButton->setCheckable(true);
  m_detailsButton->setFocusPolicy(Qt::StrongFocus);
  connect(m_detailsButton, &QToolButton::toggled, this, &MessageBar::setDetailsShown);
  m_copy = makeButton(QStringLiteral("copy"), tr("Copy the message"), QStringLiteral("messageCopy"), this);
  connect(m_copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_message); });
  m_close =
      makeButton(QStringLiteral("close"), tr("Close the message"), QStringLiteral("messageClose"), this);
  connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);

  m_details = new QPlainTextEdit(this);
  m_details->setObjectName(QStringLiteral("messageDetails"));
  m_details->setAccessibleName(tr("Details"));
  m_details->setReadOnly(true);
  m_details->setLineWrapMode(QPlainTextEdit::NoWrap);
  m_details->setFrameShape(NoFrame);

  m_actions = new QHBoxLayout;
  m_actions->setSpacing(theme::kGroupGap);
  auto* line = new QHBoxLayout;
  line->setContentsMargins(theme::kPaneMargin, theme::kGrid, theme::kGrid, theme::kGrid);
  line->setSpacing(theme::kGroupGap);
  line->addWidget(m_icon);
  line->addWidget(m_text, 1);
  line->addWidget(m_detailsButton);
  line->addLayout(m_actions);
  line->addWidget(m_copy);
  line->addWidget(m_close);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 1);
  layout->setSpacing(0);
  layout->addLayout(line);
  layout->addWidget(m_details);
  hide();
}

void MessageBar::show(Kind kind, const QString& message, const QList<Action>& actions) {
  m_kind = kind;
  m_message = message.trimmed();
  const QStringList lines = m_message.split(u'\n', Qt::SkipEmptyParts);
  const QString first = lines.isEmpty() ? QString() : lines.first();
  const bool several = lines.size() > 1;
  m_text->setText(several ? tr("%1 (and %n more)", nullptr, static_cast<int>(lines.size()) - 1).arg(first)
                          : first);
  const bool error = kind == Kind::Error;
  m_icon->setPixmap(theme::pixmap(error ? QStringLiteral("error") : QStringLiteral("info"),
                                  error ? theme::Role::Error : theme::Role::Accent, 16, devicePixelRatioF()));
  m_detailsButton->setVisible(several);
  m_detailsButton->setChecked(false);
  setDetailsShown(false);
  m_details->setFont(theme::dataFont());
  m_details->setPlainText(m_message);
  const int shown = std::min(static_cast<int>(lines.size()), kDetailLines);
  m_details->setFixedHeight(QFontMetrics(m_details->font()).lineSpacing() * shown + 2 * theme::kGroupGap);

  while (QLayoutItem* item = m_actions->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  for (const Action& action : actions) {
    auto* button = new QPushButton(action.text, this);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, [this, run = action.run] {
      dismiss();
      run();
    });
    m_actions->addWidget(button);
  }
  setAccessibleDescription(m_message);
  QFrame::show();
  update();
}

void MessageBar::dismiss() {
  m_message.clear();
  hide();
}

void MessageBar::setDetailsShown(bool shown) {
  m_details->setVisible(shown);
  m_detailsButton->setIcon(theme::icon(shown ? QStringLiteral("up") : QStringLiteral("down")));
}

void MessageBar::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape)
    dismiss();
  else
    QFrame::keyPressEvent(event);
}

void MessageBar::paintEvent(QPaintEvent*) {
  const bool error = m_kind == Kind::Error;
  QPainter painter(this);
  painter.fillRect(rect(), theme::color(error ? theme::Role::ErrorFill : theme::Role::SelectionFill));
  painter.fillRect(0, 0, 3, height(), theme::color(error ? theme::Role::Error : theme::Role::Accent));
  painter.fillRect(0, height() - 1, width(), 1, theme::color(theme::Role::Hairline));
}

}  // namespace retake::gui
