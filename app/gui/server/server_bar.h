#pragma once

#include <QWidget>

class QComboBox;
class QLayout;
class QLineEdit;
class QPushButton;

namespace retake::gui {

class Document;
class ServerActions;
class ServerController;
class TextLabel;

// The two rows at the top of the server panel: where it listens, start and stop, what it has answered; and
// how it answers.
class ServerBar : public QWidget {
  Q_OBJECT
 public:
  // `logBar` stands at the end of the second row.
  ServerBar(ServerController& controller, Document& document, const ServerActions& actions, QWidget* logBar,
            QWidget* parent = nullptr);
  ~ServerBar() override;

  // Takes over what stands in the field.
  void changeAddress();

 signals:
  // Of the button that starts and stops.
  void togglePressed();

 private:
  QLayout* buildWhere();
  QLayout* buildHow(QWidget* logBar);
  void showState();
  void showAddress();
  void showCounts();
  void showHolding();
  void showPolicy();
  void showRecording();
  void showFailure(const QString& sentence);

  ServerController& m_controller;
  Document& m_document;
  const ServerActions& m_actions;

  QLineEdit* m_address;
  TextLabel* m_more;
  QPushButton* m_start;
  TextLabel* m_status;
  TextLabel* m_served;
  TextLabel* m_missed;
  TextLabel* m_forwarded;
  TextLabel* m_unused;
  TextLabel* m_held;
  QComboBox* m_mode;  // of a recording under way
  TextLabel* m_policy;
};

}  // namespace retake::gui
