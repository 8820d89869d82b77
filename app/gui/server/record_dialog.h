#pragma once

#include <QDialog>
#include <array>
#include <optional>

#include "server/record_start.h"

class QCheckBox;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QRadioButton;

namespace retake::gui {

class Document;
class EndpointsFields;
class ServerController;
class TextLabel;
class UpstreamFields;

// What is to be recorded, and where: the service, the addresses for its clients, the file, and the mode.
// Stays open until the recording has begun, with a sentence where it cannot.
class RecordDialog : public QDialog {
  Q_OBJECT
 public:
  RecordDialog(ServerController& controller, Document& document, QWidget* parent);

 protected:
  bool event(QEvent* event) override;

 private:
  struct Mode {
    RecordMode mode;
    QRadioButton* button;
  };

  QWidget* buildFields();
  void fit();
  void choose();
  void begin();
  void fill(const Workspace& workspace);
  void showFile();
  void showState();
  void say(const QString& sentence, bool isError);
  QString path() const;
  RecordMode mode() const;
  // The settings that go with `path`, with what is chosen here not yet in them.
  Workspace settingsOf(const QString& path) const;

  ServerController& m_controller;
  Document& m_document;
  UpstreamFields* m_upstream = nullptr;
  EndpointsFields* m_endpoints = nullptr;
  QLineEdit* m_path;
  TextLabel* m_file;
  std::array<Mode, 4> m_modes;
  Workspace m_filled;  // what service and endpoints were filled in with
  bool m_modeChosen = false;
  QCheckBox* m_ask;
  QCheckBox* m_plain;
  TextLabel* m_rules;
  TextLabel* m_sentence;
  QProgressBar* m_progress;
  QPushButton* m_record;
  std::optional<RecordSettings> m_next;  // when what is served has stopped
};

}  // namespace retake::gui
