#include "detail/status_editor.h"

#include <QComboBox>
#include <QFormLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

#include "detail/edit_bar.h"
#include "detail/status_details.h"
#include "detail/strings.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

constexpr int kHighestNamedCode = 16;

QString codeText(int code) {
  return code >= 0 && code <= kHighestNamedCode
             ? QStringLiteral("%1  %2").arg(code, 2).arg(toQString(statusCodeName(code)))
             : QStringLiteral("%1").arg(code);
}

}  // namespace

StatusEditor::StatusEditor(QWidget* parent)
    : QWidget(parent),
      m_code(new QComboBox(this)),
      m_message(new QPlainTextEdit(this)),
      m_details(new StatusDetails(this)),
      m_bar(new EditBar(this)) {
  m_code->setObjectName(QStringLiteral("statusCode"));
  m_code->setAccessibleName(tr("Status code"));
  m_code->setFont(theme::dataFont());
  // The wheel scrolls past it; it chooses only where the person has gone.
  m_code->setFocusPolicy(Qt::StrongFocus);
  m_code->installEventFilter(this);
  m_message->setObjectName(QStringLiteral("statusMessage"));
  m_message->setAccessibleName(tr("Status message"));
  m_message->setFont(theme::dataFont());
  m_message->setTabChangesFocus(true);
  m_message->setFixedHeight(3 * m_message->fontMetrics().lineSpacing() + 4 * theme::kGrid);

  auto* scroll = new QScrollArea(this);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  form->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGroupGap);
  form->setHorizontalSpacing(theme::kPaneMargin);
  form->setVerticalSpacing(theme::kGroupGap);
  form->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->addRow(tr("C&ode"), m_code);
  form->addRow(tr("&Message"), m_message);
  form->addRow(tr("De&tails"), m_details);
  m_details->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  scroll->setWidget(page);
  layout->addWidget(scroll, 1);
  layout->addWidget(m_bar);

  connect(m_code, &QComboBox::currentIndexChanged, this, &StatusEditor::edited);
  connect(m_message, &QPlainTextEdit::textChanged, this, &StatusEditor::edited);
  connect(m_details, &StatusDetails::changed, this, &StatusEditor::edited);
  connect(m_bar, &EditBar::apply, this, &StatusEditor::commit);
  connect(m_bar, &EditBar::discard, this, &StatusEditor::discard);
  connect(m_bar, &EditBar::placeClicked, this, [this] {
    int wrong = -1;
    if (!status(&wrong) && wrong >= 0) m_details->showProblem(wrong);
  });
  for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
    auto* apply = new QShortcut(QKeySequence(Qt::CTRL | key), this);
    apply->setContext(Qt::WidgetWithChildrenShortcut);
    connect(apply, &QShortcut::activated, this, &StatusEditor::commit);
  }
  auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
  escape->setContext(Qt::WidgetWithChildrenShortcut);
  connect(escape, &QShortcut::activated, this, &StatusEditor::discard);
}

bool StatusEditor::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_code && event->type() == QEvent::Wheel && !m_code->hasFocus()) {
    event->ignore();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void StatusEditor::open(std::shared_ptr<const Schema> schema, const Status& recorded,
                        const std::optional<QString>& draft, const Options& options) {
  m_schema = std::move(schema);
  m_recorded = recorded;
  m_options = options;
  m_filling = true;
  m_code->clear();
  for (int code = options.okAllowed ? 0 : 1; code <= kHighestNamedCode; ++code)
    m_code->addItem(codeText(code), code);
  m_code->setEnabled(options.editable);
  m_message->setReadOnly(!options.editable);
  m_bar->setVisible(options.editable);
  m_bar->setHint(options.hint.isEmpty() ? tr("Ctrl+Enter applies a change, Esc discards it") : options.hint);
  fill(recorded);
  m_recordedText = draftText();
  if (draft && *draft != m_recordedText) fillFrom(*draft);
  m_filling = false;
  m_hasDraft = options.isNew || draftText() != m_recordedText;
  showState();
}

void StatusEditor::setCode(int code) {
  int at = m_code->findData(code);
  if (at < 0) {
    // A code that gRPC does not name is kept: some services send their own.
    m_code->addItem(codeText(code), code);
    at = m_code->count() - 1;
  }
  m_code->setCurrentIndex(at);
}

void StatusEditor::fill(const Status& status) {
  setCode(status.code);
  m_message->setPlainText(toQString(status.message));
  std::vector<DetailDraft> details;
  for (const Any& any : status.details) details.push_back(detailFrom(*m_schema, any));
  m_details->open(m_schema, std::move(details), m_options.editable);
}

void StatusEditor::fillFrom(const QString& draft) {
  const QJsonObject form = QJsonDocument::fromJson(draft.toUtf8()).object();
  setCode(form[u"code"].toInt());
  m_message->setPlainText(form[u"message"].toString());
  std::vector<DetailDraft> details;
  for (const QJsonValue& value : form[u"details"].toArray()) {
    const QJsonObject detail = value.toObject();
    const Any recorded{toUtf8(detail[u"recordedType"].toString()),
                       QByteArray::fromBase64(detail[u"recorded"].toString().toLatin1()).toStdString()};
    DetailDraft made;
    if (!recorded.typeUrl.empty()) made = detailFrom(*m_schema, recorded);
    made.typeUrl = detail[u"type"].toString();
    made.text = detail[u"text"].toString();
    details.push_back(std::move(made));
  }
  m_details->open(m_schema, std::move(details), m_options.editable);
}

QString StatusEditor::draftText() const {
  QJsonArray details;
  for (const DetailDraft& detail : m_details->details())
    details.append(
        QJsonObject{{QStringLiteral("type"), detail.typeUrl},
                    {QStringLiteral("text"), detail.text},
                    {QStringLiteral("recordedType"), toQString(detail.recorded.typeUrl)},
                    {QStringLiteral("recorded"),
                     QString::fromLatin1(QByteArray::fromStdString(detail.recorded.value).toBase64())}});
  return QString::fromUtf8(QJsonDocument(QJsonObject{{QStringLiteral("code"), m_code->currentData().toInt()},
                                                     {QStringLiteral("message"), m_message->toPlainText()},
                                                     {QStringLiteral("details"), details}})
                               .toJson(QJsonDocument::Compact));
}

Result<Status> StatusEditor::status(int* wrongDetail) const {
  Status status{.code = m_code->currentData().toInt(), .message = m_recorded.message, .details = {}};
  // The editor turns line ends and odd characters into its own; what was not touched stays.
  const QString shown = m_message->toPlainText();
  QString before = toQString(m_recorded.message);
  before.replace(QStringLiteral("\r\n"), QStringLiteral("\n")).replace(u'\r', u'\n');
  if (shown != before) status.message = toUtf8(shown);
  int index = 0;
  for (const DetailDraft& detail : m_details->details()) {
    auto any = detail.toAny(*m_schema);
    if (!any) {
      if (wrongDetail) *wrongDetail = index;
      return any.error();
    }
    status.details.push_back(*std::move(any));
    ++index;
  }
  return status;
}

void StatusEditor::edited() {
  if (m_filling || !m_schema) return;
  const QString now = draftText();
  m_hasDraft = m_options.isNew || now != m_recordedText;
  showState();
  emit draftChanged(m_hasDraft ? std::optional(now) : std::nullopt);
}

void StatusEditor::showState() {
  if (!m_hasDraft) {
    m_bar->show(EditBar::State::Unchanged);
    return;
  }
  const auto made = status();
  if (made)
    m_bar->show(EditBar::State::Draft, m_options.isNew ? QStringLiteral("✎ ") + m_options.hint : QString());
  else
    m_bar->show(EditBar::State::Invalid, toQString(made.error().message));
}

void StatusEditor::commit() {
  if (!m_hasDraft || !m_options.editable) return;
  int wrong = -1;
  const auto made = status(&wrong);
  if (!made) {
    if (wrong >= 0) m_details->showProblem(wrong);
    return;
  }
  emit committed(*made);
}

void StatusEditor::discard() {
  if (!m_hasDraft) return;
  m_filling = true;
  fill(m_recorded);
  m_filling = false;
  m_hasDraft = false;
  showState();
  emit draftChanged(std::nullopt);
}

}  // namespace retake::gui
