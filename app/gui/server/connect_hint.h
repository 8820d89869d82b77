#pragma once

#include <QWidget>

class QPlainTextEdit;
class QTabBar;

namespace retake::gui {

class TextLabel;

enum class ClientLanguage { Go, Python, Cpp, Grpcurl };
inline constexpr int kClientLanguages = 4;

// How a client in that language is pointed at `address`, for a service of the recording
// ("pkg.Service", may be empty). "PORT" stands where the port is not known yet.
QString connectSnippet(ClientLanguage language, const QString& address, const QString& service);

// What stands in place of an empty log: what would be here, the next step, and how a client connects,
// to be copied.
class ConnectHint : public QWidget {
  Q_OBJECT
 public:
  explicit ConnectHint(QWidget* parent = nullptr);

  void setSentence(const QString& sentence);
  void setTarget(const QString& address, const QString& service);
  // Without a recording there is nothing to connect to.
  void setSnippetShown(bool shown);

 private:
  void showSnippet();

  TextLabel* m_sentence;
  QWidget* m_box;
  QTabBar* m_languages;
  QPlainTextEdit* m_snippet;
  QString m_address;
  QString m_service;
};

}  // namespace retake::gui
