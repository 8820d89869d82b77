#include "window/address_label.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "server/server_controller.h"
#include "theme/theme.h"

namespace retake::gui {

AddressLabel::AddressLabel(ServerController& server, QWidget* parent)
    : QWidget(parent), m_server(server), m_text(new QLabel(this)), m_copy(new QToolButton(this)) {
  setObjectName(QStringLiteral("addressLabel"));
  m_text->setObjectName(QStringLiteral("addressText"));
  m_text->setFont(theme::dataFont());
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_copy->setIcon(theme::icon(QStringLiteral("copy")));
  m_copy->setAutoRaise(true);
  m_copy->setToolTip(tr("Copy the address"));
  m_copy->setAccessibleName(m_copy->toolTip());
  connect(m_copy, &QToolButton::clicked, this, [this] {
    if (!m_server.addresses().isEmpty()) QGuiApplication::clipboard()->setText(m_server.addresses().first());
  });
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(theme::kGrid, 0, 0, 0);
  layout->setSpacing(theme::kGrid);
  layout->addWidget(m_text);
  layout->addWidget(m_copy);
  connect(&server, &ServerController::stateChanged, this, &AddressLabel::showState);
  showState();
}

void AddressLabel::showState() {
  const QStringList& addresses = m_server.addresses();
  const QString first = addresses.value(0);
  // The filter beside it needs the room.
  m_text->setText(addresses.size() > 1 ? tr("%1 +%2").arg(first).arg(addresses.size() - 1) : first);
  m_text->setToolTip(addresses.join(u'\n'));
  m_text->setVisible(m_server.isRunning());
  m_copy->setVisible(m_server.isRunning());
}

}  // namespace retake::gui
