#pragma once

#include <QFrame>
#include <functional>

class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace retake::gui {

// The bar in the window that says what went wrong, instead of a dialog in the way. One message at a
// time; it stays until closed or until something succeeds. Further lines open with "Details".
class MessageBar : public QFrame {
  Q_OBJECT
 public:
  explicit MessageBar(QWidget* parent = nullptr);

  enum class Kind { Error, Information };
  struct Action {
    QString text;
    std::function<void()> run;
  };
  void show(Kind kind, const QString& message, const QList<Action>& actions = {});
  QString message() const { return m_message; }
  bool showsError() const { return !m_message.isEmpty() && m_kind == Kind::Error; }

 public slots:
  void dismiss();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void setDetailsShown(bool shown);

  QString m_message;
  Kind m_kind = Kind::Error;
  QLabel* m_icon;
  QLabel* m_text;
  QHBoxLayout* m_actions;
  QToolButton* m_detailsButton;
  QToolButton* m_copy;
  QToolButton* m_close;
  QPlainTextEdit* m_details;
};

}  // namespace retake::gui
