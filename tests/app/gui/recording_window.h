#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QRadioButton>
#include <QTableView>
#include <fstream>

#include "format/replay_binary.h"
#include "main_window_fixture.h"
#include "schema/sources.h"
#include "serve/replay_server.h"
#include "served_shop.h"
#include "window/follow_flow.h"

namespace retake::test {

inline constexpr auto kShopProto =
    "syntax = 'proto3'; package shop.v1; message GetRequest { string sku = 1; }\n"
    "message Item { string name = 1; } service Cart { rpc Get(GetRequest) returns (Item); }\n";

inline std::shared_ptr<const Schema> shopSchema() {
  const QTemporaryDir folder;
  const std::string place = folder.filePath("shop.proto").toStdString();
  std::ofstream(place) << kShopProto;
  const auto schema = loadSchema({&place, 1});
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

// A service that answers "a" and "b" as often as one likes, and a window that records it.
class RecordingWindow : public Window {
 public:
  explicit RecordingWindow(std::shared_ptr<const Schema> schema = shopSchema()) {
    auto recording = replayBinaryFormat().read(sourceFromBytes(shop().bytes(), "shop"), {});
    ReplayPolicy policy;
    policy.match.reuse = Reuse::Cycle;
    auto server = ReplayServer::start(std::make_shared<const Recording>(*std::move(recording)),
                                      std::move(schema), {.policy = policy});
    if (!server) qFatal("%s", server.error().message.c_str());
    m_service = *std::move(server);
    m_serviceAddress = QString::fromStdString(*m_service->listen("127.0.0.1:0"));
  }

  ReplayServer& service() { return *m_service; }
  QString serviceAddress() const { return m_serviceAddress; }
  QString proxy() { return get().server().addresses().value(0); }
  QString file() const { return path(QStringLiteral("live.replay")); }

  // The dialog, filled in.
  QDialog* dialog(const QString& into, const char* mode = nullptr) {
    action("record")->trigger();
    auto* dialog = find<QDialog>(QStringLiteral("recordDialog"));
    if (!dialog) qFatal("there is no dialog");
    child<QLineEdit>("recordUpstream")->setText(m_serviceAddress);
    child<QLineEdit>("recordPath")->setText(into);
    if (mode) child<QRadioButton>(QStringLiteral("recordMode_") + QLatin1String(mode))->click();
    return dialog;
  }
  void listensOn(const QStringList& addresses) {
    auto* list = child<QListWidget>("recordEndpointsList");
    while (list->count() > 1) QTest::keyClick(list, Qt::Key_Delete);
    list->item(0)->setText(addresses.value(0));
    for (const QString& more : addresses.mid(1)) {
      auto* field = child<QLineEdit>("recordEndpointsField");
      QTest::keyClicks(field, more);
      QTest::keyClick(field, Qt::Key_Return);
    }
  }
  void press() { QTest::mouseClick(child<QPushButton>("recordButton"), Qt::LeftButton); }
  bool records(const char* mode = nullptr) {
    dialog(file(), mode);
    press();
    return QTest::qWaitFor([&] {
      return get().server().isRecording() && get().following().isFollowing() && !get().document().isBusy();
    });
  }
  bool stops() {
    action("record")->trigger();
    return QTest::qWaitFor([&] {
      return get().server().state() == ServerController::State::Stopped && !get().following().isFollowing();
    });
  }
  bool shows(int calls) {
    return QTest::qWaitFor([&] { return child<QTableView>("callTable")->model()->rowCount() == calls; });
  }
  QString label(const char* name) { return child<QWidget>(QLatin1String(name))->accessibleName(); }
  void choose(QComboBox* box, const char* text) {
    box->setCurrentIndex(box->findText(QLatin1String(text)));
    emit box->activated(box->currentIndex());
  }

 private:
  std::unique_ptr<ReplayServer> m_service;
  QString m_serviceAddress;
};

}  // namespace retake::test
