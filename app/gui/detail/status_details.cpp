#include "detail/status_details.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "detail/code_edit.h"
#include "detail/padded_cells.h"
#include "detail/strings.h"
#include "detail/text_label.h"
#include "recording/entry.h"
#include "schema/json.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

// The types that google/rpc/error_details.proto has for this.
constexpr const char* kUsual[] = {"BadRequest",       "DebugInfo",    "ErrorInfo",           "Help",
                                  "LocalizedMessage", "QuotaFailure", "PreconditionFailure", "RequestInfo",
                                  "ResourceInfo",     "RetryInfo"};

}  // namespace

DetailDraft detailFrom(const Schema& schema, const Any& any) {
  DetailDraft detail{.typeUrl = toQString(any.typeUrl), .text = {}, .recorded = any, .recordedText = {}};
  const auto json = toJson(schema, typeNameOf(any.typeUrl), any.value);
  detail.unreadable = !json;
  detail.text = toQString(json ? json->text : json.error().message);
  detail.recordedText = detail.text;
  return detail;
}

Result<Any> DetailDraft::toAny(const Schema& schema) const {
  if (unreadable || (!recorded.typeUrl.empty() && text == recordedText)) return recorded;
  const std::string url = toUtf8(typeUrl);
  const JsonParse parse = fromJson(schema, typeNameOf(url), toUtf8(text), recorded.value);
  if (!parse.ok()) return Error{std::string(typeNameOf(url)) + ": " + describe(parse.problems.front())};
  return Any{url, parse.message};
}

StatusDetails::StatusDetails(QWidget* parent)
    : QWidget(parent),
      m_list(new QListWidget(this)),
      m_edit(new CodeEdit(this)),
      m_note(new TextLabel(theme::Role::TextMuted, this)),
      m_type(new QComboBox(this)),
      m_add(new QPushButton(tr("Add detail"), this)),
      m_remove(new QPushButton(tr("Remove"), this)) {
  m_list->setObjectName(QStringLiteral("statusDetails"));
  m_list->setAccessibleName(tr("Details of the status"));
  m_list->setFont(theme::dataFont());
  m_list->setItemDelegate(new PaddedDelegate(m_list));
  m_edit->setObjectName(QStringLiteral("statusDetailText"));
  m_edit->setAccessibleName(tr("Detail as JSON"));
  // Less shows too little of a detail to edit it; the form scrolls.
  m_edit->setMinimumHeight(5 * m_edit->fontMetrics().lineSpacing() + 4 * theme::kGrid);
  m_type->setObjectName(QStringLiteral("statusDetailType"));
  m_type->setAccessibleName(tr("Type of a new detail"));
  m_type->setEditable(true);
  m_type->setInsertPolicy(QComboBox::NoInsert);
  m_type->setMinimumContentsLength(16);
  m_type->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_type->completer()->setFilterMode(Qt::MatchContains);
  m_type->completer()->setCompletionMode(QCompleter::PopupCompletion);
  m_add->setObjectName(QStringLiteral("addDetail"));
  m_remove->setObjectName(QStringLiteral("removeDetail"));
  m_note->setWrap(true);

  auto* chosen = new QHBoxLayout;
  chosen->setSpacing(theme::kGroupGap);
  chosen->addWidget(m_list, 1);
  chosen->addWidget(m_remove, 0, Qt::AlignTop);
  auto* added = new QHBoxLayout;
  added->setSpacing(theme::kGroupGap);
  added->addWidget(m_type, 1);
  added->addWidget(m_add);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGrid);
  layout->addLayout(chosen);
  layout->addWidget(m_note);
  layout->addWidget(m_edit, 1);
  layout->addLayout(added);
  layout->addStretch(0);

  connect(m_list, &QListWidget::currentRowChanged, this, &StatusDetails::showCurrent);
  connect(m_add, &QPushButton::clicked, this, [this] { add(m_type->currentText()); });
  connect(m_remove, &QPushButton::clicked, this, &StatusDetails::removeCurrent);
  connect(m_edit, &CodeEdit::textChanged, this, [this] {
    const int row = m_list->currentRow();
    if (m_filling || m_edit->isFilling() || row < 0) return;
    m_details[static_cast<std::size_t>(row)].text = m_edit->toPlainText();
    markCurrent();
    emit changed();
  });
}

void StatusDetails::open(std::shared_ptr<const Schema> schema, std::vector<DetailDraft> details,
                         bool editable) {
  const bool newSchema = schema != m_schema;
  m_schema = std::move(schema);
  m_details = std::move(details);
  m_editable = editable;
  if (newSchema && m_schema) {
    m_type->clear();
    for (const char* name : kUsual) m_type->addItem(QStringLiteral("google.rpc.") + QLatin1String(name));
    for (const std::string& name : m_schema->messageNames()) m_type->addItem(toQString(name));
  }
  for (QWidget* widget : {static_cast<QWidget*>(m_type), static_cast<QWidget*>(m_add)})
    widget->setVisible(editable);
  fillList(m_details.empty() ? -1
                             : std::clamp(m_list->currentRow(), 0, static_cast<int>(m_details.size()) - 1));
}

void StatusDetails::fillList(int current) {
  m_filling = true;
  m_list->clear();
  const int rowHeight = m_list->fontMetrics().height() + theme::kGroupGap;
  for (const DetailDraft& detail : m_details) {
    m_list->addItem(toQString(typeNameOf(toUtf8(detail.typeUrl))));
    m_list->item(m_list->count() - 1)->setSizeHint({0, rowHeight});
  }
  m_list->setCurrentRow(current);
  m_filling = false;
  // As high as its rows, up to four.
  const int rows = std::clamp(static_cast<int>(m_details.size()), 1, 4);
  m_list->setFixedHeight(rows * rowHeight + 2 * m_list->frameWidth());
  m_list->setVisible(!m_details.empty());
  showCurrent();
}

void StatusDetails::showCurrent() {
  if (m_filling) return;
  const int row = m_list->currentRow();
  const bool some = row >= 0 && row < static_cast<int>(m_details.size());
  m_edit->setVisible(some);
  m_note->setVisible(!some || m_details[static_cast<std::size_t>(row)].unreadable);
  m_remove->setVisible(m_editable && some);
  if (!some) {
    m_note->setRole(theme::Role::TextMuted);
    m_note->setText(m_editable ? tr("No details. Add one to tell clients more than code and message do.")
                               : tr("No details."));
    return;
  }
  const DetailDraft& detail = m_details[static_cast<std::size_t>(row)];
  if (detail.unreadable) {
    m_note->setRole(theme::Role::Error);
    m_note->setText(tr("✗ This detail cannot be read and is kept as it is: %1").arg(detail.text));
    m_edit->hide();
    return;
  }
  m_filling = true;
  m_edit->setEditable(m_editable);
  if (m_edit->toPlainText() != detail.text) m_edit->fill(detail.text);
  m_filling = false;
  markCurrent();
}

void StatusDetails::markCurrent() {
  const int row = m_list->currentRow();
  if (row < 0 || !m_schema) return;
  const DetailDraft& detail = m_details[static_cast<std::size_t>(row)];
  const JsonParse parse =
      fromJson(*m_schema, typeNameOf(toUtf8(detail.typeUrl)), toUtf8(detail.text), detail.recorded.value);
  if (parse.ok())
    m_edit->markError(std::nullopt);
  else
    m_edit->markError(CodeEdit::Place{static_cast<int>(parse.problems.front().line),
                                      static_cast<int>(parse.problems.front().column)});
}

void StatusDetails::add(const QString& typeName) {
  const QString name = typeName.trimmed();
  if (name.isEmpty() || !m_editable || !m_schema) return;
  DetailDraft detail;
  detail.typeUrl = name.contains(u'/') ? name : toQString(kTypeUrlPrefix) + name;
  const auto json = toJson(*m_schema, typeNameOf(toUtf8(detail.typeUrl)), {});
  detail.text = json ? toQString(json->text) : QStringLiteral("{}");
  m_details.push_back(std::move(detail));
  fillList(static_cast<int>(m_details.size()) - 1);
  m_edit->setFocus();
  emit changed();
}

void StatusDetails::removeCurrent() {
  const int row = m_list->currentRow();
  if (row < 0 || !m_editable) return;
  m_details.erase(m_details.begin() + row);
  fillList(std::min(row, static_cast<int>(m_details.size()) - 1));
  emit changed();
}

void StatusDetails::showProblem(int index) {
  m_list->setCurrentRow(index);
  if (const auto mark = m_edit->errorMark()) m_edit->moveTo(*mark);
}

}  // namespace retake::gui
