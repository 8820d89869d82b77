#include <QTest>

#include "match/matcher.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using test::Message;
using test::ReplayFile;

namespace {

constexpr const char* kMethod = "/t.S/M";

// Calls by their request; "-" is a stream without a SEND.
std::shared_ptr<const Recording> recordingOf(const QString& requests, bool isStream) {
  ReplayFile file;
  for (const QString& name : requests.split(' ')) {
    const Message request{"t.Request", field(1, name.toStdString())};
    const Message answer{"t.Answer", field(1, "x")};
    if (!isStream) {
      file.unary(kMethod, request, answer);
      continue;
    }
    const std::uint32_t stream = file.createStream(kMethod);
    if (name != "-") file.send(stream, request);
    file.recv(stream, answer).recvEnd(stream);
  }
  return file.recording();
}

}  // namespace

// Messages of clients that scrub rules change: both forms are equal to what is recorded.
class tst_ClientMessage : public QObject {
  Q_OBJECT

 private slots:
  // Sent: "raw>scrubbed", or "raw" alone. Answered by the number of the call, "s" where the rules made it
  // equal, "u" for used up, "-" for nothing equal.
  void eitherFormIsEqual_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("sent");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* kind, const char* recorded, const char* sent,
                        const char* expected) {
      QTest::addRow("%s: %s", kind, name) << kind << recorded << sent << expected;
    };
    for (const char* kind : {"unary", "stream"}) {
      row("a scrubbed recording", kind, "T U", "a>T b>U", "1s 2s");
      row("one that is not", kind, "a b", "a>T b>U", "1 2");
      row("without rules", kind, "T", "a", "-");
      row("a client that sends tokens", kind, "T T", "T a>T", "1 2s");
      row("used up", kind, "T", "a>T a>T", "1s u");
      row("neither", kind, "T", "c>V", "-");
    }
    row("the message as it came is first", "unary", "T a", "a>T a>T a>T", "2 1s u");
    row("in the order of the streams", "stream", "T a", "a>T a>T a>T", "1s 2 u");
    row("a stream without SENDs has its turn", "stream", "- T", "a>T a>T", "1 2s");
    row("and not before", "stream", "T -", "a>T a>T a>T", "1s 2 u");
    row("the last answers again", "unary last", "T a", "a>T a>T a>T", "2 1s 1s");
    row("the last answers again", "stream last", "a T", "a>T a>T a>T", "1 2s 2s");
    row("they start again", "unary cycle", "T a", "a>T a>T a>T a>T", "2 1s 2 1s");
    row("they start again", "stream cycle", "a T", "a>T a>T a>T a>T", "1 2s 1 2s");
    // What the rules change is ignored: one queue, counted once.
    row("what the rules change is ignored", "unary ignoring", "T a", "a>T b>U c>V", "1 2 u");
  }
  void eitherFormIsEqual() {
    QFETCH(QString, kind);
    QFETCH(QString, recorded);
    QFETCH(QString, sent);
    QFETCH(QString, expected);
    MatchPolicy policy;
    if (kind.contains("last")) policy.reuse = Reuse::Last;
    if (kind.contains("cycle")) policy.reuse = Reuse::Cycle;
    if (kind.contains("ignoring")) policy.ignore.push_back(*parseIgnoreRule("*:1"));
    const bool isStream = kind.startsWith("stream");
    const auto recording = recordingOf(recorded, isStream);
    const Calls calls = groupCalls(*recording);
    MatchCursors cursors(*MatchIndex::build(*recording, calls, *Schema::builtin(), policy));
    Matcher matcher(policy.reuse);
    const auto* method = cursors.index->method(kMethod);
    QStringList answered;
    for (const QString& one : sent.split(' ')) {
      const std::string raw = field(1, one.section('>', 0, 0).toStdString());
      std::optional<std::string> scrubbed;
      if (one.contains('>')) scrubbed = field(1, one.section('>', 1).toStdString());
      const ClientMessage message(raw, scrubbed);
      QVERIFY(message.told() == scrubbed.value_or(raw));
      const auto answer = isStream ? matcher.takeStream(cursors, *Schema::builtin(), *method, {}, message, 1)
                                   : matcher.takeUnary(cursors, *Schema::builtin(), *method, message, 1);
      if (const auto* taken = std::get_if<Matcher::Taken>(&answer)) {
        answered += QString::number(taken->call + 1) + (taken->scrubbed ? "s" : "");
        continue;
      }
      const Miss& miss = std::get<Miss>(answer);
      answered += miss.why == Miss::Why::UsedUp ? "u" : "-";
      // Of those that are equal; one without SENDs is not counted.
      if (miss.why == Miss::Why::UsedUp)
        QCOMPARE(miss.recorded, calls.size() - static_cast<std::uint32_t>(recorded.count('-')));
    }
    QCOMPARE(answered.join(' '), expected);
  }
};

QTEST_APPLESS_MAIN(tst_ClientMessage)
#include "tst_client_message.moc"
