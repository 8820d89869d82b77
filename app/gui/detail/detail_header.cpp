#include "detail/detail_header.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include "detail/segmented_switch.h"
#include "detail/strings.h"
#include "document/document.h"
#include "schema/call_kind.h"

namespace retake::gui {
namespace {

enum Half { kRequest, kResponse };

bool isEdited(const Document& document, EntryId id) {
  return differs(*document.snapshot().recording, *document.opened().recording, id);
}

}  // namespace

DetailHeader::DetailHeader(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_number(new TextLabel(theme::Role::Text, this)),
      m_method(new TextLabel(theme::Role::Text, this)),
      m_kind(new TextLabel(theme::Role::TextMuted, this)),
      m_status(new TextLabel(theme::Role::Text, this)),
      m_halves(new SegmentedSwitch(this)),
      m_stepper(new QWidget(this)),
      m_previous(new QToolButton(m_stepper)),
      m_next(new QToolButton(m_stepper)),
      m_place(new TextLabel(theme::Role::Text, m_stepper)) {
  m_number->setObjectName(QStringLiteral("callNumber"));
  m_number->setBold(true);
  m_number->setElide(Qt::ElideNone);
  m_method->setObjectName(QStringLiteral("callMethod"));
  m_method->setElide(Qt::ElideMiddle);
  m_kind->setObjectName(QStringLiteral("callKind"));
  m_status->setObjectName(QStringLiteral("callStatus"));
  m_status->setElide(Qt::ElideNone);
  m_halves->setObjectName(QStringLiteral("callHalves"));
  m_halves->add(kRequest, tr("Request"));
  m_halves->add(kResponse, tr("Response"));
  m_place->setObjectName(QStringLiteral("messagePlace"));
  m_previous->setObjectName(QStringLiteral("previousMessage"));
  m_previous->setText(QStringLiteral("◀"));
  m_previous->setAccessibleName(tr("Previous message"));
  m_previous->setToolTip(tr("Previous message (Alt+PgUp)"));
  m_next->setObjectName(QStringLiteral("nextMessage"));
  m_next->setText(QStringLiteral("▶"));
  m_next->setAccessibleName(tr("Next message"));
  m_next->setToolTip(tr("Next message (Alt+PgDown)"));
  for (QToolButton* button : {m_previous, m_next}) {
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoRaise(true);
  }

  auto* line = new QHBoxLayout;
  line->setContentsMargins(theme::kPaneMargin, theme::kGroupGap, theme::kPaneMargin, theme::kGrid);
  line->setSpacing(theme::kGroupGap);
  line->addWidget(m_number);
  line->addWidget(m_method, 1);
  line->addWidget(m_kind);
  line->addWidget(m_status);
  auto* step = new QHBoxLayout(m_stepper);
  step->setContentsMargins(theme::kGroupGap, 0, theme::kPaneMargin, theme::kGrid);
  step->setSpacing(theme::kGrid);
  step->addWidget(m_previous);
  step->addWidget(m_next);
  step->addWidget(m_place, 1);
  auto* halves = new QHBoxLayout;
  halves->setContentsMargins(theme::kPaneMargin - theme::kGroupGap, 0, theme::kPaneMargin, 0);
  halves->addWidget(m_halves);
  halves->addStretch(1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(line);
  layout->addLayout(halves);
  layout->addWidget(m_stepper);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

  connect(m_halves, &SegmentedSwitch::chosen, this, [this](int half) {
    const auto at = static_cast<std::size_t>(half);
    if (at < m_entries.size()) emit entryChosen(m_entries[at]);
  });
  const auto go = [this](int by) {
    if (const EntryId entry = neighbour(by)) emit entryChosen(entry);
  };
  connect(m_previous, &QToolButton::clicked, this, [go] { go(-1); });
  connect(m_next, &QToolButton::clicked, this, [go] { go(1); });
}

EntryId DetailHeader::neighbour(int step) const {
  if (m_entries.empty()) return {};
  // From the opening of the stream, which is none of its messages, the next one is the first.
  if (m_at >= m_entries.size()) return step > 0 ? m_entries.front() : EntryId{};
  if (step < 0) return m_at > 0 ? m_entries[m_at - 1] : EntryId{};
  return m_at + 1 < m_entries.size() ? m_entries[m_at + 1] : EntryId{};
}

void DetailHeader::show(std::optional<std::uint32_t> index, EntryId entry) {
  m_messages.clear();
  m_entries.clear();
  setVisible(index.has_value());
  if (!index) return;
  const Snapshot& snapshot = m_document.snapshot();
  const Recording& recording = *snapshot.recording;
  const Call call = (*snapshot.calls)[*index];
  m_messages = callMessages(recording, call);
  m_at = m_messages.size();
  for (const CallMessage& message : m_messages) {
    m_entries.push_back(recording.info(message.position).id);
    if (m_entries.back() == entry) m_at = m_entries.size() - 1;
  }
  m_number->setText(tr("Call %1").arg(call.number));
  QString method = toQString(recording.methodName(recording.info(call.first).method));
  m_method->setText(method.startsWith(u'/') ? method.sliced(1) : method);
  m_kind->setText(toQString(callKindName(callKind(*snapshot.schema, recording, call))));
  const CallEnd end = callEnd(recording, call);
  switch (end.kind) {
    case CallEnd::Kind::Ok:
      m_status->setRole(theme::Role::TextMuted);
      m_status->setText(QStringLiteral("✓ ") + tr("OK"));
      break;
    case CallEnd::Kind::Error: {
      m_status->setRole(theme::Role::Error);
      m_status->setText(QStringLiteral("✗ ") + toQString(statusCodeName(end.code)));
      break;
    }
    case CallEnd::Kind::Open:
      m_status->setRole(theme::Role::Warning);
      m_status->setText(call.isStream() ? tr("– no end recorded") : tr("– no response"));
      break;
  }
  m_halves->setVisible(!call.isStream());
  m_stepper->setVisible(call.isStream());
  if (call.isStream())
    showStream(snapshot, entry);
  else
    showUnary(snapshot, entry);
}

void DetailHeader::showUnary(const Snapshot&, EntryId) {
  const auto text = [this](const QString& name, std::size_t at) {
    return at < m_entries.size() && isEdited(m_document, m_entries[at]) ? name + QStringLiteral(" ✎") : name;
  };
  m_halves->setText(kRequest, text(tr("Request"), kRequest));
  m_halves->setText(kResponse, text(tr("Response"), kResponse));
  for (const std::size_t at : {std::size_t{kRequest}, std::size_t{kResponse}})
    m_halves->setMarked(static_cast<int>(at), at < m_entries.size() && isEdited(m_document, m_entries[at]));
  m_halves->setUsable(kResponse, m_entries.size() > 1, tr("No response was recorded"));
  m_halves->setCurrent(m_at < m_entries.size() ? static_cast<int>(m_at) : -1);
}

void DetailHeader::showStream(const Snapshot& snapshot, EntryId) {
  m_previous->setEnabled(bool(neighbour(-1)));
  m_next->setEnabled(bool(neighbour(1)));
  std::uint32_t total = 0;
  for (const CallMessage& message : m_messages) total = std::max(total, message.number);
  if (m_at >= m_messages.size()) {
    m_place->setText(m_messages.empty()
                         ? tr("opening of the stream; nothing went over it")
                         : tr("opening of the stream, before %1").arg(counted(total, "message", "messages")));
    return;
  }
  const CallMessage& message = m_messages[m_at];
  const QString mark = isEdited(m_document, m_entries[m_at]) ? QStringLiteral("  ✎") : QString();
  if (message.number > 0) {
    m_place->setText((message.sent ? tr("→ message %1 of %2, sent by the client")
                                   : tr("← message %1 of %2, received from the service"))
                         .arg(message.number)
                         .arg(total) +
                     mark);
    return;
  }
  const EntryInfo info = snapshot.recording->info(message.position);
  const QString what = info.kind == EntryKind::CreateStream ? tr("opening the stream failed")
                       : info.kind == EntryKind::Send       ? tr("→ sending failed")
                       : info.isError
                           ? tr("← end of the stream, after %1").arg(counted(total, "message", "messages"))
                           : tr("no message");
  m_place->setText(what + mark);
}

}  // namespace retake::gui
