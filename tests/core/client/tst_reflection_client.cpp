#include <google/protobuf/descriptor.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "client/reflection_client.h"
#include "client/schema_places.h"
#include "core/serve/served.h"
#include "schema/schema.h"
#include "schema/sources.h"
#include "scripted_reflection.h"
#include "support/certificates.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::fileBytes;
using test::filesAnswer;
using test::ReflectionReply;
using test::refusalAnswer;
using test::ScriptedReflection;
using test::servicesAnswer;

namespace {

const std::string kAlpha = "grpc.reflection.v1alpha";
constexpr std::uint32_t kFile = 3;
constexpr std::uint32_t kSymbol = 4;
constexpr std::uint32_t kServices = 7;

std::shared_ptr<const Schema> shop() {
  const QTemporaryDir folder;
  std::ofstream(folder.filePath("shop.proto").toStdString())
      << "syntax = 'proto3'; package shop; import 'item.proto';\n"
         "service Cart { rpc Add(Item) returns (Item); rpc Watch(Item) returns (stream Item);\n"
         "  rpc Fill(stream Item) returns (Item); rpc Chat(stream Item) returns (stream Item); }\n"
         "message Size { int32 width = 1 [json_name = 'wide']; }\n";
  std::ofstream(folder.filePath("item.proto").toStdString())
      << "syntax = 'proto3'; package shop; import 'google/protobuf/timestamp.proto';\n"
         "message Item { string sku = 1; google.protobuf.Timestamp at = 2; }\n";
  std::ofstream(folder.filePath("other.proto").toStdString())
      << "syntax = 'proto2'; package other; service Second { rpc Get(Q) returns (Q); } message Q {}\n";
  const std::string place = folder.path().toStdString();
  const auto schema = loadSchema({&place, 1});
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

// Every method with its types, a line each, sorted.
QStringList methodsOf(const Schema& schema) {
  QStringList lines;
  for (const std::string& name : schema.serviceNames()) {
    const auto* service = schema.pool().FindServiceByName(name);
    for (int i = 0; i < service->method_count(); ++i)
      lines += QString::fromStdString(service->method(i)->DebugString()).simplified();
  }
  lines.sort();
  return lines;
}

QString shownError(const Result<std::shared_ptr<const Schema>>& schema) {
  return schema ? "no error" : QString::fromStdString(schema.error().message);
}

}  // namespace

// A schema from a live server's reflection.
class tst_ReflectionClient : public QObject {
  Q_OBJECT

 private slots:
  // A ReplayServer serves what it was given: the same types come out again, over each kind of endpoint.
  void aServersSchemaIsReadBack_data() {
    QTest::addColumn<QString>("listen");
    QTest::addColumn<bool>("tls");
    QTest::newRow("TCP") << "127.0.0.1:0" << false;
    QTest::newRow("Unix") << "" << false;
    QTest::newRow("TLS") << "127.0.0.1:0" << true;
  }
  void aServersSchemaIsReadBack() {
    QFETCH(QString, listen);
    QFETCH(bool, tls);
    const auto server = ReplayServer::start(test::simple(), shop());
    QVERIFY(server);
    const std::string wanted =
        listen.isEmpty() ? "unix:" + test::socketPath("reflection") : listen.toStdString();
    const auto& made = test::Certificates::get();
    const auto address = (*server)->listen(
        wanted, tls ? ServerTls{.certFile = made.server, .keyFile = made.serverKey} : ServerTls{});
    QVERIFY2(address, address ? "" : address.error().message.c_str());
    const auto schema =
        schemaOfUpstream({.address = *address, .tls = {.enabled = tls, .caFile = tls ? made.ca : ""}});
    QVERIFY2(schema, schema ? "" : schema.error().message.c_str());
    const QStringList methods = methodsOf(**schema);
    for (const QString& method : methodsOf(*shop())) QVERIFY2(methods.contains(method), qPrintable(method));
    QVERIFY((*schema)->method("/shop.Cart/Chat")->client_streaming());
    QVERIFY((*schema)->method("/other.Second/Get"));
    QCOMPARE((*schema)->message("shop.Size")->FindFieldByName("width")->json_name(), "wide");
    QVERIFY((*schema)->method("/grpc.health.v1.Health/Check"));

    // Kept in a file it is the same schema.
    const auto files =
        readReflection({.address = *address, .tls = {.enabled = tls, .caFile = tls ? made.ca : ""}});
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    const QTemporaryDir folder;
    const std::string kept = folder.filePath("kept.protoset").toStdString();
    std::ofstream(kept, std::ios::binary) << descriptorSetOf(*files);
    const auto again = loadSchema({&kept, 1});
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QCOMPARE(methodsOf(**again), methods);
  }

  void eitherVersionWillDo_data() {
    QTest::addColumn<QString>("package");
    QTest::newRow("v1") << "grpc.reflection.v1";
    QTest::newRow("v1alpha") << "grpc.reflection.v1alpha";
  }
  void eitherVersionWillDo() {
    QFETCH(QString, package);
    // One file at a time, as some servers answer: imports have to be asked for.
    const ScriptedReflection server(package.toStdString(), [](std::uint32_t ask, const std::string& text) {
      if (ask == kServices)
        return ReflectionReply(servicesAnswer({"t.S", "grpc.reflection.v1.ServerReflection"}));
      if (ask == kSymbol && text == "t.S")
        return ReflectionReply(
            filesAnswer({fileBytes("a.proto", {"S"}, {"b.proto", "google/protobuf/any.proto"})}));
      if (ask == kFile && text == "b.proto")
        return ReflectionReply(filesAnswer({fileBytes("b.proto", {}, {"c.proto"})}));
      if (ask == kFile && text == "c.proto") return ReflectionReply(filesAnswer({fileBytes("c.proto", {})}));
      return ReflectionReply(refusalAnswer(5, "no " + text));
    });
    const std::vector<std::string> places = {"reflection:" + server.address()};
    const auto schema = loadSchemaPlaces(places);
    QVERIFY2(schema, qPrintable(shownError(schema)));
    QVERIFY((*schema)->method("/t.S/M")->server_streaming());
    QVERIFY((*schema)->pool().FindFileByName("c.proto"));
  }

  void aServerAndFilesMakeOneSchema() {
    const auto server = ReplayServer::start(test::simple(), shop());
    QVERIFY(server);
    const QTemporaryDir folder;
    const std::string file = folder.filePath("own.proto").toStdString();
    std::ofstream(file) << "syntax = 'proto3'; package own; message Mine { string a = 1; }";
    const std::vector<std::string> places = {file, "reflection:" + *(*server)->listen("127.0.0.1:0")};
    const auto schema = loadSchemaPlaces(places);
    QVERIFY2(schema, qPrintable(shownError(schema)));
    QVERIFY((*schema)->message("own.Mine") && (*schema)->message("shop.Item"));
  }

  void whatIsWrongIsSaid_data() {
    QTest::addColumn<QString>("failing");  // what it does in place of an answer
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* name, const char* sentence) { QTest::newRow(name) << name << sentence; };
    row("no services", "expected a server with services, found none");
    row("services refused", "asked for the list of services, the server said PERMISSION_DENIED \"not you\"");
    row("symbol refused", "asked for the service t.S, the server said NOT_FOUND \"what?\"");
    row("symbol forbidden", "asked for the service t.S, the server said PERMISSION_DENIED \"not this\"");
    row("other symbol", "asked for the service t.S, found files without it");
    row("import refused",
        "asked for b.proto, which a.proto imports, the server said NOT_FOUND \"no b.proto\"");
    row("other import", "asked for b.proto, which a.proto imports, found other files");
    row("ends with a status", "the server ended the call with UNAUTHENTICATED \"who are you?\"");
    row("ends well", "expected an answer to each question, the server ended the call without");
    row("no message", "expected a ServerReflectionResponse, found bytes that are none");
    row("no file", "expected a FileDescriptorProto, found bytes that are none");
    row("no answer", "expected all files within 400 ms, found 0 by then");
    row("no end", "expected 20000 files at most, found more");
    row("no reflection",
        "expected a server with reflection (grpc.reflection.v1 or v1alpha), found one without");
  }
  void whatIsWrongIsSaid() {
    QFETCH(QString, failing);
    QFETCH(QString, sentence);
    const ScriptedReflection server(
        failing == "no reflection" ? "some.Other" : kAlpha,
        [what = failing](std::uint32_t ask, const std::string& text) -> ReflectionReply {
          if (what == "no answer") return test::Silence{};
          if (what == "no message") return std::string("\x0a\x7fx");
          if (what == "ends well") return grpc::Status::OK;
          if (what == "ends with a status")
            return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "who are you?");
          if (ask == kServices) {
            if (what == "services refused") return refusalAnswer(7, "not you");
            if (what == "no services") return servicesAnswer({});
            return servicesAnswer({"t.S"});
          }
          if (ask == kSymbol) {
            if (what == "symbol refused") return refusalAnswer(5, "what?");
            if (what == "symbol forbidden") return refusalAnswer(7, "not this");
            if (what == "other symbol") return filesAnswer({fileBytes("a.proto", {"T"})});
            if (what == "no file") return filesAnswer({"\xff\xff"});
            if (what == "no end") {
              std::vector<std::string> files;
              for (int i = 0; i <= 20'000; ++i) files.push_back(fileBytes(std::to_string(i), {}));
              return filesAnswer(files);
            }
            return filesAnswer({fileBytes("a.proto", {"S"}, {"b.proto"})});
          }
          if (what == "other import") return filesAnswer({fileBytes("c.proto", {})});
          return refusalAnswer(5, "no " + text);
        });
    const bool bounded = failing == "no answer";
    const auto schema = schemaOfUpstream({.address = server.address()}, bounded ? 400ms : 60s);
    QCOMPARE(shownError(schema), "reflection:" + QString::fromStdString(server.address()) + ": " + sentence);
  }

  void nobodyAnswers() {
    std::string address;
    {
      const auto server = ReplayServer::start(test::simple());
      address = *(*server)->listen("127.0.0.1:0");
    }
    const QString error = shownError(loadSchemaPlaces(std::vector{"reflection:" + address}));
    QVERIFY2(error.startsWith("reflection:" + QString::fromStdString(address) +
                              ": expected a server that answers, found none: "),
             qPrintable(error));
  }

  void anAddressThatIsNone() {
    QCOMPARE(shownError(loadSchemaPlaces(std::vector<std::string>{"reflection:nowhere"})),
             "reflection:nowhere: cannot use nowhere as an upstream: expected HOST:PORT, [IPv6]:PORT or "
             "unix:/path, found no such address");
  }

  // A stand-in without a schema names services and has no files for them.
  void aStandInWithoutASchema() {
    const auto server = test::serve(test::simple());
    const std::string address = *server->listen("127.0.0.1:0");
    QCOMPARE(shownError(schemaOfUpstream({.address = address})),
             "reflection:" + QString::fromStdString(address) +
                 ": asked for the service t.S, the server said NOT_FOUND \"retake: the recording is served "
                 "without a schema, so there is no symbol \"t.S\"\"");
  }
};

QTEST_GUILESS_MAIN(tst_ReflectionClient)
#include "tst_reflection_client.moc"
