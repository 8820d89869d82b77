#pragma once

#include <QWidget>
#include <memory>

#include "base/bytes.h"
#include "initial_state/state_form.h"
#include "schema/schema.h"

class QComboBox;

namespace retake::gui {

class SegmentedSwitch;

// The forms that an initial state can be said in, side by side; for an integer also which one, for a message
// also of which type.
class StateFormBar : public QWidget {
  Q_OBJECT
 public:
  explicit StateFormBar(QWidget* parent = nullptr);

  StateForm form() const { return m_form; }
  void setForm(const StateForm& form);  // does not emit chosen()
  // Types to choose from: first those that `bytes` fit.
  void setTypes(const std::shared_ptr<const Schema>& schema, ByteView bytes);
  void setUsable(StateForm::Kind kind, bool usable, const QString& why = {});

 signals:
  // The form is a wish: setForm() says what became of it.
  void chosen(const retake::StateForm& form);

 private:
  StateForm ofKind(StateForm::Kind kind) const;
  void chooseType();

  StateForm m_form;
  IntegerShape m_integer;  // as last shown
  QString m_type;
  std::shared_ptr<const Schema> m_schema;
  std::vector<std::string> m_fitting;
  SegmentedSwitch* m_switch;
  QComboBox* m_shapes;
  QComboBox* m_types;
};

}  // namespace retake::gui
