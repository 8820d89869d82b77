#include <grpcpp/grpcpp.h>

#include <QTest>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/client/upstreams.h"
#include "edit/edit.h"
#include "scrub/scrub_recording.h"
#include "served.h"
#include "support/replay_file.h"

using namespace retake;
using test::addEndpoints;
using test::field;
using test::Message;
using test::ReplayFile;
using test::serve;
using test::SteppedCall;

namespace {

constexpr const char* kGet = "/t.S/Get";
constexpr const char* kList = "/t.S/List";
constexpr const char* kUpload = "/t.S/Upload";
constexpr const char* kChat = "/t.S/Chat";

const std::string kRules =
    "rule { name: 'people' pattern: '\\\\w+ of \\\\w+ Street|client number \\\\d+' hash {} }"
    "rule { name: 'guests' pattern: 'guest (\\\\w+)' hash {} }"
    "rule { name: 'who' metadata: 'x-user' hash {} }"
    "rule { name: 'trailers' metadata: 'x-echo' hash {} }";

std::shared_ptr<const Scrubber> scrubberOf(const std::string& rules, const std::string& keyBytes) {
  const auto parsed = parseScrubRules(rules);
  if (!parsed) qFatal("%s", parsed.error().message.c_str());
  const auto key = ScrubKey::fromBytes(keyBytes);
  auto made = Scrubber::create(*parsed, Schema::builtin(), &*key);
  if (!made) qFatal("%s", made.error().message.c_str());
  return *made;
}
const std::shared_ptr<const Scrubber>& rules() {
  static const auto made = scrubberOf(kRules, "a key of this test alone");
  return made;
}

Message request(const std::string& who) { return {"t.Request", field(1, who) + field(2, std::uint64_t{1})}; }
Message answer(const std::string& text) { return {"t.Answer", field(3, text)}; }

Status notFound(const std::string& who) {
  return {
      .code = 5, .message = "no user " + who, .details = {{"type.googleapis.com/t.Detail", field(1, who)}}};
}

// All kinds of calls of each of them, who answers with what they said.
std::shared_ptr<const Recording> original(const std::vector<std::string>& people) {
  ReplayFile file;
  for (const std::string& who : people) {
    file.unary(kGet, request(who), answer(who));
    file.unary(kGet, request("not " + who), notFound("not " + who));
    auto ref = file.createStream(kList);
    file.send(ref, request(who)).recv(ref, answer(who)).recv(ref, answer("eve of Far Street")).recvEnd(ref);
    ref = file.createStream(kUpload);
    file.send(ref, request(who)).send(ref, request("more of " + who));
    file.recv(ref, answer("more of " + who)).recvEnd(ref);
    ref = file.createStream(kChat);
    file.send(ref, request(who)).recv(ref, answer(who));
    file.send(ref, request("more of " + who)).recv(ref, answer("more of " + who));
    file.recv(ref, notFound(who));
  }
  return file.recording();
}

std::shared_ptr<const Recording> scrubbed(const std::shared_ptr<const Recording>& recording) {
  const auto calls = std::make_shared<const Calls>(groupCalls(*recording));
  auto done = scrubRecording({recording, calls, Schema::builtin()}, *rules());
  if (!done) qFatal("%s", done.error().message.c_str());
  auto applied = retake::apply(*recording, std::move(done->edit));
  if (!applied) qFatal("%s", applied.error().message.c_str());
  return std::make_shared<const Recording>(*std::move(applied));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<ClientScript> scriptsOf(const Recording& recording) {
  std::vector<ClientScript> scripts;
  const Calls calls = groupCalls(recording);
  for (const std::uint32_t index : playOrder(calls))
    scripts.push_back(*clientScript(recording, calls[index]));
  return scripts;
}

// What the log and the clients were told.
struct Log {
  ReplayLog take() {
    return [this](const ReplayEvent& event) {
      const std::lock_guard lock(mutex);
      text += event.text + "\n";
      if (event.explanation) text += fullText(*event.explanation) + "\n" + event.explanation->sentText + "\n";
      if (event.explanation && event.explanation->sent) text += *event.explanation->sent;
      last = event;
    };
  }
  std::string all() {
    const std::lock_guard lock(mutex);
    return text;
  }
  std::mutex mutex;
  std::string text;
  ReplayEvent last;
};

}  // namespace

// Clients with real values, served from a recording that has none of them.
class tst_ScrubbedCalls : public QObject {
  Q_OBJECT

 private slots:
  void theOriginalClientIsAnsweredInItsTerms_data() { addEndpoints(); }
  void theOriginalClientIsAnsweredInItsTerms() {
    const auto recorded = original({"alice of Main Street", "bob of Side Street"});
    Log log;
    const auto server = serve(scrubbed(recorded), {.rules = rules(), .log = log.take()});
    WITH_CHANNEL(server, channel);
    for (ClientScript script : scriptsOf(*recorded)) {
      // What no client has sent keeps its token.
      for (ClientScript::Step& step : script.steps)
        if (step.message == field(3, "eve of Far Street"))
          step.message = *rules()->message({.method = kList, .isRequest = false}, step.message);
      const auto differences = compare(*Schema::builtin(), script, play(channel, script));
      QVERIFY2(differences.empty(),
               (script.method + ": " + (differences.empty() ? "" : differences[0])).c_str());
    }
    server->stop();
    QCOMPARE(server->report().missed, 0u);
    QCOMPARE(server->report().neverAskedFor.size(), std::size_t{0});
    QVERIFY2(!contains(log.all(), "Street"), log.all().c_str());
  }

  // Rules over a recording that is not scrubbed, or only in part: a layer, served as it is.
  void aRecordingThatIsNotScrubbedMatchesToo() {
    const auto recorded = original({"alice of Main Street"});
    Log log;
    const auto server = serve(recorded, {.rules = rules(), .log = log.take()});
    for (const ClientScript& script : scriptsOf(*recorded)) {
      const auto differences = compare(*Schema::builtin(), script, play(server->channel(), script));
      QVERIFY2(differences.empty(), differences.empty() ? "" : differences[0].c_str());
    }
    server->stop();
    QCOMPARE(server->report().missed, 0u);
    QVERIFY2(!contains(log.all(), "Street"), log.all().c_str());
  }

  void withoutRulesItMissesAndSaysSo_data() {
    QTest::addColumn<QString>("method");
    for (const char* method : {kGet, kList, kUpload, kChat}) QTest::newRow(method) << method;
  }
  void withoutRulesItMissesAndSaysSo() {
    QFETCH(QString, method);
    const auto recorded = original({"alice of Main Street"});
    const auto server = serve(scrubbed(recorded));
    const auto scripts = scriptsOf(*recorded);
    const auto script = std::find_if(scripts.begin(), scripts.end(), [&](const ClientScript& one) {
      return one.method == method.toStdString();
    });
    const Status end = play(server->channel(), *script).end;
    QCOMPARE(end.code, 2);
    QVERIFY2(contains(end.message, "scrub rules are off"), end.message.c_str());
    // They may be put on, and off, while it runs.
    QVERIFY(server->setRules(rules()));
    QVERIFY(play(server->channel(), *script).end.code != 2);
    server->resetUsed();
    QVERIFY(server->setRules(nullptr));
    QCOMPARE(play(server->channel(), *script).end.code, 2);
  }

  void otherRulesOrAnotherKeyAreSaid() {
    const auto recorded = original({"alice of Main Street"});
    const auto server =
        serve(scrubbed(recorded),
              {.rules = scrubberOf("rule { name: 'one' field: '1' hash {} }", "another key of 16 bytes")});
    const Status end = play(server->channel(), scriptsOf(*recorded).front()).end;
    QCOMPARE(end.code, 2);
    QVERIFY2(contains(end.message, "but not by the rules that are on"), end.message.c_str());
  }

  // Whatever is told of a miss, by whichever way, has nothing that a rule takes out.
  void aMissTellsNoSecret_data() {
    QTest::addColumn<bool>("isScrubbed");
    QTest::addRow("a scrubbed recording") << true;
    QTest::addRow("one with real values") << false;
  }
  void aMissTellsNoSecret() {
    QFETCH(bool, isScrubbed);
    const auto recorded = original({"alice of Main Street"});
    Log log;
    const auto server = serve(isScrubbed ? scrubbed(recorded) : recorded,
                              {.policy = {.strictStreams = true}, .rules = rules(), .log = log.take()});
    const ClientScript script =
        test::unary(field(1, "carol of Back Street") + field(2, std::uint64_t{1}), kGet);
    const Status missed = play(server->channel(), script).end;
    QCOMPARE(missed.code, 2);
    QVERIFY2(contains(missed.message, "nearest is call 1"), missed.message.c_str());
    SteppedCall chat(server->channel(), {kChat});
    QVERIFY(chat.write(request("alice of Main Street").bytes));
    QVERIFY(chat.read() == answer("alice of Main Street").bytes);
    QVERIFY(chat.write(request("more of carol of Back Street").bytes));
    const auto diverged = chat.end();
    QVERIFY2(contains(diverged.message, "diverged at message 2"), diverged.message.c_str());
    for (const std::string& told :
         {missed.message, serializeStatus(missed), diverged.message, diverged.details, log.all()})
      QVERIFY2(!contains(told, "Street"), told.c_str());
  }

  void strictStreamsCompareAsTheRulesMakeIt() {
    const auto recorded = original({"alice of Main Street"});
    const auto server = serve(scrubbed(recorded), {.policy = {.strictStreams = true}, .rules = rules()});
    for (const ClientScript& script : scriptsOf(*recorded))
      QVERIFY(play(server->channel(), script).end.code != 2);
    QCOMPARE(server->report().missed, 0u);
  }

  void metadataIsComparedAsTheRulesMakeIt() {
    ReplayFile file;
    for (const char* who : {"alice", "bob"}) {
      const auto ref = file.request("/t.S/Plain", {"t.Request", field(2, std::uint64_t{1})});
      file.requestMetadata({{"x-user", who}})
          .response(ref, {"t.Answer", field(3, std::string("for ") + who)});
      file.headers({{"x-user", who}}).trailers({{"x-echo", who}});
    }
    const auto server =
        serve(scrubbed(file.recording()),
              {.policy = {.match = {.compareMetadata = {*parseMetadataRule("*:x-user")}}}, .rules = rules()});
    // Not in memory, where a unary client that is not reading when it is answered loses the message.
    const auto channel = channelTo(*server->listen("127.0.0.1:0"));
    const auto ask = [&](const std::string& who) {
      auto call =
          std::make_unique<SteppedCall>(channel, ForwardedCall::Begin{"/t.S/Plain", {{"x-user", who}}});
      call->write(field(2, std::uint64_t{1}));
      call->halfClose();
      return call;
    };
    for (const std::string who : {"bob", "alice"}) {
      const auto call = ask(who);
      QVERIFY(call->read() == field(3, "for " + who));
      const auto end = call->end();
      QCOMPARE(test::valueOf(*call->headers(), "x-user"), who);
      QCOMPARE(test::valueOf(end.trailers, "x-echo"), who);
    }
    const auto missed = ask("carol")->end();
    QCOMPARE(missed.code, 2);
    QVERIFY2(contains(missed.message, "metadata x-user") && !contains(missed.message, "carol"),
             missed.message.c_str());
  }

  void whatIsIgnoredIsIgnoredBehindTheRules() {
    const auto recorded = original({"alice of Main Street"});
    const auto server = serve(scrubbed(recorded),
                              {.policy = {.match = {.ignore = {*parseIgnoreRule("*:2")}}}, .rules = rules()});
    const ClientScript script =
        test::unary(field(1, "alice of Main Street") + field(2, std::uint64_t{99}), kGet);
    const ClientOutcome outcome = play(server->channel(), script);
    QVERIFY(outcome.received == std::vector{answer("alice of Main Street").bytes});
  }

  // Before it is known which stream it is, what they share goes out; tokens of its metadata are known by
  // then.
  void whatStreamsShareIsInTheClientsTerms() {
    ReplayFile file;
    for (const char* who : {"alice", "bob"}) {
      const auto ref = file.createStream("/t.S/Plain");
      file.requestMetadata({{"x-user", "carol"}}).recv(ref, answer("hello guest carol"));
      file.send(ref, request(who)).recv(ref, answer(who)).recvEnd(ref);
    }
    const auto server = serve(scrubbed(file.recording()), {.rules = rules()});
    SteppedCall call(server->channel(), {"/t.S/Plain", {{"x-user", "carol"}}});
    QVERIFY(call.read() == answer("hello guest carol").bytes);
    QVERIFY(call.write(request("bob").bytes));
    QVERIFY(call.read() == answer("bob").bytes);
    QCOMPARE(call.end().code, 0);
  }

  void anExtraCallIsForwardedAsTheClientMadeIt() {
    test::LiveUpstream live("TCP");
    Log log;
    const auto server =
        serve(scrubbed(original({"alice of Main Street"})), {.policy = {.extra = ExtraCalls::Forward},
                                                             .rules = rules(),
                                                             .upstream = live.upstream,
                                                             .log = log.take()});
    const ClientOutcome outcome = play(
        server->channel(), test::unary(test::pingRequest("carol of Back Street"), "/pinger.Pinger/Ping"));
    QCOMPARE(outcome.received.size(), std::size_t{1});
    QCOMPARE(test::textOf(outcome.received[0]), std::string("carol of Back Street"));
    server->stop();
    QCOMPARE(server->report().forwarded, 1u);
    QVERIFY2(!contains(log.all(), "Back Street"), log.all().c_str());
  }

  // What the upstream says in its status is for the client alone.
  void theLogOfAForwardedCallTellsNoSecret_data() {
    QTest::addColumn<int>("code");
    QTest::newRow("a status") << 5;
    QTest::newRow("one that the log has a note of") << 14;
  }
  void theLogOfAForwardedCallTellsNoSecret() {
    QFETCH(int, code);
    ReplayFile file;
    file.unary(kGet, request("x"), Status{code, "no user alice of Main Street", {}});
    const auto upstream = serve(file.recording());
    Log log;
    const auto server =
        serve(ReplayFile().recording(), {.policy = {.extra = ExtraCalls::Forward},
                                         .rules = rules(),
                                         .upstream = {.address = *upstream->listen("127.0.0.1:0")},
                                         .log = log.take()});
    const ClientOutcome outcome = play(server->channel(), test::unary(request("x").bytes, kGet));
    QCOMPARE(outcome.end.code, code);
    QCOMPARE(outcome.end.message, std::string("no user alice of Main Street"));
    server->stop();
    QVERIFY2(!contains(log.all(), "Main Street"), log.all().c_str());
    QVERIFY2(contains(log.all(), "no user "), log.all().c_str());
  }

  void aHookChangesWhatIsMatched_data() {
    QTest::addColumn<bool>("isStream");
    QTest::addRow("unary") << false;
    QTest::addRow("stream") << true;
  }
  void aHookChangesWhatIsMatched() {
    QFETCH(bool, isStream);
    const auto recorded = original({"alice"});
    std::atomic<std::uint32_t> seen{0};
    const BeforeMatch hook = [&](const LiveMessage& message) -> Result<std::string> {
      ++seen;
      if (contains(std::string(message.bytes), "nobody")) return Error{"the hook wants somebody"};
      if (message.metadata.empty() || message.metadata[0].value != "1") return Error{"no metadata"};
      const std::string who = message.number == 1 ? "alice" : "more of alice";
      return request(who).bytes;
    };
    const auto server = serve(recorded, {.policy = {.strictStreams = true}, .beforeMatch = hook});
    const auto channel = channelTo(*server->listen("127.0.0.1:0"));
    const auto call = [&](const std::string& who) {
      auto made = std::make_unique<SteppedCall>(
          channel, ForwardedCall::Begin{isStream ? kChat : kGet, {{"x-call", "1"}}});
      made->write(request(who).bytes);
      return made;
    };
    const auto answered = call("whoever");
    QVERIFY(answered->read() == answer("alice").bytes);
    if (isStream) {
      QVERIFY(answered->write(request("anybody").bytes));
      QVERIFY(answered->read() == answer("more of alice").bytes);
    }
    answered->end();
    QCOMPARE(seen.load(), isStream ? 2u : 1u);
    const auto failed = call("nobody")->end();
    QCOMPARE(failed.code, 2);
    QCOMPARE(failed.message, std::string("the hook wants somebody"));
    QCOMPARE(server->report().missed, 1u);
  }

  // Each has its own values, and gets its own back.
  void manyClientsAtOnce() {
    constexpr int kClients = 64;
    constexpr int kRounds = 3;
    std::vector<std::string> people;
    for (int i = 0; i < kClients; ++i) people.push_back("client number " + std::to_string(1000 + i));
    const auto recorded = original(people);
    const auto server =
        serve(scrubbed(recorded), {.policy = {.match = {.reuse = Reuse::Cycle}}, .rules = rules()});
    const auto address = server->listen("127.0.0.1:0");
    std::map<std::string, std::vector<ClientScript>> scripts;
    for (const ClientScript& script : scriptsOf(*recorded))
      for (const std::string& who : people)
        if (contains(script.steps[0].message, who)) scripts[who].push_back(script);
    std::atomic<int> wrong{0};
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (const std::string& who : people)
      threads.emplace_back([&] {
        const auto channel = contains(who, "7") ? channelTo(*address) : server->channel();
        for (int round = 0; round < kRounds; ++round)
          for (const ClientScript& script : scripts[who]) {
            const ClientOutcome outcome = play(channel, script);
            if (outcome.end != script.end) ++wrong;
            if (script.method == kGet && script.end.code == 0 &&
                outcome.received != std::vector{answer(who).bytes})
              ++wrong;
          }
      });
    // Meanwhile the rules are put on again and again: what was seen stays known.
    std::thread switching([&] {
      while (!over) {
        if (!server->setRules(rules())) ++wrong;
        std::this_thread::yield();
      }
    });
    for (std::thread& thread : threads) thread.join();
    over = true;
    switching.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(server->report().missed, 0u);
  }
};

QTEST_GUILESS_MAIN(tst_ScrubbedCalls)
#include "tst_scrubbed_calls.moc"
