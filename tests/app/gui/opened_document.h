#pragma once

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "document/document.h"
#include "support/replay_file.h"

namespace retake::test {

// A file in a folder of its own, and a document to open it with.
struct OpenedDocument {
  QTemporaryDir folder;
  gui::Document document;

  QString write(const QString& name, const std::string& bytes) {
    const QString path = folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0)
      qFatal("cannot write %s", qPrintable(path));
    return path;
  }

  static QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
  }

  // True when it was opened; waits for that.
  bool open(const QString& path) {
    QSignalSpy opened(&document, &gui::Document::fileOpened);
    QSignalSpy failed(&document, &gui::Document::failed);
    document.open(path);
    return QTest::qWaitFor([&] { return !opened.isEmpty() || !failed.isEmpty(); }) && !opened.isEmpty() &&
           QTest::qWaitFor([&] { return !document.isBusy(); });
  }
  bool open(const ReplayFile& file) { return open(write(QStringLiteral("test.replay"), file.bytes())); }

  EntryId idAt(std::uint32_t position) const { return document.snapshot().recording->info(position).id; }
};

// Two unary calls of a cart, the second failed, and a stream that ended well.
inline ReplayFile cartFile() {
  ReplayFile file("seed");
  file.unary("/shop.v1.Cart/Add", {"shop.v1.Item", field(1, "sku-1")},
             {"shop.v1.Cart", field(1, std::uint64_t{7})});
  file.unary("/shop.v1.Cart/Remove", {"shop.v1.Item", field(1, "sku-2")}, Status{5, "no such sku", {}});
  const auto stream = file.createStream("/shop.v1.Feed/Watch");
  file.send(stream, {"shop.v1.WatchRequest", field(1, "all")});
  file.recv(stream, {"shop.v1.Event", field(1, "a")});
  file.recv(stream, {"shop.v1.Event", field(1, std::string(3000, 'b'))});
  file.recvEnd(stream);
  file.request("/shop.v1.Cart/Add", {"shop.v1.Item", field(1, "sku-3")});
  return file;
}

}  // namespace retake::test
