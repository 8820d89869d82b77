#pragma once

#include <grpcpp/grpcpp.h>

#include <QTest>
#include <functional>

#include "client/recorded_client.h"
#include "document/selection.h"
#include "opened_document.h"
#include "server/server_controller.h"
#include "support/replay_file.h"

// A small recording, a client of it, and the window's server with it open.
namespace retake::test {

inline constexpr auto kMethod = "/shop.v1.Cart/Get";

inline Message request(std::string_view sku) { return {"shop.v1.GetRequest", field(1, sku)}; }
inline Message item(std::string_view name) { return {"shop.v1.Item", field(1, name)}; }

// Two unary calls and a stream whose end was not recorded.
inline ReplayFile shop() {
  ReplayFile file;
  file.unary(kMethod, request("a"), item("apple"));
  file.unary(kMethod, request("b"), item("banana"));
  const auto stream = file.createStream("/shop.v1.Feed/Watch");
  file.send(stream, request("all"));
  file.recv(stream, item("first"));
  file.send(stream, request("more"));
  return file;
}

inline ClientOutcome call(const QString& address, const std::string& bytes) {
  ClientScript script;
  script.method = kMethod;
  script.steps.push_back({true, bytes, "shop.v1.GetRequest", {}});
  const auto channel = grpc::CreateChannel(address.toStdString(), grpc::InsecureChannelCredentials());
  return play(channel, script, std::chrono::seconds(10));
}

class ServedShop {
 public:
  ServedShop() { open(shop().bytes(), QStringLiteral("shop.replay")); }

  gui::Document& document() { return m_opened.document; }
  gui::Selection& selection() { return m_selection; }
  gui::ServerController& server() { return m_server; }
  QString address() const { return m_server.addresses().value(0); }

  void open(const std::string& bytes, const QString& name) {
    QVERIFY(m_opened.open(m_opened.write(name, bytes)));
  }
  // Another workspace, as the panes change it.
  void set(const std::function<void(Workspace&)>& change) {
    Workspace workspace = *document().snapshot().workspace;
    change(workspace);
    document().pushWorkspace(workspace, QStringLiteral("test"));
  }
  void start() {
    m_server.start();
    QCOMPARE(m_server.state(), gui::ServerController::State::Starting);
    QTRY_COMPARE(m_server.state(), gui::ServerController::State::Running);
  }

 private:
  OpenedDocument m_opened;
  gui::Selection m_selection{m_opened.document};
  gui::ServerController m_server{m_opened.document};
};

}  // namespace retake::test
