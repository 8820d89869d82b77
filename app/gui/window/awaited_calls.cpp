#include "window/awaited_calls.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "detail/strings.h"
#include "detail/text_label.h"
#include "document/document.h"
#include "server/server_controller.h"
#include "theme/theme.h"

namespace retake::gui {

AwaitedCalls::AwaitedCalls(Document& document, ServerController& server, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_server(server),
      m_where(new TextLabel),
      m_addresses(new QLabel),
      m_copy(new QPushButton(theme::icon(QStringLiteral("copy")), tr("Copy address"))),
      m_then(new TextLabel(theme::Role::TextMuted)) {
  setObjectName(QStringLiteral("awaitedCalls"));
  setAccessibleName(tr("No call yet"));
  setBackgroundRole(QPalette::Base);
  setAutoFillBackground(true);
  for (TextLabel* label : {m_where, m_then}) {
    label->setWrap(true);
    label->setAlignment(Qt::AlignCenter);
  }
  m_where->setObjectName(QStringLiteral("awaitedWhere"));
  m_then->setObjectName(QStringLiteral("awaitedThen"));
  m_addresses->setObjectName(QStringLiteral("awaitedAddresses"));
  m_addresses->setAccessibleName(tr("Address to point a client at"));
  m_addresses->setTextFormat(Qt::PlainText);
  m_addresses->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  m_copy->setObjectName(QStringLiteral("awaitedCopy"));
  m_copy->setAutoDefault(false);
  connect(m_copy, &QPushButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(m_server.addresses().value(0)); });

  auto* address = new QHBoxLayout;
  address->setSpacing(theme::kPaneMargin);
  address->addStretch(1);
  address->addWidget(m_addresses);
  address->addWidget(m_copy, 0, Qt::AlignVCenter);
  address->addStretch(1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  layout->setSpacing(theme::kGroupGap);
  layout->addStretch(1);
  layout->addWidget(m_where);
  layout->addLayout(address);
  layout->addWidget(m_then);
  layout->addStretch(1);

  connect(&server, &ServerController::stateChanged, this, &AwaitedCalls::showState);
  connect(&server, &ServerController::recordedChanged, this, &AwaitedCalls::showState);
  connect(&document, &Document::changed, this, &AwaitedCalls::showState);
  connect(&document, &Document::fileChanged, this, &AwaitedCalls::showState);
}

void AwaitedCalls::showState() {
  // A recording that is only replayed, or that has stopped for an error, waits for nothing.
  const bool awaiting = m_document.isOpen() && m_document.snapshot().calls->size() == 0 &&
                        m_server.isRunning() && m_server.isRecordingShown() &&
                        m_server.recordMode() != RecordMode::None && m_server.recordFailure().isEmpty();
  if (awaiting) {
    const QStringList& addresses = m_server.addresses();
    m_where->setText(addresses.size() == 1 ? tr("No call yet. Point a client at this address:")
                                           : tr("No call yet. Point a client at one of these addresses:"));
    m_addresses->setFont(theme::dataFont());
    m_addresses->setText(addresses.join(u'\n'));
    m_copy->setToolTip(tr("Copy %1").arg(addresses.value(0)));
    m_then->setText(
        tr("It stands in place of %1. Calls go there, appear here as they happen, and are kept in %2.")
            .arg(toQString(m_document.snapshot().workspace->upstream.address),
                 QFileInfo(m_server.recordPath()).fileName()));
  }
  if (awaiting == std::exchange(m_isAwaiting, awaiting)) return;
  emit awaitingChanged(awaiting);
}

}  // namespace retake::gui
