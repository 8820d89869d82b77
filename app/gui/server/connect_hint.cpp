#include "server/connect_hint.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/text_label.h"
#include "theme/theme.h"

namespace retake::gui {

QString connectSnippet(ClientLanguage language, const QString& address, const QString& service) {
  QString target = address;
  if (target.endsWith(QStringLiteral(":0"))) target.replace(target.size() - 1, 1, QStringLiteral("PORT"));
  const QString name = service.section(u'.', -1);
  const QString stub = name.isEmpty() ? QStringLiteral("Service") : name;
  switch (language) {
    case ClientLanguage::Go:
      return QStringLiteral(
                 "conn, err := grpc.Dial(\"%1\",\n"
                 "    grpc.WithTransportCredentials(insecure.NewCredentials()))\n"
                 "client := pb.New%2Client(conn)")
          .arg(target, stub);
    case ClientLanguage::Python:
      return QStringLiteral(
                 "channel = grpc.insecure_channel(\"%1\")\n"
                 "stub = pb2_grpc.%2Stub(channel)")
          .arg(target, stub);
    case ClientLanguage::Cpp:
      return QStringLiteral(
                 "auto channel = grpc::CreateChannel(\"%1\",\n"
                 "                                   grpc::InsecureChannelCredentials());\n"
                 "auto stub = %2::NewStub(channel);")
          .arg(target, stub);
    case ClientLanguage::Grpcurl:
      return QStringLiteral("grpcurl -plaintext -proto FILE.proto -d '{}' %1 %2/METHOD")
          .arg(target, service.isEmpty() ? QStringLiteral("pkg.Service") : service);
  }
  return {};
}

ConnectHint::ConnectHint(QWidget* parent)
    : QWidget(parent),
      m_sentence(new TextLabel(theme::Role::TextMuted)),
      m_box(new QWidget),
      m_languages(new QTabBar),
      m_snippet(new QPlainTextEdit) {
  setObjectName(QStringLiteral("connectHint"));
  setBackgroundRole(QPalette::Base);
  setAutoFillBackground(true);
  m_sentence->setObjectName(QStringLiteral("connectSentence"));
  m_sentence->setWrap(true);

  m_languages->setObjectName(QStringLiteral("connectLanguage"));
  m_languages->setAccessibleName(tr("Language of the client"));
  m_languages->setDrawBase(false);
  m_languages->setExpanding(false);
  for (const QString& language :
       {QStringLiteral("Go"), QStringLiteral("Python"), QStringLiteral("C++"), QStringLiteral("grpcurl")}) {
    m_languages->addTab(language);
  }
  auto* copy = new QToolButton;
  copy->setObjectName(QStringLiteral("connectCopy"));
  copy->setText(tr("Copy"));
  copy->setIcon(theme::icon(QStringLiteral("copy")));
  copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  copy->setAccessibleName(tr("Copy the lines that connect a client"));
  copy->setFocusPolicy(Qt::StrongFocus);

  m_snippet->setObjectName(QStringLiteral("connectSnippet"));
  m_snippet->setAccessibleName(tr("How a client connects"));
  m_snippet->setReadOnly(true);
  m_snippet->setFrameShape(QFrame::NoFrame);
  m_snippet->setFont(theme::dataFont());
  m_snippet->document()->setDocumentMargin(0);
  m_snippet->setLineWrapMode(QPlainTextEdit::NoWrap);
  m_snippet->setTabChangesFocus(true);
  m_snippet->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  // Four lines: the longest snippet has three.
  m_snippet->setFixedHeight(QFontMetrics(m_snippet->font()).lineSpacing() * 4);

  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(0, 0, 0, 0);
  bar->setSpacing(theme::kGroupGap);
  bar->addWidget(m_languages);
  bar->addWidget(copy);
  bar->addStretch(1);
  auto* box = new QVBoxLayout(m_box);
  box->setContentsMargins(0, 0, 0, 0);
  box->setSpacing(theme::kGrid);
  box->addLayout(bar);
  box->addWidget(m_snippet);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin, theme::kPaneMargin);
  layout->setSpacing(theme::kGroupGap);
  layout->addWidget(m_sentence);
  layout->addWidget(m_box);
  layout->addStretch(1);

  connect(m_languages, &QTabBar::currentChanged, this, &ConnectHint::showSnippet);
  connect(copy, &QToolButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(m_snippet->toPlainText()); });
}

void ConnectHint::setSentence(const QString& sentence) { m_sentence->setText(sentence); }

void ConnectHint::setTarget(const QString& address, const QString& service) {
  m_address = address;
  m_service = service;
  showSnippet();
}

void ConnectHint::setSnippetShown(bool shown) { m_box->setVisible(shown); }

void ConnectHint::showSnippet() {
  m_snippet->setPlainText(
      connectSnippet(static_cast<ClientLanguage>(m_languages->currentIndex()), m_address, m_service));
}

}  // namespace retake::gui
