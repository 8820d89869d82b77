#include <QTest>

#include "format/replay_binary.h"
#include "replay/served_status.h"
#include "script.h"
#include "support/replay_file.h"

using namespace retake;
using test::notes;
using test::play;
using test::replayerOf;

// What goes out, and when: serving.md, "Playing it". Timers fire by hand.
class tst_Playing : public QObject {
  Q_OBJECT

 private slots:
  void theRecordedCallIsPlayed_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* recorded, const char* client, const char* expected) {
      QTest::addRow("%s", name) << recorded << client << expected;
    };
    // Unary.
    row("a unary answer", "u a>1", "open a", "open: | a: 1, OK");
    row("a unary error is trailers only", "u a>!5", "open a", "open: | a: NOT_FOUND");
    row("a unary error that is OK", "u a>!0", "open a", "open: | a: (empty), OK");
    row("a unary error without a status", "u a>!", "open a", "open: | a: UNKNOWN");
    row("a unary call without an answer", "u a", "open a timer timer",
        "open: | a: wait 1000 | timer: wait 9000 | timer: UNKNOWN");
    row("a unary CANCELLED is the client's own", "u a>!1", "open a cancel",
        "open: | a: wait 1000 | cancel: served");
    row("a unary DEADLINE_EXCEEDED comes after ten seconds", "u a>!4", "open a timer timer",
        "open: | a: wait 1000 | timer: wait 9000 | timer: DEADLINE_EXCEEDED");
    // A RECV waits for the SENDs before it.
    row("in turn", "s S:a R:1 S:b R:2 E", "open a b", "open: headers | a: headers, 1, wait 1000 | b: 2, OK");
    row("two SENDs, two RECVs", "s S:a S:b R:1 R:2 E", "open a b",
        "open: headers | a: headers, wait 1000 | b: 1, 2, OK");
    row("messages come early", "s S:a R:1 S:b R:2 S:c R:3 E", "open a b c",
        "open: headers | a: headers, 1, wait 1000 | b: 2, wait 1000 | c: 3, OK");
    row("the half-close releases everything", "s S:a R:1 S:b R:2 S:c E", "open a half",
        "open: headers | a: headers, 1, wait 1000 | half: 2, OK");
    row("fewer SENDs still get the reply", "s S:a S:b S:c R:9", "open a half",
        "open: headers | a: headers, wait 1000 | half: 9, OK");
    row("a second without a message releases messages", "s S:a R:1 S:b R:2 S:c R:3 S:d E",
        "open a timer timer",
        "open: headers | a: headers, 1, wait 1000 | timer: 2, 3, wait 9000 | timer: OK");
    row("a second without a message does not release the end", "s S:a R:1 S:b R:2 E:5", "open a timer timer",
        "open: headers | a: headers, 1, wait 1000 | timer: 2, wait 9000 | timer: NOT_FOUND");
    row("a message that comes late makes the end due", "s S:a R:1 S:b R:2 E", "open a timer b",
        "open: headers | a: headers, 1, wait 1000 | timer: 2, wait 9000 | b: OK");
    row("after a late message the silence begins anew", "s S:a R:1 S:b R:2 S:c E", "open a timer b timer",
        "open: headers | a: headers, 1, wait 1000 | timer: 2, wait 9000 | b: wait 10000 | timer: OK");
    row("ten seconds release the end", "s S:a R:1 S:b E:5", "open a timer",
        "open: headers | a: headers, 1, wait 10000 | timer: NOT_FOUND");
    row("a message starts the wait anew", "s S:a S:b S:c R:1 E", "open a b timer",
        "open: headers | a: headers, wait 1000 | b: wait 1000 | timer: 1, wait 9000");
    // Errors in sending and creating.
    row("a failed SEND is not awaited", "s S:a R:1 X E:5", "open a",
        "open: headers | a: headers, 1, NOT_FOUND");
    row("a failed SEND may come", "s S:a S:b X R:1 E", "open a b",
        "open: headers | a: headers, wait 1000 | b: 1, OK");
    row("a failed creation", "s F:7", "open", "open: PERMISSION_DENIED");
    row("an error first is trailers only", "s S:a E:5", "open a", "open: | a: NOT_FOUND");
    row("an error behind messages", "s S:a R:1 E:5", "open a", "open: headers | a: headers, 1, NOT_FOUND");
    // One too many.
    row("one SEND too many", "s S:a R:1", "open a b",
        "open: headers | a: headers, 1, wait 10000 | b: UNKNOWN missed");
    row("a message to a stream without SENDs", "s R:1", "open b",
        "open: headers, 1, wait 10000 | b: UNKNOWN missed");
    row("a failed SEND counts as one that may come", "s S:a X", "open a b c",
        "open: headers | a: headers, wait 1000 | b: | c: UNKNOWN missed");
    row("what differs is counted only", "s S:a R:1 S:b R:2 E", "open a x",
        "open: headers | a: headers, 1, wait 1000 | x: 2, OK");
    // The end.
    row("the end of a stream", "s S:a R:1 E", "open a", "open: headers | a: headers, 1, OK");
    row("an end without messages", "s S:a E", "open a", "open: headers | a: headers, OK");
    row("CANCELLED waits for the client's own", "s S:a R:1 E:1", "open a cancel",
        "open: headers | a: headers, 1, wait 1000 | cancel: served");
    row("CANCELLED that does not come", "s S:a R:1 E:1", "open a timer timer",
        "open: headers | a: headers, 1, wait 1000 | timer: wait 9000 | timer: CANCELLED");
    row("DEADLINE_EXCEEDED waits for the client's own", "s S:a R:1 E:4", "open a half timer timer",
        "open: headers | a: headers, 1, wait 1000 | half: | timer: wait 9000 | timer: DEADLINE_EXCEEDED");
    row("a client stream is OK at the half-close", "s S:a S:b R:9", "open a b half",
        "open: headers | a: headers, wait 1000 | b: 9, wait 10000 | half: OK");
    row("a client stream that is not half-closed", "s S:a R:9", "open a timer",
        "open: headers | a: headers, 9, wait 10000 | timer: OK");
    row("an open end is held", "s S:a R:1 R:2", "open a half cancel",
        "open: headers | a: headers, 1, 2, wait 1000 | half: | cancel: served");
    row("an open end after ten seconds", "s S:a R:1 R:2", "open a timer timer",
        "open: headers | a: headers, 1, 2, wait 1000 | timer: wait 9000 | timer: UNKNOWN");
    row("a SEND behind the last RECV is not awaited", "s S:a R:1 R:2 S:b", "open a b",
        "open: headers | a: headers, 1, 2, wait 1000 | b:");
    row("a client that goes before the end is due", "s S:a R:1 S:b R:2 E", "open a cancel",
        "open: headers | a: headers, 1, wait 1000 | cancel: aborted");
    row("what stands behind an end is not played", "s S:a E R:2 E:5", "open a",
        "open: headers | a: headers, OK");
    // Metadata.
    row("unary metadata comes with the answer", "u a>1 @h:k=v @t:t=w", "open a",
        "open: | a: with {k=v}, 1, OK {t=w}");
    row("a unary error without recorded headers is trailers only", "u a>!5 @t:t=w", "open a",
        "open: | a: NOT_FOUND {t=w}");
    row("a unary error with recorded headers sends them", "u a>!5 @h:k=v @t:t=w", "open a",
        "open: | a: headers {k=v}, NOT_FOUND {t=w}");
    row("also empty ones", "u a>!5 @h:", "open a", "open: | a: headers {}, NOT_FOUND");
    row("a stream's headers go out at once", "s S:a R:1 @h:k=v E @t:t=w", "open a",
        "open: headers {k=v} | a: headers, 1, OK {t=w}");
    row("where all candidates agree", "s S:a R:1 @h:k=v E; s S:b R:2 @h:k=v E", "open b",
        "open: headers {k=v} | b: headers, 2, OK");
    row("else when the stream is known", "s S:a R:1 @h:k=v E; s S:b R:2 @h:k=w E", "open b",
        "open: wait 1000 | b: headers {k=w}, 2, OK");
    row("headers differ from none", "s S:a R:1 @h:k=v E; s S:b R:2 E", "open b",
        "open: wait 1000 | b: headers, 2, OK");
    row("nor do they wait for ever", "s S:a R:1 @h:k=v E; s S:b R:2 @h:k=w E", "open timer b",
        "open: wait 1000 | timer: headers {k=v} | b: headers, 2, OK");
    row("where RECVs are shared the headers of the first", "s R:hi @h:k=v S:a R:1 E; s R:hi @h:k=w S:b R:2 E",
        "open b", "open: headers {k=v}, hi, wait 1000 | b: headers, 2, OK");
    row("an error first with recorded headers sends them", "s S:a E:5 @h:k=v @t:t=w", "open a",
        "open: headers {k=v} | a: headers, NOT_FOUND {t=w}");
    row("an error first without waits for the message", "s S:a E:5 @t:t=w; s S:b R:1 @h:k=v E", "open b",
        "open: | b: headers {k=v}, 1, OK");
    row("a client stream's trailers stand with its answer", "s S:a R:9 @h:k=v @t:t=w", "open a half",
        "open: headers {k=v} | a: headers, 9, wait 10000 | half: OK {t=w}");
    row("keys of a hop are not replayed", "u a>1 @h:grpc-encoding=gzip @t:content-type=x", "open a",
        "open: | a: 1, OK");
    row("what gRPC cannot send is left out", "u a>1 @h:Upper=x @t:t=\x01", "open a", "open: | a: 1, OK");
    // Half-close, where it is recorded.
    row("a RECV behind the half-close waits for it", "s S:a R:1 R:2 @half E", "open a half",
        "open: headers | a: headers, 1, wait 1000 | half: 2, OK");
    row("a second without it releases messages, not the end", "s S:a R:2 @half E:5", "open a timer timer",
        "open: headers | a: headers, wait 1000 | timer: 2, wait 9000 | timer: NOT_FOUND");
    row("the end behind the half-close waits for it", "s S:a R:1 E @half", "open a half",
        "open: headers | a: headers, 1, wait 10000 | half: OK");
    row("a half-close that came early", "s S:a R:1 E @half", "open half",
        "open: headers | half: headers, 1, OK");
    row("a half-close before a failed SEND", "s S:a R:1 X @half E", "open a half",
        "open: headers | a: headers, 1, wait 10000 | half: OK");
    row("a half-close without messages", "s R:1 @half E", "open half",
        "open: headers, wait 1000 | half: headers, 1, OK");
    row("nor is that waited for longer", "s R:1 @half E", "open timer timer",
        "open: headers, wait 1000 | timer: headers, 1, wait 9000 | timer: OK");
    row("a client stream answers at the half-close", "s S:a S:b R:9 @half", "open a b half",
        "open: headers | a: headers, wait 1000 | b: wait 1000 | half: 9, OK");
    // Who cancelled, where that is recorded.
    row("CANCELLED by the server goes out when due", "s S:a R:1 E:1 @server", "open a",
        "open: headers | a: headers, 1, CANCELLED");
    row("DEADLINE_EXCEEDED by the server", "u a>!4 @server", "open a", "open: | a: DEADLINE_EXCEEDED");
    row("CANCELLED by the client waits for its own", "u a>!1 @client", "open a cancel",
        "open: | a: wait 1000 | cancel: served");
    row("a message that it sent too late then", "s S:a R:1 E:1 @client", "open a b half cancel",
        "open: headers | a: headers, 1, wait 1000 | b: | half: | cancel: served");
    row("likewise the first", "s E:1 @client", "open a cancel", "open: wait 1000 | a: | cancel: served");
    row("other errors are nobody's cancelling", "u a>!5 @client", "open a", "open: | a: NOT_FOUND");
    // Sentences of formats.md that are not above.
    row("an error in creating uses the stream up at the first Send", "s F:7", "open a",
        "open: PERMISSION_DENIED");
    row("a stream that is cut by an error in the middle", "s S:a R:1 E:14 S:b R:2 E", "open a",
        "open: headers | a: headers, 1, UNAVAILABLE");
    row("fewer messages than recorded, not half-closed", "s S:a S:b S:c R:1 E", "open a timer timer",
        "open: headers | a: headers, wait 1000 | timer: 1, wait 9000 | timer: OK");
    row("a Recv never waits for a later Send", "s R:1 R:2 S:a E", "open", "open: headers, 1, 2, wait 1000");
  }

  void theRecordedCallIsPlayed() {
    QFETCH(QString, recorded);
    QFETCH(QString, client);
    QFETCH(QString, expected);
    const auto replayer = replayerOf(recorded.toStdString());
    QCOMPARE(QString::fromStdString(play(*replayer, client.toStdString())), expected);
  }

  void theLogSaysSo_data() {
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* recorded, const char* client, const char* text) {
      QTest::addRow("%s", name) << recorded << client << text;
    };
    row("divergence", "s S:a R:1 S:b S:c R:2 E", "open a b x",
        "diverged at message 3: it is not the one of recorded call 1 (1: recorded \"c\", sent \"x\")");
    row("no divergence", "s S:a R:1 S:b R:2 E", "open a b", "");
    row("divergence of the first message", "s R:1 S:a R:2 E; s R:1 R:2 S:b R:3 E", "open timer x",
        "diverged at message 1");
    row("released messages", "s S:a R:1 S:b R:2 E", "open a timer", "no message 2 for 1 second");
    row("a released end", "s S:a R:1 S:b E", "open a timer", "no message 2 for 10 seconds");
    row("half-closed early", "s S:a S:b R:1 E", "open a half", "half-closed after 1 of 2 recorded messages");
    row("an end that did not come", "s S:a R:1 E:1", "open a timer timer", "the client did not end the call");
    row("a choice by time", "s S:a R:1 E; s R:2 E", "open timer", "no message for 250 ms: recorded call 2 is played");
    row("an open end", "s S:a R:1 R:2", "open a timer timer", "the recording ends here");
    row("which is told before", "s S:a R:1 R:2", "open a timer",
        "held open until the client ends it, 10 seconds at most: recorded call 1 has no end");
    row("and so is one that was cut off", "s @0 S:a R:1 R:2", "open a timer",
        "recorded call 1 was cut off here");
    row("and one that the client had ended", "u a>!1", "open a timer", "that is how recorded call 1 ended");
    row("a half-close that did not come", "s S:a R:1 @half E", "open a timer", "no half-close for 1 second");
    row("the end of one that did not come", "s S:a R:1 E @half", "open a timer",
        "no half-close for 10 seconds");
    row("metadata that cannot be sent", "u a>1 @h:Upper=x", "open a",
        "metadata key \"Upper\": expected lower-case letters, digits, '-', '_' and '.', found 'U'; it was "
        "left out");
    row("headers of another stream", "s S:a R:1 @h:k=v E; s S:b R:2 @h:k=w E", "open timer b",
        "the headers went out before it was known that recorded call 2 is played, and are not its own");
    row("one that came too late then", "s S:a R:1 E:1 @client", "open a b",
        "message 2 is not recorded: the client of recorded call 1 had ended the call");
    row("one too many", "s S:a R:1", "open a b", "/t.S/M: message 2 is one too many: recorded call 1 has 1");
  }
  void theLogSaysSo() {
    QFETCH(QString, recorded);
    QFETCH(QString, client);
    QFETCH(QString, text);
    const auto replayer = replayerOf(recorded.toStdString());
    const QString found = QString::fromStdString(notes(*replayer, client.toStdString()));
    if (text.isEmpty())
      QCOMPARE(found, QString("\n"));  // the end's own text
    else
      QVERIFY2(found.contains(text), qPrintable(found));
  }

  // What can be read of it is served; nothing waits for ever, and nothing goes wrong.
  void aDamagedRecordingIsServed() {
    const std::string whole = test::bytesOf(
        "u a>1; u a>!5; s S:a R:1 S:b R:2 E; s R:1 S:b R:2 E:5; s S:a S:b R:3; s F:7; s S:a X E:1; u b; s");
    const auto serveAll = [](const std::string& bytes) {
      const auto recording = replayBinaryFormat().read(sourceFromBytes(bytes, "damaged"), {});
      if (!recording) return;
      auto replayer = Replayer::create(std::make_shared<const Recording>(*recording), Schema::builtin(), {});
      QVERIFY(replayer);
      for (const char* client : {"open a b half timer timer timer", "open timer timer timer timer",
                                 "open half timer", "open b a a a a timer timer", "open a cancel"})
        for (int i = 0; i < 4; ++i) {
          const std::string played = play(**replayer, client);
          QVERIFY(!played.empty());
        }
    };
    constexpr std::size_t kMagic = 9;  // without it, it is no replay file
    for (std::size_t size = kMagic; size <= whole.size(); ++size) serveAll(whole.substr(0, size));
    for (std::size_t at = kMagic; at < whole.size(); ++at)
      for (const int flip : {0x01, 0x08, 0x80}) {
        std::string flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ flip);
        serveAll(flipped);
      }
  }

  void strictStreamsFailWhereTheyDiverge() {
    const auto replayer = replayerOf("s S:a R:1 S:b R:2 E; s S:a R:1 S:b R:2 E", {.strictStreams = true});
    QCOMPARE(play(*replayer, "open a x"), "open: headers | a: headers, 1, wait 1000 | x: UNKNOWN missed");
    QCOMPARE(play(*replayer, "open a b"), "open: headers | a: headers, 1, wait 1000 | b: 2, OK");
  }

  void aRecordedStatusIsServed_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("served");
    for (const int code : {1, 2, 16, 17, 31}) QTest::addRow("%d", code) << code << code;
    for (const int code : {-1, 32, 1000, 2147483647}) QTest::addRow("%d", code) << code << 2;
  }
  void aRecordedStatusIsServed() {
    QFETCH(int, code);
    QFETCH(int, served);
    const Status status{.code = code, .message = "why", .details = {{"type.googleapis.com/t.D", "x"}}};
    test::ReplayFile file;
    file.unary(test::kMethod, {"t.M", {}}, status);
    const ServedStatus found = servedStatus(*file.recording(), 1);
    QCOMPARE(found.code, served);
    QCOMPARE(found.details, served != code ? std::string() : serializeStatus(status));
    QVERIFY(found.message.ends_with("why"));
  }

  // gRPC writes them into a trailer, which a recorder may have seen: they are sent once.
  void detailsAreSentOnce_data() {
    QTest::addColumn<bool>("inStatus");
    QTest::addColumn<bool>("inTrailers");
    QTest::addRow("of the status") << true << false;
    QTest::addRow("of both") << true << true;
    QTest::addRow("of the trailers") << false << true;
    QTest::addRow("none") << false << false;
  }
  void detailsAreSentOnce() {
    QFETCH(bool, inStatus);
    QFETCH(bool, inTrailers);
    Status status{.code = 5, .message = "why", .details = {}};
    if (inStatus) status.details = {{"type.googleapis.com/t.D", "x"}};
    test::ReplayFile file;
    const auto ref = file.request(test::kMethod, {"t.M", {}});
    file.response(ref, status);
    const std::string trailer = serializeStatus({.code = 5, .message = "why", .details = {{"t/t.D", "y"}}});
    if (inTrailers) file.trailers({{"grpc-status-details-bin", trailer}, {"t", "w"}});
    const auto replayer = Replayer::create(file.recording(), Schema::builtin());
    QVERIFY(replayer);
    ReplaySession session = (*replayer)->open(test::kMethod, 1);
    Reaction reaction;
    session.opened(reaction);
    session.message("", reaction);
    QVERIFY(reaction.end);
    QCOMPARE(reaction.end->status.details, inStatus     ? serializeStatus(status)
                                           : inTrailers ? trailer
                                                        : std::string());
    QVERIFY((reaction.end->trailers == (inTrailers ? Metadata{{"t", "w"}} : Metadata{})));
  }

  // They are a Problem of the recording; the call is served as if they were not there.
  void extrasThatCannotBeReadAreNone() {
    test::ReplayFile file;
    const auto ref = file.request(test::kMethod, {"t.Message", test::field(1, "a")});
    file.record(serializeEntry(EntryKind::Response, {}, EntryMessage{"t/t.Message", test::field(1, "1")},
                               false, ref) +
                test::field(1003, "\xff") + test::field(1004, 7u));
    const auto replayer = Replayer::create(file.recording(), Schema::builtin());
    QCOMPARE(play(**replayer, "open a"), "open: | a: 1, OK");
  }

  void aStatusWithoutDetailsHasNoTrailerForThem() {
    test::ReplayFile file;
    file.unary(test::kMethod, {"t.M", {}}, Status{.code = 5, .message = "why", .details = {}});
    QVERIFY(servedStatus(*file.recording(), 1).details.empty());
  }

  void aStatusIsMadeToFit_data() {
    QTest::addColumn<int>("text");
    QTest::addColumn<int>("details");
    QTest::addColumn<QString>("note");
    QTest::addRow("fits") << 100 << 100 << "";
    QTest::addRow("details are left out first") << 3000 << 6000 << "details were left out";
    QTest::addRow("text is cut") << 9000 << 0 << "its text was cut after 7";
    QTest::addRow("both") << 9000 << 9000 << "its details were left out and its text was cut";
  }
  void aStatusIsMadeToFit() {
    QFETCH(int, text);
    QFETCH(int, details);
    QFETCH(QString, note);
    ServedStatus status{5, std::string(static_cast<std::size_t>(text), 'x'),
                        std::string(static_cast<std::size_t>(details), 'd')};
    const auto said = fitIntoTrailers(status);
    QCOMPARE(said.has_value(), !note.isEmpty());
    if (said) QVERIFY2(said->find(note.toStdString()) != std::string::npos, said->c_str());
    QVERIFY(status.message.size() + status.details.size() <= 7700);
  }

  // On the wire, each byte of such text takes three; it is cut between characters.
  void textIsCutBetweenCharacters() {
    ServedStatus status{5, {}, {}};
    for (int i = 0; i < 3000; ++i) status.message += "\xc3\xa4";
    QVERIFY(fitIntoTrailers(status));
    const auto dots = status.message.find("...");
    QVERIFY(dots != std::string::npos);
    QCOMPARE(dots % 2, 0u);
    QVERIFY(dots > 2000 && dots < 2600);
  }
};

QTEST_APPLESS_MAIN(tst_Playing)
#include "tst_playing.moc"
