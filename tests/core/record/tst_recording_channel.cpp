#include <grpcpp/grpcpp.h>
#include <pinger.grpc.pb.h>

#include <QTest>
#include <functional>
#include <map>
#include <thread>

#include "core/record/ping/ping_caller.h"
#include "record/recorder.h"
#include "recording/problem.h"
#include "serve/replay_server.h"
#include "support/pinger_service.h"
#include "support/replay_file.h"
#include "support/shared_sink.h"

using namespace retake;
using test::LivePinger;
using test::PingCall;
using test::pingCaller;

namespace {

const QString kTcp = "TCP";
const QString kSameProcess = "same process";

// A recorder into memory, and what it wrote when it was closed.
struct Taped {
  explicit Taped(RecorderOptions options = {})
      : recorder(Recorder::create(std::make_unique<test::SharedSink>(bytes), std::move(options))) {}
  std::shared_ptr<const Recording> close() {
    if (auto done = recorder->close(); !done) qFatal("%s", done.error().message.c_str());
    return test::readRecording(*bytes);
  }
  std::shared_ptr<std::string> bytes = std::make_shared<std::string>();
  std::unique_ptr<Recorder> recorder;
};

std::shared_ptr<grpc::Channel> channelOf(Recorder& recorder, LivePinger& live, const QString& endpoint,
                                         const QString& api) {
  const bool isGeneric = api.startsWith("generic");
  if (endpoint == kSameProcess)
    return isGeneric ? recorder.genericChannel(live.server()) : recorder.channel(live.server());
  return isGeneric ? recorder.genericChannel(live.address(), grpc::InsecureChannelCredentials())
                   : recorder.channel(live.address(), grpc::InsecureChannelCredentials());
}

std::string textOf(const Metadata& metadata) {
  std::string text;
  for (const auto& [key, value] : metadata) text += (text.empty() ? "" : ",") + key + "=" + value;
  return "[" + text + "]";
}

std::string messageText(const EntryFields& fields) {
  const std::string type(typeNameOf(fields.typeUrl));
  if (type == "pinger.PingRequest") {
    pinger::PingRequest message;
    if (!message.ParseFromArray(fields.message.data(), static_cast<int>(fields.message.size()))) return "?";
    return message.text() + "*" + std::to_string(message.count());
  }
  if (type == "pinger.PingReply") {
    pinger::PingReply message;
    if (!message.ParseFromArray(fields.message.data(), static_cast<int>(fields.message.size()))) return "?";
    return message.text() + "#" + std::to_string(message.number());
  }
  if (type != kStatusType) return "a message of type '" + type + "'";
  const Status status = *parseStatus(fields.message);
  std::string text = statusCodeName(status.code) + ":" + status.message;
  for (const Any& detail : status.details) text += " " + detail.typeUrl;
  return text;
}

// A line an entry: "RECV 1 text#3", with its extra fields but for times.
QString entriesOf(const Recording& recording) {
  std::string out;
  for (std::uint32_t i = 0; i < recording.size(); ++i) {
    const Entry entry = *recording.entry(i);
    const EntryFields& fields = entry.fields;
    out += std::string(entryKindName(fields.kind));
    if (!fields.method.empty()) out += " " + std::string(fields.method);
    if (fields.refIndex != 0) out += " " + std::to_string(fields.refIndex);
    if (fields.hasMessage)
      out += " " + messageText(fields);
    else if (fields.isError)
      out += " end";
    const EntryExtras extras = *parseExtras(entry.bytes.view);
    if (extras.requestMetadata) out += " metadata" + textOf(*extras.requestMetadata);
    if (extras.timeoutNanos) {
      const bool plausible = *extras.timeoutNanos > 20'000'000'000 && *extras.timeoutNanos <= 30'000'000'000;
      out += plausible ? " timeout" : " timeout " + std::to_string(*extras.timeoutNanos);
    }
    if (extras.headers) out += " headers" + textOf(*extras.headers);
    if (extras.trailers && !extras.trailers->empty()) out += " trailers" + textOf(*extras.trailers);
    if (extras.halfClosedBefore) out += " half-closed";
    if (extras.canceller == EntryExtras::Canceller::Client) out += " by the client";
    if (extras.canceller == EntryExtras::Canceller::Deadline) out += " by the deadline";
    if (extras.canceller == EntryExtras::Canceller::Server) out += " by the server";
    if (extras.inferred) out += " inferred";
    out += "\n";
  }
  return QString::fromStdString(out);
}

void addApis(const std::function<void(const QString& api, const QString& endpoint)>& row) {
  for (const char* api : test::kPingApis)
    for (const QString& endpoint : {kTcp, kSameProcess}) row(api, endpoint);
}

const std::vector<std::pair<std::string, std::string>> kMetadata = {
    {"echo-header", "h=1"}, {"echo-trailer", "t=2"}, {"k", "v"}};

// One of each kind, some of which fail.
std::vector<PingCall> everyKind() {
  return {{.kind = CallKind::Unary, .texts = {"hello"}},
          {.kind = CallKind::Unary, .texts = {""}},
          {.kind = CallKind::Unary, .texts = {"hello"}, .metadata = kMetadata},
          {.kind = CallKind::ServerStream, .texts = {"many"}, .count = 3},
          {.kind = CallKind::ServerStream, .texts = {"none"}, .count = 0},
          {.kind = CallKind::ServerStream, .texts = {"less"}, .count = -1},
          {.kind = CallKind::ClientStream, .texts = {"a", "b", "c"}},
          {.kind = CallKind::ClientStream, .texts = {}, .metadata = kMetadata},
          {.kind = CallKind::BidiStream, .texts = {"x", "y"}, .count = 2},
          {.kind = CallKind::BidiStream, .texts = {}},
          {.kind = CallKind::BidiStream, .texts = {"x", "enough"}, .count = 1}};
}

std::string playAll(const QString& api, const std::shared_ptr<grpc::Channel>& channel) {
  const auto caller = pingCaller(api.toStdString(), channel);
  std::string lines;
  for (const PingCall& call : everyKind()) lines += caller->call(call);
  return lines;
}

}  // namespace

class tst_RecordingChannel : public QObject {
  Q_OBJECT

 private slots:
  void eachKindOfCallIsRecorded_data() {
    QTest::addColumn<QString>("api");
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("entries");
    const auto row = [](const char* name, CallKind kind, const char* entries) {
      addApis([&](const QString& api, const QString& endpoint) {
        QTest::addRow("%s, %s, %s", name, qPrintable(api), qPrintable(endpoint))
            << api << endpoint << static_cast<int>(kind) << entries;
      });
    };
    row("unary", CallKind::Unary,
        "REQUEST /pinger.Pinger/Ping one*2 metadata[echo-header=h=1,echo-trailer=t=2,k=v] timeout\n"
        "RESPONSE 1 one#1 headers[h=1] trailers[t=2]\n");
    row("server stream", CallKind::ServerStream,
        "CREATE_STREAM /pinger.Pinger/PingStream metadata[echo-header=h=1,echo-trailer=t=2,k=v] timeout\n"
        "SEND 1 one*2\n"
        "RECV 1 one#1 headers[h=1] half-closed\n"
        "RECV 1 one#2\n"
        "RECV 1 end trailers[t=2]\n");
    row("client stream", CallKind::ClientStream,
        "CREATE_STREAM /pinger.Pinger/PingCollect metadata[echo-header=h=1,echo-trailer=t=2,k=v] timeout\n"
        "SEND 1 one*2\n"
        "SEND 1 two*2\n"
        "RECV 1 onetwo#1 headers[h=1] trailers[t=2] half-closed\n");
    row("bidirectional stream", CallKind::BidiStream,
        "CREATE_STREAM /pinger.Pinger/PingChat metadata[echo-header=h=1,echo-trailer=t=2,k=v] timeout\n"
        "SEND 1 one*2\n"
        "RECV 1 one#1 headers[h=1]\n"
        "RECV 1 one#2\n"
        "SEND 1 two*2\n"
        "RECV 1 two#3\n"
        "RECV 1 two#4\n"
        "RECV 1 end trailers[t=2] half-closed\n");
  }
  void eachKindOfCallIsRecorded() {
    QFETCH(QString, api);
    QFETCH(QString, endpoint);
    QFETCH(int, kind);
    LivePinger live;
    Taped taped;
    PingCall call{.kind = static_cast<CallKind>(kind), .texts = {"one"}, .count = 2, .metadata = kMetadata};
    if (call.kind == CallKind::ClientStream || call.kind == CallKind::BidiStream) call.texts.push_back("two");
    const auto channel = channelOf(*taped.recorder, live, endpoint, api);
    pingCaller(api.toStdString(), channel)->call(call);
    QTEST(entriesOf(*taped.close()), "entries");
  }

  // The one routine, live while it is recorded, and again against the recording.
  void whatIsRecordedAnswersTheSameClient_data() {
    QTest::addColumn<QString>("api");
    QTest::addColumn<QString>("endpoint");
    addApis([](const QString& api, const QString& endpoint) {
      QTest::addRow("%s, %s", qPrintable(api), qPrintable(endpoint)) << api << endpoint;
    });
  }
  void whatIsRecordedAnswersTheSameClient() {
    QFETCH(QString, api);
    QFETCH(QString, endpoint);
    Taped taped({.initialState = "seed"});
    std::string live;
    {
      LivePinger pinger;
      live = playAll(api, channelOf(*taped.recorder, pinger, endpoint, api));
    }
    const auto recording = taped.close();
    QCOMPARE(findProblems(*recording).size(), std::size_t{0});
    auto server = ReplayServer::start(recording);
    QVERIFY(server.has_value());
    QCOMPARE(*(*server)->initialState(), std::string("seed"));
    const std::string replayed = playAll(api, (*server)->channel());
    QCOMPARE(QString::fromStdString(replayed), QString::fromStdString(live));
    const ReplayReport report = (*server)->report();
    QCOMPARE(report.served, std::uint64_t{everyKind().size()});
    QCOMPARE(report.missed, std::uint64_t{0});
    QVERIFY(report.neverAskedFor.empty());
  }

  void allApisRecordTheSame() {
    QString first;
    for (const char* api : test::kPingApis) {
      LivePinger live;
      Taped taped;
      playAll(api, channelOf(*taped.recorder, live, kTcp, api));
      const QString entries = entriesOf(*taped.close());
      if (first.isEmpty()) first = entries;
      const QStringList lines = entries.split('\n');
      const QStringList expected = first.split('\n');
      QCOMPARE(lines.size(), expected.size());
      for (qsizetype i = 0; i < lines.size(); ++i)
        QVERIFY2(lines[i] == expected[i],
                 qPrintable(QString(api) + ": " + lines[i] + "; expected: " + expected[i]));
    }
    QVERIFY2(first.contains("RESPONSE 3 INVALID_ARGUMENT:a ping needs a text, \xc3\xa4\xe2\x82\xac "
                            "100% type.googleapis.com/pinger.PingRequest"),
             qPrintable(first));
  }

  void cancellationsSayWhose_data() {
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("end");
    QTest::newRow("the client cancels") << "cancel"
                                        << "RECV 1 CANCELLED:CANCELLED by the client\n";
    QTest::newRow("the deadline passes") << "deadline"
                                         << "RECV 1 DEADLINE_EXCEEDED:Deadline Exceeded by the deadline\n";
    QTest::newRow("the client lets go") << "drop"
                                        << "RECV 1 CANCELLED:the client let go of the call by the client\n";
    QTest::newRow("the client cancels and lets go")
        << "cancel and drop"
        << "RECV 1 CANCELLED:the client let go of the call by the client\n";
  }
  void cancellationsSayWhose() {
    QFETCH(QString, how);
    LivePinger live;
    Taped taped;
    const auto stub = pinger::Pinger::NewStub(channelOf(*taped.recorder, live, kTcp, "sync"));
    {
      grpc::ClientContext context;
      if (how == "deadline")
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
      const auto chat = stub->PingChat(&context);
      pinger::PingRequest request;
      request.set_text("a");
      request.set_count(1);
      QVERIFY(chat->Write(request));
      pinger::PingReply reply;
      QVERIFY(chat->Read(&reply));
      if (how.startsWith("cancel")) context.TryCancel();
      if (how == "deadline" || how == "cancel") {
        QVERIFY(!chat->Read(&reply));
        QVERIFY(!chat->Finish().ok());
      }
    }
    const QString entries = entriesOf(*taped.close());
    const QString last = entries.section('\n', -2, -2) + '\n';
    QTEST(last, "end");
  }

  void theServicesOwnWordIsItsOwn() {
    struct Service final : pinger::Pinger::Service {
      grpc::Status Ping(grpc::ServerContext*, const pinger::PingRequest* request,
                        pinger::PingReply*) override {
        return {static_cast<grpc::StatusCode>(request->count()), "my own word"};
      }
    } service;
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    Taped taped;
    const auto caller = pingCaller("sync", taped.recorder->channel(*server));
    for (const int code : {1, 4}) caller->call({.texts = {"a"}, .count = code});
    const QString entries = entriesOf(*taped.close());
    QVERIFY2(entries.contains("RESPONSE 1 CANCELLED:my own word by the server\n"), qPrintable(entries));
    QVERIFY2(entries.contains("RESPONSE 3 DEADLINE_EXCEEDED:my own word by the server\n"),
             qPrintable(entries));
    server->Shutdown();
  }

  void aClientThatReadsToTheEndNeedNotAskForTheStatus() {
    LivePinger live;
    std::string notes;
    Taped taped({.onNote = [&](const std::string& note) { notes += note; }});
    const auto stub = pinger::Pinger::NewStub(channelOf(*taped.recorder, live, kTcp, "sync"));
    {
      grpc::ClientContext context;
      pinger::PingRequest request;
      request.set_text("a");
      request.set_count(1);
      const auto reader = stub->PingStream(&context, request);
      pinger::PingReply reply;
      while (reader->Read(&reply)) {
      }
    }
    QCOMPARE(entriesOf(*taped.close()), QString("CREATE_STREAM /pinger.Pinger/PingStream metadata[]\n"
                                                "SEND 1 a*1\n"
                                                "RECV 1 a#1 headers[] half-closed\n"
                                                "RECV 1 end\n"));
    QCOMPARE(notes, std::string("/pinger.Pinger/PingStream: the client never asked for the status: recorded "
                                "as OK"));
  }

  void headersMayBeCorked() {
    LivePinger live;
    Taped taped;
    const auto stub = pinger::Pinger::NewStub(channelOf(*taped.recorder, live, kTcp, "sync"));
    grpc::ClientContext context;
    context.set_initial_metadata_corked(true);
    const auto chat = stub->PingChat(&context);
    pinger::PingRequest request;
    request.set_text("a");
    QVERIFY(chat->Write(request, grpc::WriteOptions().set_last_message()));
    pinger::PingReply reply;
    QVERIFY(!chat->Read(&reply));
    QVERIFY(chat->Finish().ok());
    QCOMPARE(entriesOf(*taped.close()), QString("CREATE_STREAM /pinger.Pinger/PingChat metadata[]\n"
                                                "SEND 1 a*0\n"
                                                "RECV 1 end headers[] half-closed\n"));
  }

  void aHooksErrorFailsTheCall_data() {
    QTest::addColumn<QString>("api");
    QTest::addColumn<QString>("endpoint");
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("isRequest");
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("seen");
    QTest::addColumn<QString>("entries");
    const auto row = [](const char* name, CallKind kind, bool isRequest, int number, const char* seen,
                        const char* entries) {
      addApis([&](const QString& api, const QString& endpoint) {
        QTest::addRow("%s, %s, %s", name, qPrintable(api), qPrintable(endpoint))
            << api << endpoint << static_cast<int>(kind) << isRequest << number << seen << entries;
      });
    };
    row("a unary request", CallKind::Unary, true, 1, "status 2 not this one\n", "");
    row("a unary answer", CallKind::Unary, false, 1, "status 2 not this one\n",
        "REQUEST one; RESPONSE UNKNOWN:not this one; ");
    row("the request of a server stream", CallKind::ServerStream, true, 1, "*status 2 not this one\n",
        "CREATE_STREAM; RECV UNKNOWN:not this one; ");
    row("the second answer of a server stream", CallKind::ServerStream, false, 2,
        "one 1\none 2\n*status 2 not this one\n",
        "CREATE_STREAM; SEND one; RECV one; RECV UNKNOWN:not this one; ");
    row("the first of a client stream", CallKind::ClientStream, true, 1,
        "write failed\nwrite failed\nstatus 2 not this one\n", "CREATE_STREAM; RECV UNKNOWN:not this one; ");
    row("the answer of a client stream", CallKind::ClientStream, false, 1, "*status 2 not this one\n",
        "CREATE_STREAM; SEND one; SEND two; RECV UNKNOWN:not this one; ");
    row("the second of a bidirectional stream", CallKind::BidiStream, true, 2,
        "one 1\none 2\nwrite failed\nstatus 2 not this one\n",
        "CREATE_STREAM; SEND one; RECV one; RECV one; RECV UNKNOWN:not this one; ");
  }
  void aHooksErrorFailsTheCall() {
    QFETCH(QString, api);
    QFETCH(QString, endpoint);
    QFETCH(int, kind);
    QFETCH(bool, isRequest);
    QFETCH(int, number);
    QFETCH(QString, seen);
    LivePinger live;
    Taped taped({.extras = false, .beforeWrite = [&](const MessageToWrite& message) -> Result<std::string> {
                   if (message.isRequest == isRequest && static_cast<int>(message.number) == number)
                     return Error{"not this one"};
                   return std::string(message.bytes);
                 }});
    PingCall call{.kind = static_cast<CallKind>(kind), .texts = {"one"}, .count = 2};
    if (call.kind == CallKind::ServerStream) call.count = 3;
    if (call.kind == CallKind::ClientStream || call.kind == CallKind::BidiStream) call.texts.push_back("two");
    const auto channel = channelOf(*taped.recorder, live, endpoint, api);
    const QString got = QString::fromStdString(pingCaller(api.toStdString(), channel)->call(call));
    // What comes behind a star is the end; what stands before it may be cut short, or have more.
    const bool isOpen = seen.contains('*');
    const QString end = seen.section('*', -1);
    QVERIFY2(isOpen ? got.endsWith(end) : got == seen, qPrintable(got));
    if (isRequest && number == 1 &&
        (call.kind == CallKind::Unary || (call.kind == CallKind::ServerStream && !api.startsWith("generic"))))
      QCOMPARE(live.callsBegun(), 0);
    QString entries;
    const auto recording = taped.close();
    for (std::uint32_t i = 0; i < recording->size(); ++i) {
      const Entry entry = *recording->entry(i);
      entries += QString::fromStdString(std::string(entryKindName(entry.fields.kind)));
      if (entry.fields.hasMessage)
        entries +=
            ' ' + QString::fromStdString(messageText(entry.fields)).section('*', 0, 0).section('#', 0, 0);
      entries += "; ";
    }
    QTEST(entries, "entries");
  }

  void whatTheHookMakesIsRecordedAndTheServiceGetsWhatWasSent() {
    LivePinger live;
    Taped taped({.extras = false, .beforeWrite = [](const MessageToWrite& message) -> Result<std::string> {
                   pinger::PingRequest request;
                   pinger::PingReply reply;
                   request.set_text("secret");
                   reply.set_text("secret");
                   return message.isRequest ? request.SerializeAsString() : reply.SerializeAsString();
                 }});
    for (const char* api : test::kPingApis) {
      const auto caller = pingCaller(api, channelOf(*taped.recorder, live, kTcp, api));
      QVERIFY(caller->call({.texts = {"hello"}}).starts_with("hello "));
    }
    const QString entries = entriesOf(*taped.close());
    QCOMPARE(entries.count("secret*0"), 5);
    QCOMPARE(entries.count("secret#0"), 5);
    QVERIFY(!entries.contains("hello"));
  }

  void sixtyFourCallsAtOnce() {
    Taped taped;
    constexpr int kCalls = 64;
    const auto chatOf = [](int i) {
      return PingCall{
          .kind = static_cast<CallKind>(i % 4), .texts = {"call " + std::to_string(i)}, .count = 3};
    };
    const auto playAtOnce = [&](const std::function<std::shared_ptr<grpc::Channel>(const char*)>& channel) {
      std::map<std::string, std::shared_ptr<grpc::Channel>> channels;
      for (const char* api : test::kPingApis) channels[api] = channel(api);
      std::vector<std::string> lines(kCalls);
      std::vector<std::thread> clients;
      for (int i = 0; i < kCalls; ++i)
        clients.emplace_back([&, i] {
          const char* api = test::kPingApis[i % 5];
          lines[static_cast<std::size_t>(i)] = pingCaller(api, channels[api])->call(chatOf(i));
        });
      for (std::thread& client : clients) client.join();
      return lines;
    };
    std::vector<std::string> live;
    {
      LivePinger pinger;
      live = playAtOnce([&](const char* api) { return channelOf(*taped.recorder, pinger, kTcp, api); });
    }
    const RecorderCounts counts = taped.recorder->counts();
    QCOMPARE(counts.calls, std::uint64_t{kCalls});
    QCOMPARE(counts.open, 0u);
    const auto recording = taped.close();
    QCOMPARE(findProblems(*recording).size(), std::size_t{0});
    auto server = ReplayServer::start(recording);
    QVERIFY(server.has_value());
    QVERIFY(playAtOnce([&](const char*) { return (*server)->channel(); }) == live);
    QCOMPARE((*server)->report().served, std::uint64_t{kCalls});
  }

  void aChannelOutlivesItsRecorder() {
    LivePinger live;
    auto taped = std::make_unique<Taped>(
        RecorderOptions{.beforeWrite = [](const MessageToWrite& message) -> Result<std::string> {
          return std::string(message.bytes);
        }});
    const auto bytes = taped->bytes;
    const auto channel = channelOf(*taped->recorder, live, kTcp, "sync");
    const auto stub = pinger::Pinger::NewStub(channel);
    grpc::ClientContext context;
    const auto chat = stub->PingChat(&context);
    pinger::PingRequest request;
    request.set_text("a");
    request.set_count(1);
    QVERIFY(chat->Write(request));
    taped.reset();
    const std::string written = *bytes;
    pinger::PingReply reply;
    QVERIFY(chat->Read(&reply));
    chat->WritesDone();
    QVERIFY(chat->Finish().ok());
    QCOMPARE(QString::fromStdString(pingCaller("sync", channel)->call({.texts = {"later"}})),
             QString("later 2\nstatus 0 \n"));
    QVERIFY(*bytes == written);
    QVERIFY(test::readRecording(written)->size() == 2);
  }

  void anUnreachableServiceIsRecorded() {
    Taped taped({.extras = false});
    const auto channel = taped.recorder->channel("127.0.0.1:1", grpc::InsecureChannelCredentials());
    pingCaller("sync", channel)->call({.texts = {"a"}});
    const QString entries = entriesOf(*taped.close());
    QVERIFY2(entries.startsWith("REQUEST /pinger.Pinger/Ping a*1\nRESPONSE 1 UNAVAILABLE:"),
             qPrintable(entries));
  }
};

QTEST_GUILESS_MAIN(tst_RecordingChannel)
#include "tst_recording_channel.moc"
