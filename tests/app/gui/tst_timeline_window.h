#pragma once

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include "support/replay_file.h"
#include "theme/theme.h"
#include "timeline/minimap.h"
#include "timeline/timeline_model.h"
#include "timeline/timeline_pane.h"
#include "timeline/timeline_view.h"

namespace retake::test {

using namespace retake::gui;

inline const Message kMessage{"pkg.M", "x"};

// Everything that a window would put around the timeline.
struct Bench {
  QTemporaryDir folder;
  Document document;
  Selection selection{document};
  CallRows rows{document};
  TimelinePane pane{document, selection, rows};

  Bench() {
    pane.resize(900, 320);
    pane.show();
    pane.setFocus();
  }
  TimelineView& view() { return pane.view(); }
  const Lanes& lanes() { return *pane.model().lanes(); }

  bool open(const ReplayFile& file) {
    const QString path = folder.filePath("calls.replay");
    QFile out(path);
    if (!out.open(QIODevice::WriteOnly)) return false;
    out.write(file.bytes().data(), static_cast<qint64>(file.bytes().size()));
    out.close();
    QSignalSpy opened(&document, &Document::fileOpened);
    document.open(path);
    return (!opened.isEmpty() || opened.wait()) && QTest::qWaitForWindowActive(&pane) &&
           QTest::qWaitFor([this] { return pane.model().lanes() && !pane.model().isBuilding(); });
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(view().viewport(), key, modifiers);
  }
  void wheel(QPoint at, int notches, Qt::KeyboardModifiers modifiers = {}) {
    QWheelEvent event(at, view().viewport()->mapToGlobal(QPointF(at)), {}, QPoint(0, 120 * notches),
                      Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(view().viewport(), &event);
  }
  QPoint middleOf(std::uint32_t call) { return view().callRect(call).center().toPoint(); }
  std::optional<std::uint32_t> selected() { return selection.call(); }
};

// How many pixels of the colour there are, exactly.
inline int pixels(const QImage& image, theme::Role role) {
  const QRgb wanted = theme::color(role).rgb();
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      count += (image.pixel(x, y) | 0xff000000u) == (wanted | 0xff000000u);
  return count;
}

inline int pixels(QWidget& widget, theme::Role role, QRect part = {}) {
  const QImage image = widget.grab(part.isNull() ? widget.rect() : part).toImage();
  return pixels(image, role);
}

// Ten calls of two methods in turn, then a stream of six messages; calls 5 (A) and 8 (B) fail.
inline ReplayFile smallFile() {
  ReplayFile file;
  for (int i = 0; i < 10; ++i) {
    const char* method = i % 2 ? "/s.S/B" : "/s.S/A";
    if (i == 4 || i == 7)
      file.unary(method, kMessage, Status{5, "gone", {}});
    else
      file.unary(method, kMessage, kMessage);
  }
  const auto stream = file.createStream("/t.T/Watch");
  file.send(stream, kMessage);
  for (int i = 0; i < 6; ++i) file.recv(stream, kMessage);
  file.recvEnd(stream);
  return file;
}

inline ReplayFile longFile(int calls) {
  ReplayFile file;
  for (int i = 0; i < calls; ++i) file.unary(i % 3 ? "/s.S/A" : "/s.S/B", kMessage, kMessage);
  return file;
}

}  // namespace retake::test
