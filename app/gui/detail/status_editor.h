#pragma once

#include <QWidget>
#include <optional>

#include "recording/status.h"
#include "schema/schema.h"

class QComboBox;
class QPlainTextEdit;

namespace retake::gui {

class EditBar;
class StatusDetails;

// A status as a form: code, message, details. As with JsonEditor, what is typed is a draft until it
// is committed, and whoever owns this keeps it.
class StatusEditor : public QWidget {
  Q_OBJECT
 public:
  explicit StatusEditor(QWidget* parent = nullptr);

  struct Options {
    bool editable = true;
    bool okAllowed = false;  // OK may be chosen: the end of a stream
    bool isNew = false;      // it stands for nothing that is recorded yet: it is a draft from the start
    QString hint = {};       // what the bar says while nothing is changed
  };
  void open(std::shared_ptr<const Schema> schema, const Status& recorded, const std::optional<QString>& draft,
            const Options& options);

  bool hasDraft() const { return m_hasDraft; }
  EditBar& bar() const { return *m_bar; }
  // The form written down, and the empty form for a status that begins.
  QString draftText() const;

 public slots:
  void commit();
  void discard();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 signals:
  void draftChanged(const std::optional<QString>& text);
  void committed(const retake::Status& status);

 private:
  void fill(const Status& status);
  void fillFrom(const QString& draft);
  void setCode(int code);
  void edited();
  void showState();
  // The status as the form says it; an Error names the detail that does not fit.
  Result<Status> status(int* wrongDetail = nullptr) const;

  std::shared_ptr<const Schema> m_schema;
  Status m_recorded;
  Options m_options;
  QString m_recordedText;
  bool m_hasDraft = false;
  bool m_filling = false;
  QComboBox* m_code;
  QPlainTextEdit* m_message;
  StatusDetails* m_details;
  EditBar* m_bar;
};

}  // namespace retake::gui
