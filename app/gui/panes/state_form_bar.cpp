#include "panes/state_form_bar.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <algorithm>
#include <array>

#include "detail/segmented_switch.h"
#include "detail/strings.h"
#include "initial_state/state_guess.h"
#include "theme/theme.h"

namespace retake::gui {
namespace {

using Kind = StateForm::Kind;

// Of those that every schema has, what a test may keep.
constexpr std::array kUsual{"google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.Struct",
                            "google.protobuf.Any"};

QString shapeText(const IntegerShape& shape) {
  const QString name = toQString(shapeName({shape.size, shape.isSigned, false})).remove(QStringLiteral("le"));
  if (shape.size == 1) return name;
  return name + (shape.bigEndian ? StateFormBar::tr(" big-endian") : StateFormBar::tr(" little-endian"));
}

QString byNumber() { return StateFormBar::tr("(fields by number)"); }

}  // namespace

StateFormBar::StateFormBar(QWidget* parent)
    : QWidget(parent),
      m_switch(new SegmentedSwitch(this)),
      m_shapes(new QComboBox(this)),
      m_types(new QComboBox(this)) {
  m_switch->setObjectName(QStringLiteral("initialStateForm"));
  const auto add = [this](Kind kind, const QString& text, const QString& toolTip) {
    m_switch->add(static_cast<int>(kind), text, toolTip);
  };
  add(Kind::Hex, tr("Hex"), tr("Two digits a byte"));
  add(Kind::Base64, tr("Base64"), tr("The bytes in base64"));
  add(Kind::Utf8, tr("Text"), tr("The bytes as UTF-8"));
  add(Kind::Json, tr("JSON"), tr("The bytes are JSON text"));
  add(Kind::GoTime, tr("Go time"), tr("What Go's time.MarshalBinary writes, as RFC 3339"));
  add(Kind::Integer, tr("Integer"), tr("A whole number of 1, 2, 4 or 8 bytes"));
  add(Kind::Message, tr("Message"), tr("A message of the schema, as JSON"));
  m_shapes->setObjectName(QStringLiteral("initialStateInteger"));
  m_shapes->setAccessibleName(tr("Which integer"));
  for (const IntegerShape& shape : integerShapes()) m_shapes->addItem(shapeText(shape));
  m_types->setObjectName(QStringLiteral("initialStateType"));
  m_types->setAccessibleName(tr("Type of the message"));
  m_types->setEditable(true);
  m_types->setInsertPolicy(QComboBox::NoInsert);
  m_types->setMinimumContentsLength(22);
  m_types->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_types->completer()->setFilterMode(Qt::MatchContains);
  m_types->completer()->setCompletionMode(QCompleter::PopupCompletion);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme::kGroupGap);
  layout->addWidget(m_switch);
  layout->addWidget(m_shapes);
  layout->addWidget(m_types);

  connect(m_switch, &SegmentedSwitch::chosen, this,
          [this](int kind) { emit chosen(ofKind(static_cast<Kind>(kind))); });
  connect(m_shapes, &QComboBox::activated, this, [this](int index) {
    emit chosen({.kind = Kind::Integer, .integer = integerShapes()[static_cast<std::size_t>(index)]});
  });
  connect(m_types, &QComboBox::activated, this, &StateFormBar::chooseType);
  connect(m_types->lineEdit(), &QLineEdit::editingFinished, this, &StateFormBar::chooseType);
  setForm({});
}

StateForm StateFormBar::ofKind(Kind kind) const {
  StateForm form{.kind = kind};
  if (kind == Kind::Integer) form.integer = m_integer;
  if (kind != Kind::Message) return form;
  form.type = toUtf8(m_type);
  if (form.type.empty() && m_fitting.size() == 1) form.type = m_fitting.front();
  return form;
}

void StateFormBar::setForm(const StateForm& form) {
  m_form = form;
  m_switch->setCurrent(static_cast<int>(form.kind));
  m_shapes->setVisible(form.kind == Kind::Integer);
  m_types->setVisible(form.kind == Kind::Message);
  if (form.kind == Kind::Integer) {
    m_integer = form.integer;
    const auto& all = integerShapes();
    m_shapes->setCurrentIndex(static_cast<int>(std::find(all.begin(), all.end(), m_integer) - all.begin()));
  }
  if (form.kind == Kind::Message) {
    m_type = toQString(form.type);
    m_types->setEditText(m_type.isEmpty() ? byNumber() : m_type);
  }
}

void StateFormBar::setTypes(const std::shared_ptr<const Schema>& schema, ByteView bytes) {
  auto fitting = fittingTypes(bytes, *schema);
  if (schema != m_schema || fitting != m_fitting) {
    m_schema = schema;
    m_fitting = std::move(fitting);
    const QString typed = m_types->currentText();
    m_types->clear();
    for (const std::string& name : m_fitting) m_types->addItem(toQString(name));
    m_types->addItem(byNumber());
    for (const char* name : kUsual) m_types->addItem(QLatin1String(name));
    for (const std::string& name : schema->messageNames())
      if (!std::binary_search(m_fitting.begin(), m_fitting.end(), name)) m_types->addItem(toQString(name));
    m_types->setEditText(typed);
  }
  // The integer that is shown next is one that these bytes can be.
  const std::size_t size = bytes.size();
  if (m_form.kind != Kind::Integer && (size == 1 || size == 2 || size == 4 || size == 8))
    m_integer.size = static_cast<std::uint8_t>(size);
}

void StateFormBar::setUsable(Kind kind, bool usable, const QString& why) {
  m_switch->setUsable(static_cast<int>(kind), usable, why);
}

void StateFormBar::chooseType() {
  if (m_form.kind != Kind::Message) return;  // it is being hidden, and loses the focus
  const QString text = m_types->currentText().trimmed();
  const QString type = text == byNumber() ? QString() : text;
  if (type == m_type) return;
  emit chosen({.kind = Kind::Message, .type = toUtf8(type)});
}

}  // namespace retake::gui
