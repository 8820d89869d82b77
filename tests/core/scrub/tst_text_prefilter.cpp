#include "scrub/text_prefilter.h"

#include <re2/re2.h>

#include <QTest>
#include <random>

#include "schema/text.h"
#include "scrub/encodings.h"

using namespace retake;
using Bytes = std::string;

namespace {

bool finds(const TextPrefilter& prefilter, ByteView bytes, std::size_t number = 0) {
  std::vector<char> hits(prefilter.size());
  prefilter.scan(bytes, hits);
  return hits[number] != 0;
}

bool isAscii(char c) { return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r'; }

// One text after the other in what base64 may stand for, by decoding all of it.
bool isWithinBase64(const re2::RE2& pattern, std::string_view run) {
  for (std::size_t skip = 0; skip < 4; ++skip) {
    Bytes decoded;
    decodeBase64(run.substr(skip), decoded);
    for (std::size_t at = 0; at < decoded.size(); ++at) {
      const std::size_t begin = at;
      while (at < decoded.size() && isAscii(decoded[at])) ++at;
      if (at - begin >= 3 && re2::RE2::PartialMatch(decoded.substr(begin, at - begin), pattern)) return true;
    }
  }
  return false;
}

}  // namespace

class tst_TextPrefilter : public QObject {
  Q_OBJECT

 private slots:
  void whatMatchesIsFoundInEveryForm_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("match");
    const auto row = [](const char* name, const char* pattern, const char* match) {
      QTest::newRow(name) << QByteArray(pattern) << QByteArray(match);
    };
    row("a text of its own", "sk_live_\\w{8}", "sk_live_a1B2c3D4");
    row("one of many texts", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b", "ASIA0123456789ABCDEF");
    row("any case", "(?i)bearer +(\\w{6,})", "bEaReR  abcdefg");
    row("digits alone", "(?:\\d[ -]?){12,18}\\d", "4111 1111-11111111");
    row("few bytes", "/[a-z]\\.[a-z]", "/x.y");
    row("three bytes", "\\d%\\d", "1%2");
    row("two bytes of each kind", "[A-F]\\d{2}", "B07");
    row("a sign of one byte", "[a-z]+@[a-z]+\\.[a-z]{2,}", "ann@example.org");
    row("beyond ASCII", "key=\u00e9{3}[^a]\\d", "key=\u00e9\u00e9\u00e9\u00fc7");
    row("beyond ASCII alone", "[\u0430-\u044f]{4}", "\u0442\u0430\u0439\u043d\u0430");
    row("any bytes", "p.{9}q", "p1234\u00e9 []9q");
  }
  void whatMatchesIsFoundInEveryForm() {
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, match);
    TextPrefilter prefilter;
    prefilter.addPattern(pattern.toStdString());
    prefilter.finish();
    const Bytes value = match.toStdString();
    Bytes all;
    Bytes escaped;
    for (const char c : value) escaped += "%" + encodeHex({&c, 1}, false);
    Bytes json = "{\"k\": \"";
    for (const char c : value)
      json += static_cast<signed char>(c) < 0 ? Bytes(1, c) : "\\u00" + encodeHex({&c, 1}, false);
    json += "\"}";
    for (const Bytes& text :
         {value, "ab" + value + "12", escaped, json, encodeHex(value, false), encodeHex(value, true)}) {
      // Fewer digits are none.
      if (text != value && text.size() < kMinHexRun) continue;
      QVERIFY2(finds(prefilter, text), text.c_str());
      // Among bytes that are none of it, at every distance from the begin, twice.
      for (std::size_t before = 0; before < 24; ++before) {
        const Bytes once = encodeBase64(Bytes(before, '\1') + text + Bytes(3, '\2'), before % 2);
        if (once.size() < kMinBase64Run || text.size() < 3) continue;
        QVERIFY2(finds(prefilter, once), once.c_str());
        QVERIFY2(finds(prefilter, Bytes(before % 4, '_') + once), once.c_str());
        const Bytes twice = encodeBase64(once, false);
        QVERIFY2(finds(prefilter, "\"" + twice + "\""), twice.c_str());
      }
    }
  }

  // Neither more nor less than by decoding all, whatever the base64.
  void agreesWithDecodingAll() {
    std::mt19937 random(4);
    int found = 0;
    int missed = 0;
    for (const char* pattern : {"[a-f]{4}", "/[a-z]\\.[a-z]", "[0-9]{3}", "[A-Z]{2}[0-9A-Z]{4}", "[ -~]{9}",
                                "(?i)ab.", "x[^x]{4}y", "k[\u0430-\u044f]?[a-z0-9]{2}@"}) {
      const re2::RE2 compiled(pattern);
      TextPrefilter prefilter;
      prefilter.addPattern(pattern);
      prefilter.finish();
      for (int i = 0; i < 4'000; ++i) {
        static constexpr std::string_view kDigits =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Bytes run(8 + random() % 150, 'A');
        // Text of few letters comes often then.
        for (char& c : run) c = kDigits[random() % (i % 2 ? 64 : 32)];
        if (i % 3 == 0) {
          Bytes plain(run.size(), 'a');
          for (char& c : plain) c = "abefxy01@./k-\1\xff"[random() % 15];
          run = encodeBase64(plain, false);
        }
        const bool expected = isWithinBase64(compiled, run);
        // What the run itself holds is found, too, and what it holds twice.
        if (!expected && (re2::RE2::PartialMatch(run, compiled) || run.find('%') != run.npos)) continue;
        const bool actual = finds(prefilter, run);
        if (expected) QVERIFY2(actual, (Bytes(pattern) + " in " + run).c_str());
        (expected ? found : missed) += actual == expected;
      }
    }
    QVERIFY2(found > 2'000 && missed > 2'000, qPrintable(QString("%1, %2").arg(found).arg(missed)));
  }

  // Words and runs before it and behind it, as long as they may be.
  void encodedTextsAreFoundWhereverTheyStand_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("match");
    QTest::newRow("three bytes") << QByteArray("\\d%\\d") << QByteArray("1%2");
    QTest::newRow("four") << QByteArray("[A-F]\\d{3}") << QByteArray("B071");
    QTest::newRow("five") << QByteArray("x[!-~]{3}y") << QByteArray("x...y");
    QTest::newRow("six") << QByteArray("[a-z]@[a-z]\\.[a-z]{2}") << QByteArray("a@b.cd");
    QTest::newRow("a token") << QByteArray("sk_live_\\w{8}") << QByteArray("sk_live_a1B2c3D4");
  }
  void encodedTextsAreFoundWhereverTheyStand() {
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, match);
    TextPrefilter prefilter;
    prefilter.addPattern(pattern.toStdString());
    prefilter.finish();
    const Bytes text = match.toStdString();
    for (std::size_t at = 0; at < 140; ++at)
      for (std::size_t behind : {0, 1, 7, 8, 50, 64, 120}) {
        Bytes words;
        while (words.size() < at) words += "word ";
        words.resize(at, ' ');
        for (const std::size_t noise : {0, 1, 2, 3, 60}) {
          const Bytes base64 = encodeBase64(Bytes(noise, '\xfd') + text + "\xfe\xfe", at % 2 == 0);
          for (const Bytes& end : {Bytes(behind, ' '), Bytes(behind, 'A')})
            if (base64.size() >= kMinBase64Run)
              QVERIFY2(finds(prefilter, words + base64 + end), (words + base64 + end).c_str());
        }
        const Bytes hex = encodeHex(text + Bytes(6, '\xfe'), at % 2 == 0);
        QVERIFY2(finds(prefilter, words + hex + Bytes(behind, ' ')), (words + hex).c_str());
        QVERIFY2(finds(prefilter, words + "zz" + hex + Bytes(behind, 'z')), (words + hex).c_str());
      }
  }

  void textsAreFoundWhereverTheyStand() {
    std::mt19937 random(1);
    const std::vector<Bytes> literals{"token", "to", "kenya", "@", "authorization", "zz"};
    TextPrefilter prefilter;
    for (const Bytes& literal : literals) prefilter.addLiteral(literal);
    prefilter.finish();
    for (int i = 0; i < 20'000; ++i) {
      Bytes text(random() % 30, ' ');
      for (char& c : text) c = "token@zyauhriTOKENZ."[random() % 20];
      if (i % 5 == 0) text += literals[random() % literals.size()];
      Bytes lower = text;
      for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      for (std::size_t number = 0; number < literals.size(); ++number)
        if (lower.find(literals[number]) != lower.npos)
          QVERIFY2(finds(prefilter, text, number), text.c_str());
    }
    QVERIFY(!finds(prefilter, "a text with none of them: k, e, n, y", 2));
  }

  // A sign that many patterns have is no match yet.
  void whatOnlyLooksAsIfIsNotTaken() {
    TextPrefilter prefilter;
    prefilter.addPattern("\\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}\\b");
    prefilter.addPattern("(?:\\d[ -]?){12,18}\\d");
    prefilter.finish();
    QVERIFY(!finds(prefilter, "come @ eight, 12 345 678 9 of us", 0));
    QVERIFY(!finds(prefilter, "come @ eight, 12 345 678 9 of us", 1));
    QVERIFY(finds(prefilter, "a@b.cd", 0));
  }
};

QTEST_APPLESS_MAIN(tst_TextPrefilter)
#include "tst_text_prefilter.moc"
