#include <grpcpp/grpcpp.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "support/certificates.h"
#include "upstreams.h"

using namespace retake;
using test::Certificates;
using test::LiveUpstream;
using test::pingRequest;
using test::SteppedCall;

namespace {

constexpr int kUnavailable = 14;

ForwardedCall::End pinged(const Upstream& upstream) {
  const auto channel = openChannel(upstream);
  if (!channel) return {.code = -1, .message = channel.error().message};
  SteppedCall call(*channel, {"/pinger.Pinger/Ping"});
  if (call.write(pingRequest("one"))) call.halfClose();
  return call.end();
}

}  // namespace

// Addresses and files that channels are opened with.
class tst_Upstream : public QObject {
  Q_OBJECT

 private slots:
  void aMalformedAddressIsAnError_data() {
    QTest::addColumn<QString>("address");
    for (const char* address :
         {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", ":50051", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:http", "::1:1", "[::1]", "[127.0.0.1:1", "http://127.0.0.1:1", "a b:1", "unix:"})
      QTest::addRow("\"%s\"", address) << address;
    QTest::addRow("a long path") << "unix:/" + QString(200, 'x');
  }
  void aMalformedAddressIsAnError() {
    QFETCH(QString, address);
    const auto channel = openChannel({.address = address.toStdString()});
    QVERIFY(!channel);
    const std::string begin =
        "cannot use " + (address.isEmpty() ? "\"\"" : address.toStdString()) + " as an upstream: expected ";
    QVERIFY2(channel.error().message.starts_with(begin), channel.error().message.c_str());
  }

  void eachKindOfAddressIsReached_data() {
    QTest::addColumn<QString>("listen");
    QTest::addColumn<QString>("dial");
    QTest::addRow("IPv4") << "127.0.0.1:0"
                          << "127.0.0.1:";
    QTest::addRow("IPv6") << "[::1]:0"
                          << "[::1]:";
    QTest::addRow("a name") << "127.0.0.1:0"
                            << "localhost:";
  }
  void eachKindOfAddressIsReached() {
    QFETCH(QString, listen);
    QFETCH(QString, dial);
    const test::LivePinger pinger(listen.toStdString());
    const std::string& address = pinger.address();
    if (address.ends_with(":0")) QSKIP("no IPv6 on this machine: row skipped");
    const std::string port = address.substr(address.rfind(':') + 1);
    const ForwardedCall::End end = pinged({.address = dial.toStdString() + port});
    QVERIFY2(end.code == 0, end.message.c_str());
  }

  void aSocketMayHaveAnyName_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"plain", "a b", "100%", "what?", "number#1", "\xc3\xa4"})
      QTest::addRow("%s", name) << QString::fromUtf8(name);
  }
  void aSocketMayHaveAnyName() {
    QFETCH(QString, name);
    const QTemporaryDir folder;
    // gRPC's server takes an address for a URI where it looks like one; a link leads to what it makes.
    const test::LivePinger pinger("unix:" + folder.filePath("socket").toStdString());
    if (name != "plain") QVERIFY(QFile::link(folder.filePath("socket"), folder.filePath(name)));
    const QString path = folder.filePath(name == "plain" ? QString("socket") : name);
    const ForwardedCall::End end = pinged({.address = "unix:" + path.toStdString()});
    QVERIFY2(end.code == 0, end.message.c_str());
    QVERIFY(end.reached);
  }

  void aBadFileIsNamed_data() {
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("cert");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("error");
    const Certificates& made = Certificates::get();
    const auto row = [](const char* name, const std::string& ca, const std::string& cert,
                        const std::string& key, const std::string& error) {
      QTest::addRow("%s", name) << QString::fromStdString(ca) << QString::fromStdString(cert)
                                << QString::fromStdString(key) << QString::fromStdString(error);
    };
    row("no such file", "/nonexistent/ca.pem", "", "", "/nonexistent/ca.pem: ");
    row("a key for a CA", made.clientKey, "", "", made.clientKey + ": expected the certificate of a CA");
    row("a key for a certificate", "", made.clientKey, made.clientKey,
        made.clientKey + ": expected a certificate");
    row("a certificate for a key", "", made.client, made.client, made.client + ": expected a private key");
    row("another's key", "", made.client, made.serverKey, made.serverKey + ": expected the key of the");
    row("no key", "", made.client, "", "cannot use 127.0.0.1:1 as an upstream: a client certificate needs");
    row("no certificate", "", "", made.clientKey,
        "cannot use 127.0.0.1:1 as an upstream: a client key needs");
  }
  void aBadFileIsNamed() {
    QFETCH(QString, ca);
    QFETCH(QString, cert);
    QFETCH(QString, key);
    QFETCH(QString, error);
    const auto channel = openChannel({.address = "127.0.0.1:1",
                                      .tls = {.enabled = true,
                                              .caFile = ca.toStdString(),
                                              .certFile = cert.toStdString(),
                                              .keyFile = key.toStdString()}});
    QVERIFY(!channel);
    QVERIFY2(channel.error().message.starts_with(error.toStdString()), channel.error().message.c_str());
  }

  void whoIsNotTrustedIsNotReached_data() {
    QTest::addColumn<QString>("transport");
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("shown");
    QTest::addColumn<bool>("reached");
    const Certificates& made = Certificates::get();
    const QString ca = QString::fromStdString(made.ca);
    const QString other = QString::fromStdString(made.otherCa);
    QTest::addRow("our authority") << "TLS" << ca << "" << false << true;
    QTest::addRow("the name that it has") << "TLS" << ca << "localhost" << false << true;
    QTest::addRow("another name") << "TLS" << ca << "other.example" << false << false;
    QTest::addRow("another authority") << "TLS" << other << "" << false << false;
    QTest::addRow("the system's authorities") << "TLS"
                                              << ""
                                              << "" << false << false;
    QTest::addRow("with our certificate") << "mutual TLS" << ca << "" << true << true;
    QTest::addRow("without our certificate") << "mutual TLS" << ca << "" << false << false;
  }
  void whoIsNotTrustedIsNotReached() {
    QFETCH(QString, transport);
    QFETCH(QString, ca);
    QFETCH(QString, name);
    QFETCH(bool, shown);
    QFETCH(bool, reached);
    LiveUpstream live(transport);
    live.upstream.tls.caFile = ca.toStdString();
    live.upstream.tls.serverName = name.toStdString();
    if (!shown) live.upstream.tls.certFile = live.upstream.tls.keyFile = {};
    const ForwardedCall::End end = pinged(live.upstream);
    QVERIFY2(end.code == (reached ? 0 : kUnavailable), end.message.c_str());
  }

  // gRPC shares connections to one address: one that came later would meet the service that is gone.
  void eachChannelHasAConnectionOfItsOwn() {
    std::string address;
    for (int i = 0; i < 3; ++i) {
      const test::LivePinger pinger(address.empty() ? "127.0.0.1:0" : address);
      address = pinger.address();
      QCOMPARE(pinged({.address = address}).code, 0);
    }
  }
};

QTEST_GUILESS_MAIN(tst_Upstream)
#include "tst_upstream.moc"
