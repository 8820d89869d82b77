#pragma once

#include <QAction>
#include <QList>
#include <QObject>

namespace retake::gui {

class Document;
class ServerController;

// What one does with the stand-in, for the panel and the menu. Texts, and what can be done now, follow the
// controller. What toggle, nextMiss and options do is the panel's.
class ServerActions : public QObject {
  Q_OBJECT
 public:
  ServerActions(ServerController& controller, Document& document, QObject* parent);

  // Whether there is something to start or stop now, also while toggle() is hidden.
  bool canToggle() const;
  QAction* toggle() const { return m_toggle; }
  QAction* copy() const { return m_copy; }
  QAction* reset() const { return m_reset; }
  QAction* hold() const { return m_hold; }
  QAction* step() const { return m_step; }
  QAction* nextMiss() const { return m_nextMiss; }
  QAction* options() const { return m_options; }
  QList<QAction*> all() const { return {m_toggle, m_copy, m_reset, m_hold, m_step, m_nextMiss, m_options}; }

 private:
  void build();
  void showState();
  void showHolding();

  ServerController& m_controller;
  Document& m_document;
  QAction* m_toggle;
  QAction* m_copy;
  QAction* m_reset;
  QAction* m_hold;
  QAction* m_step;
  QAction* m_nextMiss;
  QAction* m_options;
};

}  // namespace retake::gui
