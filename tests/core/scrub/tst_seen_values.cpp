#include <QtTest>
#include <thread>
#include <vector>

#include "scrub/seen_values.h"
#include "scrub/text_edits.h"

using namespace retake;

namespace {

// "token=value token=value"
void fill(SeenValues& seen, const QStringList& pairs) {
  for (const QString& pair : pairs)
    seen.remember(pair.section('=', 0, 0).toStdString(), pair.section('=', 1).toStdString());
}

std::optional<std::string> putBack(const SeenValues& seen, const std::string& text) {
  const auto edits = seen.putBack(text);
  return edits.empty() ? std::nullopt : std::optional(withEdits(text, edits));
}

std::string number(int i) { return std::to_string(1'000'000 + i); }

}  // namespace

class tst_SeenValues : public QObject {
  Q_OBJECT
 private slots:
  void putsTokensBackWhereTheyStandAsWords_data() {
    QTest::addColumn<QStringList>("seen");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");  // empty: as it is
    const QStringList mail{"kim@example.org=alice@shop.test"};
    const auto row = [](const char* name, const QStringList& seen, const QString& text,
                        const QString& expected) { QTest::newRow(name) << seen << text << expected; };
    row("the whole text", mail, "kim@example.org", "alice@shop.test");
    row("within a text", mail, "to kim@example.org, now", "to alice@shop.test, now");
    row("twice", mail, "kim@example.org kim@example.org", "alice@shop.test alice@shop.test");
    row("none", mail, "to jo@example.org", "");
    row("the beginning of one", mail, "kim@example.or", "");
    row("the beginning of a word", mail, "kim@example.orgs", "");
    row("the end of a word", mail, "akim@example.org", "");
    row("between letters beyond ASCII", mail, "\u00e4kim@example.org", "");
    row("behind a digit", mail, "4kim@example.org", "4alice@shop.test");
    row("the longer one of two", {"hash:12=a-value", "hash:1234=b-value"}, "hash:1234", "b-value");
    row("the shorter one, where the longer one does not fit", {"hash:12=a-value", "hash:12-34=b-value"},
        "hash:12-35", "a-value-35");
    row("a value that is the token of another one", {"second-token=first-token", "first-token=a value"},
        "<second-token>", "<first-token>");
    row("values that are each other's tokens", {"first-token=second-token", "second-token=first-token"},
        "first-token", "second-token");
    row("a token that stands for two values", {"Kim Miller=Alice", "Kim Miller=Bob"}, "Kim Miller", "");
    row("the same twice", {"Kim Miller=Alice", "Kim Miller=Alice"}, "Kim Miller", "Alice");
    row("a short one may be anything", {"Kim=Alice"}, "Kim", "");
    row("a number may be another one", {"4711234=1234567"}, "4711234", "");
    row("a long number is not", {"4711234471=1234567890"}, "no. 4711234471", "no. 1234567890");
    row("letters beyond ASCII", {"J\u00f6rg B=\u00c5sa"}, "J\u00f6rg B", "\u00c5sa");
    row("an empty value", {"a-token="}, "[a-token]", "[]");
  }
  void putsTokensBackWhereTheyStandAsWords() {
    QFETCH(QStringList, seen);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    SeenValues values;
    fill(values, seen);
    const auto restored = putBack(values, text.toStdString());
    QCOMPARE(QString::fromStdString(restored.value_or("")), expected);
  }

  void knowsShortTokensAsAWhole() {
    SeenValues values;
    QVERIFY(values.empty());
    fill(values, {"7=5", "8=6", "8=9"});
    QVERIFY(!values.empty());
    QVERIFY(values.valueOf("7") == "5");
    QVERIFY(!values.valueOf("5"));
    QVERIFY(!values.valueOf("8"));  // of 6 and of 9
  }

  void bytesOfAnyKindAreTokens() {
    SeenValues values;
    const std::string token("\0\xff\0\xfe\0\xfd", 6);
    values.remember(token, "value");
    QVERIFY(putBack(values, "a" + token + " b") == "avalue b");
  }

  // In a few hundred kilobytes, whatever is sent.
  void forgetsWhatWasSeenLongestAgo() {
    SeenValues values(200'000);
    const std::string first = "token-" + number(0);
    const std::string often = "token-" + number(1);
    values.remember(first, "first");
    values.remember(often, "often");
    for (int i = 2; i < 10'000; ++i) {
      values.remember("token-" + number(i), "value " + number(i));
      values.remember(often, "often");
    }
    QVERIFY(values.hasForgotten());
    QVERIFY(!putBack(values, first));
    QVERIFY(putBack(values, often) == "often");
    QVERIFY(putBack(values, "token-" + number(9'999)) == "value " + number(9'999));
    const std::string large(SeenValues::kMaxValue, 'x');
    values.remember("large-token", large);
    QVERIFY(!putBack(values, "large-token"));
  }

  void manyThreadsAtOnce() {
    SeenValues values(200'000);
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 2'000; ++i) {
          const std::string token = "token-" + number(i * (1 + thread % 2));
          values.remember(token, "value of " + token);
          // It may be forgotten again already, but is never another one's.
          const auto restored = putBack(values, token);
          if (restored && *restored != "value of value of " + token && *restored != "value of " + token)
            ++wrong;
        }
      });
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
  }
};

QTEST_APPLESS_MAIN(tst_SeenValues)
#include "tst_seen_values.moc"
