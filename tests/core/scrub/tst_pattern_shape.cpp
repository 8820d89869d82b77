#include "scrub/pattern_shape.h"

#include <re2/re2.h>

#include <QTest>
#include <random>

using namespace retake;

class tst_PatternShape : public QObject {
  Q_OBJECT

 private slots:
  void saysWhatEveryMatchHas_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<int>("least");
    QTest::addColumn<QString>("inAll");
    QTest::addColumn<bool>("isAscii");
    const auto row = [](const char* pattern, int least, const char* inAll, bool isAscii) {
      QTest::newRow(pattern) << pattern << least << inAll << isAscii;
    };
    row("", 0, "", true);
    row("abca", 4, "abc", true);
    row("ab|cad", 2, "a", true);
    row("(?:\\d[ -]?){12,18}\\d", 13, "", true);
    row("a{3}", 3, "a", true);
    row("a{2,}b*c+d?", 3, "ac", true);
    row("a{,2}", 5, ",2a{}", true);
    row("a{2", 3, "2a{", true);
    row("a*?b+?", 1, "b", true);
    row("^a$|\\bb\\B", 1, "", true);
    row("[]a-c-]x", 2, "x", true);
    row("[^a]", 1, "", false);
    row("[[:alpha:]]", 1, "", true);
    row("[[:^alpha:]]", 1, "", false);
    row("[\\w.-]+@", 2, "@", true);
    row(".", 1, "", false);
    row("\\x41\\x{42}\\103", 3, "ABC", true);
    row("\\.\\/\\n", 3, "\n./", true);
    row("(?i)ab1", 3, "1", true);
    row("(?i)ks", 2, "", false);
    row("(?i:a)b", 2, "b", true);
    row("(?P<name>ab)+c", 3, "abc", true);
    row("\\pLa", 2, "a", false);
    row("\\p{Greek}a", 2, "a", false);
    row("[\\pLb]", 1, "", false);
    row("\\Qa.b\\Ec", 2, "c", true);
    row("\\Qabc\\E{3}", 3, "", true);
    row("\u00e9a", 2, "a", false);
    row("[a-\u00e9]", 1, "", false);
    // Of what they repeat nothing is sure.
    row("ab\\Q\\E*", 0, "", false);
    row("ab(?i)*", 0, "", false);
  }
  void saysWhatEveryMatchHas() {
    QFETCH(QString, pattern);
    QFETCH(int, least);
    QFETCH(QString, inAll);
    QFETCH(bool, isAscii);
    const PatternShape shape = shapeOf(pattern.toStdString());
    QString all;
    for (std::size_t c = 0; c < 128; ++c)
      if (shape.isInAll[c]) all += QChar(static_cast<char16_t>(c));
    QCOMPARE(static_cast<int>(shape.least), least);
    QCOMPARE(all, inAll);
    QCOMPARE(shape.isAscii(), isAscii);
  }

  // Whatever RE2 makes of a pattern: no match is shorter, or of other bytes.
  void noMatchIsOtherwise() {
    std::mt19937 random(20);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    const std::vector<std::string> parts{
        "a",    "b", "k", "[ab]", "[^a]", "\\d",   ".",   "|",      "(",   ")",   "(?:",   "(?i)",
        "(?i:", "*", "+", "?",    "{2}",  "{0,1}", "{2,", "\u00e9", "\\Q", "\\E", "[a-k]", "[[:^digit:]]",
        "\\s",  "-"};
    const std::string bytes = "aabbkK12 -\u00e9\u212a\n";
    int matches = 0;
    for (int i = 0; i < 60'000; ++i) {
      std::string pattern;
      for (std::size_t n = 1 + below(7); n > 0; --n) pattern += parts[below(parts.size())];
      const re2::RE2 compiled(pattern, re2::RE2::Quiet);
      if (!compiled.ok()) continue;
      const PatternShape shape = shapeOf(pattern);
      for (int tries = 0; tries < 4; ++tries) {
        std::string text;
        for (std::size_t n = below(12); n > 0; --n) text += bytes[below(bytes.size())];
        re2::StringPiece found;
        if (!compiled.Match(text, 0, text.size(), re2::RE2::UNANCHORED, &found, 1)) continue;
        ++matches;
        const std::string match(found.data() ? found.data() : "", found.size());
        const QByteArray what = QByteArray::fromStdString(pattern + " matches \"" + match + '"');
        QVERIFY2(match.size() >= shape.least, what.constData());
        for (const char c : match) QVERIFY2(shape.holds[static_cast<std::uint8_t>(c)], what.constData());
        for (std::size_t c = 0; c < 256; ++c)
          QVERIFY2(!shape.isInAll[c] || match.find(static_cast<char>(c)) != match.npos, what.constData());
      }
    }
    QVERIFY(matches > 10'000);
  }
};

QTEST_APPLESS_MAIN(tst_PatternShape)
#include "tst_pattern_shape.moc"
