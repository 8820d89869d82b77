#include "scrub/literal_scanner.h"

#include <QTest>
#include <algorithm>
#include <random>
#include <set>

using namespace retake;
using Bytes = std::string;

namespace {

using Found = std::set<Bytes>;

Bytes lower(Bytes text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Found oneByOne(const std::vector<Bytes>& texts, const Bytes& in) {
  Found found;
  for (const Bytes& text : texts)
    if (in.find(text) != Bytes::npos) found.insert(text);
  return found;
}

Found atOnce(const std::vector<Bytes>& texts, const Bytes& in) {
  LiteralScanner scanner;
  for (const Bytes& text : texts) scanner.add(text);
  scanner.finish();
  Found found;
  scanner.scan(in, [&](std::uint32_t number) { found.insert(texts[number]); });
  return found;
}

}  // namespace

class tst_LiteralScanner : public QObject {
  Q_OBJECT

 private slots:
  // Few letters, so that texts overlap, and begin alike; some of any bytes.
  void findsWhatStandsThere() {
    std::mt19937 random(5);
    const auto text = [&](std::size_t length, bool isAny) {
      Bytes out(length, ' ');
      for (char& c : out) c = isAny ? static_cast<char>(random()) : "abAB@k\xc3\xa9"[random() % 8];
      return out;
    };
    int found = 0;
    for (int i = 0; i < 20'000; ++i) {
      std::vector<Bytes> texts;
      for (auto many = 1 + random() % 12; many > 0; --many) {
        const Bytes one = lower(text(1 + random() % (i % 3 ? 6 : 3), i % 7 == 0));
        if (std::find(texts.begin(), texts.end(), one) == texts.end()) texts.push_back(one);
      }
      Bytes in = text(random() % 80, i % 2);
      // At each place, the end among them.
      if (i % 3) {
        const Bytes& one = texts[random() % texts.size()];
        in.insert(random() % (in.size() + 1), one);
      }
      const Found expected = oneByOne(texts, lower(in));
      QCOMPARE(atOnce(texts, in), expected);
      found += static_cast<int>(expected.size());
    }
    QVERIFY(found > 10'000);
  }

  void tellsEachOfThoseThatEndTogether() {
    LiteralScanner scanner;
    for (const char* text : {"token", "en", "n"}) scanner.add(text);
    scanner.finish();
    std::vector<std::uint32_t> found;
    scanner.scan("no ToKEN", [&](std::uint32_t number) { found.push_back(number); });
    QCOMPARE(found, (std::vector<std::uint32_t>{2, 0, 1, 2}));
  }
};

QTEST_APPLESS_MAIN(tst_LiteralScanner)
#include "tst_literal_scanner.moc"
