#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <mutex>

#include "schema/sources.h"
#include "serve/builtin_service.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using namespace std::chrono_literals;
using test::channelOf;
using test::field;
using test::kInMemory;
using test::kMethod;
using test::Message;
using test::ReplayFile;
using test::simple;
using test::unary;

namespace {

const QString kV1 = "grpc.reflection.v1";
const QString kV1alpha = "grpc.reflection.v1alpha";

// Files of a schema, by name; the first one imports the others.
std::shared_ptr<const Schema> schemaOf(const std::vector<std::pair<QString, std::string>>& files) {
  const QTemporaryDir folder;
  for (const auto& [name, text] : files)
    std::ofstream(folder.filePath(name).toStdString(), std::ios::binary) << text;
  const std::string place = folder.path().toStdString();
  const auto schema = loadSchema({&place, 1});
  if (!schema) qFatal("%s", schema.error().message.c_str());
  return *schema;
}

std::shared_ptr<const Schema> shop() {
  return schemaOf({{"shop.proto",
                    "syntax = 'proto3'; package shop; import 'item.proto'; import 'option.proto';\n"
                    "service Cart { rpc Add(Item) returns (Item); rpc Watch(Item) returns (stream Item); }\n"
                    "message Size { int32 width = 1 [json_name = 'wide']; }"},
                   {"item.proto",
                    "syntax = 'proto3'; package shop; import 'google/protobuf/timestamp.proto';\n"
                    "message Item { string sku = 1; google.protobuf.Timestamp at = 2; }"},
                   {"option.proto",
                    "syntax = 'proto2'; package shop; import 'item.proto';\n"
                    "message Open { extensions 100 to 200; }\n"
                    "extend Open { optional string first = 100; optional Item second = 150; }"}});
}

// A message of a built-in service, from text format and back.
std::unique_ptr<google::protobuf::Message> messageOf(const std::string& type) {
  return builtinServicesSchema().newMessage(*builtinServicesSchema().message(type));
}
std::string bytesOf(const QString& type, const std::string& text) {
  const auto message = messageOf(type.toStdString());
  if (!google::protobuf::TextFormat::ParseFromString(text, message.get())) qFatal("%s", text.c_str());
  return message->SerializeAsString();
}

// Messages sent one after the other on one call, each when the one before has been answered.
ClientScript chat(const QString& package, const std::vector<std::string>& requests) {
  ClientScript script{.method = "/" + package.toStdString() + ".ServerReflection/ServerReflectionInfo",
                      .isStream = true};
  for (const std::string& request : requests) {
    script.steps.push_back(
        {.isSend = true, .message = bytesOf(package + ".ServerReflectionRequest", request)});
    script.steps.push_back({.isSend = false});
  }
  return script;
}

// What is answered, one line each: files by name, and the rest in text format; the status behind it if it is
// not OK.
QString ask(const std::shared_ptr<grpc::Channel>& channel, const QString& package,
            const std::vector<std::string>& requests) {
  const ClientOutcome outcome = play(channel, chat(package, requests));
  QStringList lines;
  for (const std::string& bytes : outcome.received) {
    const auto response = messageOf(package.toStdString() + ".ServerReflectionResponse");
    if (!response->ParseFromString(bytes)) return "cannot be read";
    const auto* type = response->GetDescriptor();
    const auto* reflection = response->GetReflection();
    const auto* original = type->FindFieldByName("original_request");
    const std::size_t at = static_cast<std::size_t>(lines.size());
    if (reflection->GetMessage(*response, original).SerializeAsString() !=
        bytesOf(package + ".ServerReflectionRequest", requests[at]))
      return "another request comes back";
    reflection->ClearField(response.get(), original);
    const auto* files = type->FindFieldByName("file_descriptor_response");
    if (!reflection->HasField(*response, files)) {
      lines += QString::fromStdString(response->ShortDebugString());
      continue;
    }
    const auto& list = reflection->GetMessage(*response, files);
    const auto* each = list.GetDescriptor()->FindFieldByNumber(1);
    QStringList names;
    for (int i = 0; i < list.GetReflection()->FieldSize(list, each); ++i) {
      google::protobuf::FileDescriptorProto file;
      if (!file.ParseFromString(list.GetReflection()->GetRepeatedString(list, each, i))) return "no file";
      names += QString::fromStdString(file.name());
    }
    lines += names.join(' ');
  }
  if (outcome.end.code != 0)
    lines += QString::number(outcome.end.code) + " " + QString::fromStdString(outcome.end.message);
  return lines.join('\n');
}

QString health(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  const ClientOutcome outcome = play(channel, unary(field(1, service), "/grpc.health.v1.Health/Check"));
  if (outcome.end.code != 0) return QString::number(outcome.end.code) + " " + outcome.end.message.c_str();
  return outcome.received == std::vector<std::string>{field(1, std::uint64_t{1})} ? "SERVING" : "?";
}

std::unique_ptr<ReplayServer> serveShop(ReplayOptions options = {}) {
  auto server = ReplayServer::start(simple(), shop(), std::move(options));
  return server ? *std::move(server) : nullptr;
}

// A health watch that stays open.
struct Watch {
  Watch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) : stub(channel) {
    context.set_deadline(std::chrono::system_clock::now() + 30s);
    call = stub.PrepareCall(&context, "/grpc.health.v1.Health/Watch", &queue);
    call->StartCall(nullptr);
    next();
    const std::string bytes = field(1, service);
    const grpc::Slice slice(bytes);
    call->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
    next();
  }
  ~Watch() {
    context.TryCancel();
    queue.Shutdown();
    while (next()) {
    }
  }
  // The bytes of a message; nothing when there is none.
  std::optional<std::string> read() {
    grpc::ByteBuffer message;
    call->Read(&message, nullptr);
    if (!next()) return std::nullopt;
    grpc::Slice slice;
    if (!message.DumpToSingleSlice(&slice).ok()) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  grpc::Status finish() {
    grpc::Status status;
    call->Finish(&status, nullptr);
    next();
    return status;
  }
  bool next() {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call;
};

const std::string kServing = field(1, std::uint64_t{1});
const std::string kServiceUnknown = field(1, std::uint64_t{3});

}  // namespace

// Reflection serves the schema, health says SERVING, unless the recording has its own answers for either.
class tst_BuiltinServices : public QObject {
  Q_OBJECT

 private slots:
  void reflectionAnswers_data() {
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("answer");
    const auto row = [](const char* name, const QString& request, const QString& answer) {
      QTest::addRow("%s", name) << request << answer;
    };
    row("services", "list_services: '*'",
        "list_services_response { service { name: \"grpc.health.v1.Health\" } "
        "service { name: \"grpc.reflection.v1.ServerReflection\" } "
        "service { name: \"grpc.reflection.v1alpha.ServerReflection\" } "
        "service { name: \"shop.Cart\" } service { name: \"t.S\" } }");
    row("a host comes back", "host: 'h' file_by_filename: 'x'",
        "valid_host: \"h\" error_response { error_code: 5 "
        "error_message: \"retake: the schema does not have a file \\\"x\\\"\" }");
    row("file", "file_by_filename: 'item.proto'", "item.proto google/protobuf/timestamp.proto");
    const QString all = "shop.proto item.proto option.proto google/protobuf/timestamp.proto";
    row("service", "file_containing_symbol: 'shop.Cart'", all);
    row("method", "file_containing_symbol: 'shop.Cart.Watch'", all);
    row("message", "file_containing_symbol: 'shop.Size'", all);
    row("field", "file_containing_symbol: 'shop.Size.width'", all);
    row("extension's name", "file_containing_symbol: 'shop.first'",
        "option.proto item.proto google/protobuf/timestamp.proto");
    row("a built-in type", "file_containing_symbol: 'google.rpc.Status'",
        "google/rpc/status.proto google/protobuf/any.proto");
    row("health itself", "file_containing_symbol: 'grpc.health.v1.Health'", "grpc/health/v1/health.proto");
    row("reflection itself", "file_containing_symbol: 'grpc.reflection.v1.ServerReflection'",
        "grpc/reflection/v1/reflection.proto");
    row("unknown symbol", "file_containing_symbol: 'shop.Nothing'",
        "error_response { error_code: 5 "
        "error_message: \"retake: the schema does not have a symbol \\\"shop.Nothing\\\"\" }");
    row("empty symbol", "file_containing_symbol: ''",
        "error_response { error_code: 5 error_message: \"retake: the schema does not have a symbol "
        "\\\"\\\"\" }");
    row("extension", "file_containing_extension { containing_type: 'shop.Open' extension_number: 150 }",
        "option.proto item.proto google/protobuf/timestamp.proto");
    row("no such extension",
        "file_containing_extension { containing_type: 'shop.Open' extension_number: 151 }",
        "error_response { error_code: 5 "
        "error_message: \"retake: the schema does not have an extension 151 of \\\"shop.Open\\\"\" }");
    row("extension of no type", "file_containing_extension { containing_type: 'x' extension_number: -1 }",
        "error_response { error_code: 5 "
        "error_message: \"retake: the schema does not have an extension -1 of \\\"x\\\"\" }");
    row("extension numbers", "all_extension_numbers_of_type: 'shop.Open'",
        "all_extension_numbers_response { base_type_name: \"shop.Open\" extension_number: 100 "
        "extension_number: 150 }");
    row("no extension numbers", "all_extension_numbers_of_type: 'shop.Size'",
        "all_extension_numbers_response { base_type_name: \"shop.Size\" }");
    row("extension numbers of no type", "all_extension_numbers_of_type: 'shop.Cart'",
        "error_response { error_code: 5 "
        "error_message: \"retake: the schema does not have a type \\\"shop.Cart\\\"\" }");
    row("nothing asked", "host: 'h'",
        "3 retake: expected a message_request in the ServerReflectionRequest, found none");
  }
  void reflectionAnswers() {
    QFETCH(QString, request);
    QFETCH(QString, answer);
    const auto server = serveShop();
    QVERIFY(server);
    for (const QString& package : {kV1, kV1alpha})
      QCOMPARE(ask(server->channel(), package, {request.toStdString()}), answer);
  }

  void reflectionIsThereOnEachEndpoint_data() { test::addEndpoints(); }
  void reflectionIsThereOnEachEndpoint() {
    const auto server = serveShop();
    WITH_CHANNEL(server, channel);
    QCOMPARE(ask(channel, kV1, {"file_by_filename: 'item.proto'"}),
             "item.proto google/protobuf/timestamp.proto");
    QCOMPARE(health(channel, ""), "SERVING");
  }

  void aFileIsSentOnceAStream() {
    const auto server = serveShop();
    QCOMPARE(ask(server->channel(), kV1,
                 {"file_by_filename: 'item.proto'", "file_by_filename: 'shop.proto'",
                  "file_by_filename: 'shop.proto'", "file_by_filename: 'no.proto'"}),
             "item.proto google/protobuf/timestamp.proto\n"
             "shop.proto option.proto\n"
             "shop.proto\n"
             "error_response { error_code: 5 "
             "error_message: \"retake: the schema does not have a file \\\"no.proto\\\"\" }");
  }

  // A client builds the same types from what it is told, names in JSON included.
  void theFilesAreTheSchema() {
    const auto server = serveShop();
    const ClientOutcome outcome = play(server->channel(), chat(kV1, {"file_containing_symbol: 'shop.Cart'"}));
    QCOMPARE(outcome.received.size(), 1u);
    const auto response = messageOf("grpc.reflection.v1.ServerReflectionResponse");
    QVERIFY(response->ParseFromString(outcome.received[0]));
    const auto& list = response->GetReflection()->GetMessage(
        *response, response->GetDescriptor()->FindFieldByName("file_descriptor_response"));
    const auto* each = list.GetDescriptor()->FindFieldByNumber(1);
    google::protobuf::FileDescriptorSet files;
    for (int i = 0; i < list.GetReflection()->FieldSize(list, each); ++i)
      QVERIFY(files.add_file()->ParseFromString(list.GetReflection()->GetRepeatedString(list, each, i)));
    const auto built = Schema::fromDescriptors(files);
    QVERIFY2(built, built ? "" : built.error().message.c_str());
    QVERIFY((*built)->method("/shop.Cart/Watch")->server_streaming());
    QCOMPARE((*built)->message("shop.Size")->FindFieldByName("width")->json_name(), "wide");
  }

  void withoutASchemaTheRecordedServicesAreNamed() {
    ReplayFile file;
    file.unary("/b.Second/M", {"t.M", {}}, Message{"t.M", {}});
    file.unary("/a.First/M", {"t.M", {}}, Message{"t.M", {}});
    file.unary("no path", {"t.M", {}}, Message{"t.M", {}});
    const auto server = test::serve(file.recording());
    const auto channel = server->channel();
    QCOMPARE(ask(channel, kV1, {"list_services: ''"}),
             "list_services_response { service { name: \"a.First\" } service { name: \"b.Second\" } "
             "service { name: \"grpc.health.v1.Health\" } "
             "service { name: \"grpc.reflection.v1.ServerReflection\" } "
             "service { name: \"grpc.reflection.v1alpha.ServerReflection\" } }");
    QCOMPARE(ask(channel, kV1, {"file_containing_symbol: 'a.First'"}),
             "error_response { error_code: 5 error_message: "
             "\"retake: the recording is served without a schema, so there is no symbol \\\"a.First\\\"\" }");
    QCOMPARE(ask(channel, kV1, {"file_by_filename: 'google/protobuf/any.proto'"}),
             "google/protobuf/any.proto");
    QCOMPARE(health(channel, "a.First"), "SERVING");
  }

  void anEditCountsFromTheNextCallOn() {
    const auto server = test::serve(simple());
    const auto channel = server->channel();
    QCOMPARE(health(channel, "shop.Cart").left(2), "5 ");
    QVERIFY(ask(channel, kV1, {"file_containing_symbol: 'shop.Cart'"}).startsWith("error_response"));
    QVERIFY(server->replace(simple(), shop()));
    QCOMPARE(health(channel, "shop.Cart"), "SERVING");
    QVERIFY(ask(channel, kV1, {"file_containing_symbol: 'shop.Cart'"}).startsWith("shop.proto"));
  }

  void whatIsRecordedGoesBefore() {
    ReplayFile file;
    file.unary("/grpc.health.v1.Health/Check", {"grpc.health.v1.HealthCheckRequest", field(1, "x")},
               Message{"grpc.health.v1.HealthCheckResponse", field(1, std::uint64_t{2})});
    const auto server = test::serve(file.recording());
    const auto channel = server->channel();
    const auto answer = play(channel, unary(field(1, "x"), "/grpc.health.v1.Health/Check"));
    QCOMPARE(answer.received, std::vector<std::string>{field(1, std::uint64_t{2})});
    QCOMPARE(play(channel, unary(field(1, "x"), "/grpc.health.v1.Health/Check")).end.code, 2);  // used up
    QCOMPARE(server->report().served, 1u);
    // Its other method is not.
    QCOMPARE(Watch(channel, "").read(), kServing);
  }

  void healthKnowsWhatIsServed() {
    const auto server = serveShop();
    const auto channel = server->channel();
    for (const char* known : {"", "shop.Cart", "t.S", "grpc.health.v1.Health"})
      QCOMPARE(health(channel, known), "SERVING");
    QCOMPARE(health(channel, "shop.Cart2"),
             "5 retake: no service \"shop.Cart2\" is recorded, and the schema has none of that name");
    QCOMPARE(Watch(channel, "shop.Cart").read(), kServing);
    QCOMPARE(Watch(channel, "shop.Cart2").read(), kServiceUnknown);
  }

  void aNameOfAnyLengthIsAnswered_data() { test::addEndpoints(); }
  void aNameOfAnyLengthIsAnswered() {
    const auto server = serveShop();
    WITH_CHANNEL(server, channel);
    const QString answer = health(channel, std::string(100'000, 'x'));
    QVERIFY2(answer.startsWith("5 retake: no service \"xxx"), qPrintable(answer.left(100)));
  }

  void aWatchStaysOpenUntilTheEnd_data() { test::addEndpoints(); }
  void aWatchStaysOpenUntilTheEnd() {
    const auto server = serveShop();
    WITH_CHANNEL(server, channel);
    Watch watch(channel, "");
    QCOMPARE(watch.read(), kServing);
    QCOMPARE(server->callsUnderWay(), 0u);  // nobody waits for it
    const auto began = std::chrono::steady_clock::now();
    server->stop(20s);
    QVERIFY(std::chrono::steady_clock::now() - began < 5s);
    QVERIFY(!watch.read());
    QCOMPARE(watch.finish().error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(health(channel, "").left(3), "14 ");
  }

  void nothingOfItIsCounted() {
    std::mutex mutex;
    std::vector<ReplayEvent> events;
    const auto server = serveShop({.policy = {}, .log = [&](const ReplayEvent& event) {
                                     const std::lock_guard lock(mutex);
                                     events.push_back(event);
                                   }});
    const auto channel = server->channel();
    health(channel, "");
    health(channel, "unknown");
    ask(channel, kV1, {"list_services: ''"});
    { QCOMPARE(Watch(channel, "").read(), kServing); }
    // One that nobody has is refused as any other, and not counted either.
    QCOMPARE(play(channel, unary({}, "/grpc.health.v1.Health/List")).end.code, 12);
    server->stop();
    QCOMPARE(server->report().served + server->report().missed + server->report().aborted, 0u);
    const std::lock_guard lock(mutex);
    QCOMPARE(events.size(), 5u);
    for (const ReplayEvent& event : events) QVERIFY(!event.counted);
    QCOMPARE(events[0].method, "/grpc.health.v1.Health/Check");
    QCOMPARE(events[0].endpoint, "in memory");
    QVERIFY(events[0].outcome == ReplayEvent::Outcome::Served);
    QCOMPARE(events[1].statusCode, 5);
  }

  void messagesThatAreNoneEndTheCall() {
    const auto server = serveShop();
    const auto channel = server->channel();
    const std::string bad = "\x0a\x7fx";
    QCOMPARE(play(channel, unary(bad, "/grpc.health.v1.Health/Check")).end.code, 13);
    ClientScript script = chat(kV1, {});
    script.steps.push_back({.isSend = true, .message = bad});
    QCOMPARE(play(channel, script).end.code, 13);
    script.steps[0].message = std::string("\x2a\x02\x0a\x7f", 4);  // within file_containing_extension
    QCOMPARE(play(channel, script).end.code, 13);
    QCOMPARE(health(channel, ""), "SERVING");
    // A client that says nothing at all.
    QCOMPARE(play(channel, chat(kV1, {})).end.code, 0);
    QCOMPARE(play(channel, ClientScript{.method = "/grpc.health.v1.Health/Check", .isStream = true}).end.code,
             13);
  }
};

QTEST_GUILESS_MAIN(tst_BuiltinServices)
#include "tst_builtin_services.moc"
