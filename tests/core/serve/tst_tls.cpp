#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "served.h"
#include "support/certificates.h"
#include "support/replay_file.h"

using namespace retake;
using test::Certificates;
using test::contentOf;
using test::dial;
using test::field;
using test::serve;
using test::simple;
using test::unary;

namespace {

const Certificates& made() { return Certificates::get(); }

std::unique_ptr<ReplayServer> serveAgain() {
  return serve(simple(), {.policy = {.match = {.reuse = Reuse::Last}}});
}

// Both kinds of endpoint, and how a client dials them.
void addPlaces() {
  QTest::addColumn<QString>("place");
  QTest::addRow("TCP") << "127.0.0.1:0";
  QTest::addRow("TCP, IPv6") << "[::1]:0";
  QTest::addRow("Unix") << QString::fromStdString("unix:" + test::socketPath("tls.sock"));
}

int callWith(const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  return play(dial(address, credentials), unary(field(1, "a"))).end.code;
}

std::shared_ptr<grpc::ChannelCredentials> credentials(const std::string& ca,
                                                      const std::string& certificate = {},
                                                      const std::string& key = {}) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = contentOf(ca);
  if (!certificate.empty())
    options.pem_cert_chain = contentOf(certificate), options.pem_private_key = contentOf(key);
  return grpc::SslCredentials(options);
}

}  // namespace

class tst_Tls : public QObject {
  Q_OBJECT

 private slots:
  void onlyTlsIsSpoken_data() { addPlaces(); }
  void onlyTlsIsSpoken() {
    QFETCH(QString, place);
    const auto server = serveAgain();
    const auto address =
        server->listen(place.toStdString(), {.certFile = made().server, .keyFile = made().serverKey});
    if (!address && place.startsWith('[')) QSKIP("no IPv6 on this machine: row skipped");
    QVERIFY2(address, address ? "" : address.error().message.c_str());
    QCOMPARE(callWith(*address, credentials(made().ca)), 0);
    // A certificate that nobody asked for does no harm.
    QCOMPARE(callWith(*address, credentials(made().ca, made().stranger, made().strangerKey)), 0);
    QCOMPARE(callWith(*address, grpc::InsecureChannelCredentials()), 14);
    QCOMPARE(callWith(*address, credentials(made().otherCa)), 14);
    QCOMPARE(callWith(*address, credentials(made().ca)), 0);
    QVERIFY(server->warnings().empty());
  }

  void aClientWithoutItsCertificateIsRefused_data() { addPlaces(); }
  void aClientWithoutItsCertificateIsRefused() {
    QFETCH(QString, place);
    const auto server = serveAgain();
    const auto address =
        server->listen(place.toStdString(),
                       {.certFile = made().server, .keyFile = made().serverKey, .clientCaFile = made().ca});
    if (!address && place.startsWith('[')) QSKIP("no IPv6 on this machine: row skipped");
    QVERIFY2(address, address ? "" : address.error().message.c_str());
    QCOMPARE(callWith(*address, credentials(made().ca)), 14);
    QCOMPARE(callWith(*address, credentials(made().ca, made().stranger, made().strangerKey)), 14);
    QCOMPARE(callWith(*address, credentials(made().ca, made().expired, made().expiredKey)), 14);
    QCOMPARE(callWith(*address, grpc::InsecureChannelCredentials()), 14);
    QCOMPARE(callWith(*address, credentials(made().ca, made().client, made().clientKey)), 0);
    QCOMPARE(server->report().served, 1u);
  }

  void anExpiredCertificateIsWarnedOf() {
    const auto server = serveAgain();
    const auto address =
        server->listen("127.0.0.1:0", {.certFile = made().expired, .keyFile = made().expiredKey});
    QVERIFY2(address, address ? "" : address.error().message.c_str());
    const auto warnings = server->warnings();
    QCOMPARE(warnings.size(), 1u);
    QVERIFY2(warnings[0].starts_with(*address + ": " + made().expired + ": the certificate has expired, on "),
             warnings[0].c_str());
    QCOMPARE(callWith(*address, credentials(made().ca)), 14);
  }

  void filesThatWillNotDoAreNamed_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("ca");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* name, const std::string& certificate, const std::string& key,
                        const std::string& ca, const std::string& error) {
      QTest::addRow("%s", name) << certificate.c_str() << key.c_str() << ca.c_str() << error.c_str();
    };
    const std::string good = made().server, goodKey = made().serverKey;
    const std::string folder = made().folder, none = folder + "/none.pem", text = folder + "/text.pem";
    const std::string empty = folder + "/empty.pem", broken = folder + "/broken.pem",
                      locked = folder + "/locked.key";
    std::ofstream(text) << "no certificate at all\n";
    std::ofstream{empty};
    std::ofstream(broken) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::ofstream(locked) << "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                             "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjRTgeuSRSwAAICCAAw\n";
    const std::string noCertificate =
        ": expected a certificate in PEM (-----BEGIN CERTIFICATE-----), found none";
    const std::string noKey = ": expected a private key in PEM (-----BEGIN PRIVATE KEY-----), found none";
    row("no certificate file", none, goodKey, {}, none + ": ");
    row("no key file", good, none, {}, none + ": ");
    row("no CA file", good, goodKey, none, none + ": ");
    row("a folder", folder, goodKey, {}, folder + ": ");
    row("certificate: text", text, goodKey, {}, text + noCertificate);
    row("certificate: empty", empty, goodKey, {}, empty + noCertificate);
    row("certificate: broken", broken, goodKey, {}, broken + noCertificate);
    row("certificate: a key", goodKey, goodKey, {}, goodKey + noCertificate);
    row("key: text", good, text, {}, text + noKey);
    row("key: empty", good, empty, {}, empty + noKey);
    row("key: a certificate", good, good, {}, good + noKey);
    row("key: of another", good, made().clientKey, {},
        made().clientKey + ": expected the key of the certificate in " + good + ", found another one");
    row("CA: text", good, goodKey, text, text + ": expected the certificate of a CA in PEM");
    row("CA: empty", good, goodKey, empty, empty + ": expected the certificate of a CA in PEM");
    row("no key", good, {}, {}, "TLS needs a certificate and its key: expected both files, found no key");
    row("no certificate", {}, goodKey, {},
        "TLS needs a certificate and its key: expected both files, found no certificate");
    row("a CA alone", {}, {}, made().ca, "TLS needs a certificate and its key");
  }
  void filesThatWillNotDoAreNamed() {
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QFETCH(QString, ca);
    QFETCH(QString, error);
    const auto server = serve(simple());
    for (const std::string& place : {std::string("127.0.0.1:0"), "unix:" + test::socketPath("bad.sock")}) {
      const auto refused = server->listen(place, {.certFile = certificate.toStdString(),
                                                  .keyFile = key.toStdString(),
                                                  .clientCaFile = ca.toStdString()});
      QVERIFY(!refused);
      QVERIFY2(refused.error().message.starts_with("cannot listen on " + place + ": " + error.toStdString()),
               refused.error().message.c_str());
    }
    QVERIFY(server->addresses().empty());
  }

  // Certificate and intermediate in one file, key and certificate in one file: as people keep them.
  void filesMayHoldMoreThanIsAskedFor() {
    const std::string both = made().folder + "/both.pem";
    std::ofstream(both) << "a remark\n"
                        << contentOf(made().serverKey) << contentOf(made().server) << contentOf(made().ca);
    const auto server = serveAgain();
    const auto address =
        server->listen("127.0.0.1:0", {.certFile = both, .keyFile = both, .clientCaFile = both});
    QVERIFY2(address, address ? "" : address.error().message.c_str());
    QCOMPARE(callWith(*address, credentials(made().ca, made().client, made().clientKey)), 0);
  }
};

QTEST_GUILESS_MAIN(tst_Tls)
#include "tst_tls.moc"
