#include <QTest>
#include <algorithm>
#include <random>

#include "base/wire.h"
#include "scrub/encodings.h"
#include "scrub/scrub_visitor.h"
#include "scrub/scrubber.h"
#include "support/replay_file.h"
#include "walked.h"

using namespace retake;
using Bytes = std::string;
using test::field;

namespace {

using Action = ScrubAction::Kind;
using Place = ScrubWhere::Place;

ScrubRule pattern(const char* regex, const char* with) {
  return {.name = regex, .where = {.pattern = regex}, .action = {.kind = Action::Replace, .with = with}};
}
ScrubRule at(Place place, const char* path, const char* regex = "") {
  return {.name = path,
          .where = {place, path, regex},
          .action = {.kind = Action::Replace, .with = "\"see\" x@there.org"}};
}

// Some find what others before them have made; none what one behind it has.
ScrubRules patterns() {
  return {pattern("sk_live_[0-9a-zA-Z]{4,}", "now ann@example.org"),
          pattern("\\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}\\b", "key-77"),
          pattern("\\bkey-[0-9]{2}\\b", "K-"), pattern("(?i)\\bbearer +(\\w{4,})", "4111 1111 1111 1111"),
          pattern("\\b(?:\\d[ -]?){12,18}\\d\\b", "<card>")};
}
ScrubRules manyPatterns() {
  ScrubRules rules = patterns();
  for (int i = 0; i < 40; ++i) {
    static constexpr const char* kEnds[] = {"-[a-f]{2}", "k?[0-9]", "%\\d", "\\{0", "\u00e9+"};
    rules.push_back(pattern((std::string("k") + "abek"[i % 4] + "?" + kEnds[i % 5]).c_str(), "\u2020"));
    rules.back().name = "more " + std::to_string(i);
    if (i % 2) std::rotate(rules.begin() + i % 5, rules.end() - 1, rules.end());
  }
  return rules;
}
ScrubRules beyondAscii() {
  return {pattern("\u00e9{2}\\d", "[\u0442\u0430\u0439\u043d\u0430]"), pattern("[\u0430-\u044f]{4}", "-"),
          pattern("k.{3}\u00fc", "x")};
}
ScrubRules fields() {
  return {at(Place::Field, "children[*].text"),   at(Place::Field, "**.email"),
          at(Place::Field, "children[2].number"), at(Place::Field, "labels[\"key\"]"),
          at(Place::Field, "texts[1]", "\\w+@"),  at(Place::Field, "any<kinds.Other>.word"),
          at(Place::MessageType, "kinds.Other"),  pattern("see", "saw")};
}

class Random {
 public:
  explicit Random(unsigned seed) : m_random(seed) {}

  std::size_t below(std::size_t limit) { return m_random() % limit; }

  Bytes noise() {
    Bytes out(below(14), '\0');
    for (char& c : out) c = "\1\xff\xc3\xa9\x80 z\n\0}"[below(10)];
    return out;
  }
  Bytes words() {
    static constexpr const char* kWords[] = {
        "order ",  "k",    "key-12", "@",      "\u00e9", "12 ", "{",      "email", "\"",      "sk_live",
        "bearer ", "\\",   "%4",     "/",      "a.b",    "\t",  "\u0442", "-",     "4111-11", "aGVsb",
        "6b65",    "text", "see x",  "ABCDEF", "=",      "\n",  "_",      "+"};
    Bytes out;
    for (std::size_t i = below(5); i > 0; --i) out += kWords[below(std::size(kWords))];
    return out;
  }
  Bytes value() {
    static const std::vector<Bytes> kValues{"sk_live_a1B2c3",
                                            "ann@example.org",
                                            "BEARER  abcdefg",
                                            "4111 1111 1111 1111",
                                            "key-42",
                                            "\u0442\u0430\u0439\u043d\u0430",
                                            "\u00e9\u00e9\u00e97",
                                            "k\u00e9[1\u00fc",
                                            "ka-ff",
                                            "kk7"};
    return kValues[below(kValues.size())];
  }
  // A value with others about it, in forms one in the other.
  Bytes text(int depth) {
    Bytes out = words() + (below(2) ? value() : words()) + words();
    for (; depth > 0; --depth) out = words() + form(out) + words();
    return out;
  }
  // In forms alone.
  Bytes encoded() {
    Bytes out = value();
    for (std::size_t i = 1 + below(3); i > 0; --i) out = form(out);
    return below(2) ? out : noise() + out + noise();
  }
  Bytes message(int depth) {
    Bytes out;
    for (std::size_t i = below(3); i > 0; --i) {
      const Bytes inner = text(static_cast<int>(below(4)));
      switch (below(9)) {
        case 0:
          out += field(1, inner);
          break;
        case 1:
          out += field(2, noise() + inner + noise());
          break;
        case 2:
          out += field(3, below(50)) + field(13, inner) + field(13, words());
          break;
        case 3:
          out += field(16, field(1, below(2) ? "key" : words()) + field(2, inner));
          break;
        case 4:
          out += field(77, inner) + field(29, words());
          break;
        case 5:
          out += field(20, field(1, "type.googleapis.com/kinds.Other") + field(2, field(1, inner)));
          break;
        case 6:
          out += field(2, depth > 0 ? message(depth - 1) : inner);
          break;
        default:
          out += field(below(2) ? 11 : 12, depth > 0 ? message(depth - 1) : field(1, inner));
      }
    }
    return out;
  }

 private:
  Bytes form(const Bytes& text) {
    switch (below(6)) {
      case 0:
        return encodeBase64(noise() + text + noise(), below(2));
      case 1:
        return encodeBase64(text, below(2));
      case 2:
        return encodeHex(below(2) ? text : noise() + text + noise(), below(2));
      case 3:
        return encodeUrl(text, "@:k");
      case 4: {
        Bytes out = "{\"" + encodeJsonString(below(2) ? "\u00e9" : "email") + "\": \"";
        for (const char c : text)
          if (static_cast<signed char>(c) > 0 && below(2))
            out += "\\u00" + encodeHex({&c, 1}, below(2));
          else
            out += static_cast<signed char>(c) > 0 ? encodeJsonString({&c, 1}) : Bytes(1, c);
        return out + "\", \"n\": [41, 4111111111111111]}";
      }
      default:
        return "[" + Bytes(below(3), ' ') + "\"" + encodeJsonString(text) + "\"]";
    }
  }

  std::mt19937 m_random;
};

// A hit a line.
ScrubHits into(Bytes& lines) {
  return [&lines](ScrubHit&& hit) {
    lines += std::to_string(hit.rule) + " " + hit.path + " \"" + hit.before + "\" -> \"" + hit.after + "\"\n";
  };
}

}  // namespace

class tst_ScrubShortcuts : public QObject {
  Q_OBJECT

 private slots:
  // What the bytes say need not be walked, or tried, has nothing that a walk with all rules at work changes.
  void findWhatAWalkWithAllRulesFinds_data() {
    QTest::addColumn<int>("which");
    QTest::newRow("patterns") << 0;
    QTest::newRow("many patterns") << 1;
    QTest::newRow("beyond ASCII") << 2;
    QTest::newRow("fields") << 3;
    QTest::newRow("fields and patterns") << 4;
  }
  void findWhatAWalkWithAllRulesFinds() {
    QFETCH(int, which);
    ScrubRules rules = which == 0   ? patterns()
                       : which == 1 ? manyPatterns()
                       : which == 2 ? beyondAscii()
                                    : fields();
    if (which == 4)
      for (const ScrubRule& rule : patterns()) rules.push_back(rule);
    const auto scrubber = Scrubber::create(rules, test::kindsSchema());
    QVERIFY2(scrubber, scrubber ? "" : scrubber.error().message.c_str());
    const CompiledRules& compiled = (*scrubber)->compiled();
    const std::vector<char> active(rules.size(), ScrubVisitor::kInside);
    std::vector<std::uint32_t> all(rules.size());
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    RulePlaces places(compiled);
    Random random(static_cast<unsigned>(which) + 1);
    int changed = 0;
    constexpr int kMessages = 4'000;
    for (int i = 0; i < kMessages; ++i) {
      const Bytes message = i % 3 ? random.message(2) : field(i % 2 ? 1 : 2, random.encoded());
      Bytes expectedHits;
      const ScrubHits expectedTold = into(expectedHits);
      ScrubVisitor visitor(compiled, active, all, places, places.message(),
                           {.compared = true, .typeName = "kinds.Kinds"}, expectedTold);
      const auto expected = walkValues(*test::kindsSchema(), test::kindsType(), message, visitor);
      Bytes hits;
      const auto actual = (*scrubber)->message({.typeName = "kinds.Kinds"}, message, into(hits));
      if (hits != expectedHits || actual != expected)
        QFAIL(qPrintable(QString("message %1: %2\nfound\n%3expected\n%4")
                             .arg(i)
                             .arg(QString::fromStdString(test::kindsText(message)),
                                  QString::fromStdString(hits), QString::fromStdString(expectedHits))));
      changed += expected.has_value();
    }
    QVERIFY2(changed > kMessages / 10 && changed < kMessages * 19 / 20, qPrintable(QString::number(changed)));
  }

  // A length that is '%' is no escape with what follows; of a length, and of a tag, of several bytes neither.
  void lengthsAreNoEscapes() {
    const auto scrubber = Scrubber::create(patterns(), test::kindsSchema());
    QVERIFY(scrubber);
    const auto finds = [&](const Bytes& message) {
      Bytes hits;
      (void)(*scrubber)->message({.typeName = "kinds.Kinds"}, message, into(hits));
      return !hits.empty();
    };
    const Bytes escaped = "bearer%20abcdefg";
    for (const std::size_t length : {37u, 4736u, 4800u, 4863u, 606'209u})
      for (const std::uint32_t number : {1u, 13u, 24u, 77u, 3000u})
        QVERIFY(finds(field(number, escaped + Bytes(length - escaped.size(), '.'))));
    // The same in what stands for a message.
    for (const std::size_t length : {37u, 4736u, 4863u})
      for (const std::uint32_t number : {1u, 2u, 3u, 20u}) {
        const Bytes inner = field(number, escaped + Bytes(length - escaped.size(), '.'));
        const QByteArray raw = QByteArray::fromStdString(inner);
        QVERIFY(finds(field(1, raw.toBase64().toStdString())));
        QVERIFY(finds(field(1, raw.toHex().toStdString())));
      }
    for (const std::size_t length : {'A', 'f', '3'})
      for (std::uint32_t number = 592; number < 600; ++number)
        QVERIFY(finds(field(number, escaped + Bytes(length - escaped.size(), '.'))));
  }
};

QTEST_APPLESS_MAIN(tst_ScrubShortcuts)
#include "tst_scrub_shortcuts.moc"
