#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "recording/status.h"
#include "schema/schema.h"

class QComboBox;
class QListWidget;
class QPushButton;

namespace retake::gui {

class CodeEdit;
class TextLabel;

// One detail of a status while it is edited.
struct DetailDraft {
  QString typeUrl;
  QString text;             // JSON of its type
  Any recorded;             // what it was made from; empty for a new one
  QString recordedText;     // its JSON
  bool unreadable = false;  // its bytes do not fit its type: kept as they are

  // `text` as bytes again; unchanged ones keep theirs. An Error says what does not fit.
  Result<Any> toAny(const Schema& schema) const;
};

DetailDraft detailFrom(const Schema& schema, const Any& any);

// The details of a status: each a message of its own type, edited as JSON.
class StatusDetails : public QWidget {
  Q_OBJECT
 public:
  explicit StatusDetails(QWidget* parent = nullptr);

  void open(std::shared_ptr<const Schema> schema, std::vector<DetailDraft> details, bool editable);
  const std::vector<DetailDraft>& details() const { return m_details; }
  void add(const QString& typeName);
  void removeCurrent();
  // Shows the detail that is wrong, with its mark.
  void showProblem(int index);

 signals:
  void changed();

 private:
  void fillList(int current);
  void showCurrent();
  void markCurrent();

  std::shared_ptr<const Schema> m_schema;
  std::vector<DetailDraft> m_details;
  bool m_editable = false;
  bool m_filling = false;
  QListWidget* m_list;
  CodeEdit* m_edit;
  TextLabel* m_note;
  QComboBox* m_type;
  QPushButton* m_add;
  QPushButton* m_remove;
};

}  // namespace retake::gui
