#include <QRegularExpression>
#include <QTest>
#include <algorithm>
#include <random>

#include "planted.h"
#include "recording/calls.h"
#include "schema/text.h"
#include "scrub/encodings.h"
#include "scrub/scrub_recording.h"
#include "support/replay_file.h"
#include "walked.h"

using namespace retake;
using Bytes = std::string;

namespace {

Bytes secret(unsigned seed, unsigned number) {
  const unsigned mixed = (seed * 2654435761u) ^ (number * 40503u + 977u);
  return "SK-" + encodeHex({reinterpret_cast<const char*>(&mixed), sizeof mixed}, false) + "-" +
         std::to_string(number) + "z";
}

// The value in the forms that are looked for in what is written: as it is, in base64 from each place where a
// group may begin, hex, URL escapes.
std::vector<Bytes> formsOf(const Bytes& value) {
  std::vector<Bytes> forms{value, encodeHex(value, false), encodeHex(value, true)};
  Bytes escaped;
  for (const char c : value) escaped += "%" + encodeHex({&c, 1}, true);
  forms.push_back(escaped);
  for (const std::size_t before : {0u, 1u, 2u}) {
    const Bytes whole = encodeBase64(Bytes(before, 'x') + value, false);
    const std::size_t begin = before == 0 ? 0 : before + 1;
    const std::size_t end = (before + value.size()) * 8 / 6;
    forms.push_back(whole.substr(begin, end - begin));
  }
  return forms;
}

Bytes lower(Bytes text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Bytes allBytes(const Recording& recording) {
  Bytes all(recording.initialState()->view);
  for (std::uint32_t i = 0; i < recording.size(); ++i) all += recording.bytes(i)->view;
  return all;
}

ScrubRules secretRules() {
  return {{.name = "secrets",
           .where = {.pattern = "SK-[0-9a-f]{8}-\\d+z"},
           .action = {.kind = ScrubAction::Kind::Replace, .with = "Scrubbed"}}};
}

std::shared_ptr<const Scrubber> scrubber(const ScrubRules& rules,
                                         const std::shared_ptr<const Schema>& schema) {
  auto made = Scrubber::create(rules, schema);
  if (!made) qFatal("%s", made.error().message.c_str());
  return *std::move(made);
}

Bytes mark(unsigned) { return "Scrubbed"; }

}  // namespace

class tst_ScrubProperty : public QObject {
  Q_OBJECT

 private slots:
  // What is not covered keeps its bytes: the message is the one in which marks had been planted.
  void nothingElseChanges() {
    const auto scrub = scrubber(secretRules(), test::kindsSchema());
    int planted = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
      const auto plant = [&](unsigned number) { return ++planted, secret(seed, number); };
      const Bytes message = test::plantedMessage(seed, plant);
      const Bytes expected = test::plantedMessage(seed, mark);
      const auto changed = scrub->message({.typeName = "kinds.Kinds"}, message);
      const Bytes& actual = changed ? *changed : message;
      if (actual != expected) {
        test::Listing was;
        test::Listing wanted;
        walkValues(*test::kindsSchema(), test::kindsType(), actual, was);
        walkValues(*test::kindsSchema(), test::kindsType(), expected, wanted);
        const QStringList a = QString::fromStdString(was.lines).split('\n');
        const QStringList b = QString::fromStdString(wanted.lines).split('\n');
        for (int i = 0; i < std::max(a.size(), b.size()); ++i)
          if (a.value(i) != b.value(i))
            QFAIL(qPrintable(QString("seed %1:\n%2\nexpected\n%3").arg(seed).arg(a.value(i), b.value(i))));
        QFAIL(qPrintable(QString("seed %1: bytes differ").arg(seed)));
      }
    }
    QVERIFY(planted > 2'000);
  }

  void nothingThatWasPlantedIsInTheWrittenBytes_data() {
    QTest::addColumn<bool>("withSchema");
    QTest::newRow("with a schema") << true;
    QTest::newRow("without") << false;
  }
  void nothingThatWasPlantedIsInTheWrittenBytes() {
    QFETCH(bool, withSchema);
    const auto schema = withSchema ? test::kindsSchema() : Schema::builtin();
    const auto scrub = scrubber(secretRules(), schema);
    for (unsigned seed = 1; seed <= 3; ++seed) {
      std::vector<Bytes> planted;
      unsigned base = 0;
      const auto plant = [&](unsigned number) { return planted.emplace_back(secret(seed, base + number)); };
      const auto message = [&] { return base += 1000, test::plantedMessage(seed * 7 + base, plant); };
      const auto text = [&] { return base += 1000, test::plantedText(seed * 7 + base, plant); };
      test::ReplayFile file(text());
      const test::Message one{"kinds.Kinds", message()};
      file.unary("/kinds.Service/Unary", one, {"kinds.Kinds", message()});
      file.headers({{"x-text", text()}, {"x-data-bin", message()}});
      Status status{.code = 3, .message = text(), .details = {}};
      status.details.push_back({.typeUrl = "type.googleapis.com/kinds.Kinds", .value = message()});
      file.unary("/kinds.Service/Unary", one, status);
      file.trailers({{"x-text", text()}});
      const std::uint32_t stream = file.createStream("/kinds.Service/Stream");
      file.requestMetadata({{"authorization", text()}});
      file.send(stream, {"kinds.Kinds", message()});
      file.recv(stream, {"kinds.Kinds", message()});
      file.recvEnd(stream);

      FilterInput input{.recording = file.recording(), .calls = nullptr, .schema = schema};
      input.calls = std::make_shared<const Calls>(groupCalls(*input.recording));
      const auto done = scrubRecording(input, *scrub);
      QVERIFY(done);
      const auto written = apply(*input.recording, done->edit);
      QVERIFY(written);
      const Bytes before = lower(allBytes(*input.recording));
      int found = 0;
      const Bytes after = lower(allBytes(*written));
      // Some of them in every form; of all of them, the rules themselves find nothing any more (below).
      const std::size_t step = std::max<std::size_t>(planted.size() / 60, 1);
      int looked = 0;
      for (std::size_t i = 0; i < planted.size(); i += step) {
        const Bytes& value = planted[i];
        ++looked;
        for (const Bytes& form : formsOf(value)) {
          if (before.find(lower(form)) != Bytes::npos) ++found;
          if (after.find(lower(form)) != Bytes::npos)
            QFAIL(qPrintable(QString("seed %1: %2 is left as %3")
                                 .arg(seed)
                                 .arg(QString::fromStdString(value), QString::fromStdString(form))));
        }
      }
      QVERIFY(planted.size() > 100);
      QVERIFY(found > looked / 2);
      // Still the same calls, and nothing is found any more.
      QCOMPARE(written->size(), input.recording->size());
      input.recording = std::make_shared<const Recording>(*written);
      const auto again = countScrubHits(input, *scrub);
      QVERIFY(again);
      QCOMPARE(again->rules[0].hits, std::uint64_t{0});
    }
  }

  void damageChangesNothingOfThat() {
    const auto scrub = scrubber(secretRules(), test::kindsSchema());
    std::mt19937 random(1);
    for (unsigned seed = 1; seed <= 60; ++seed) {
      Bytes message = test::plantedMessage(seed, [&](unsigned number) { return secret(seed, number); });
      for (unsigned i = 0; i < 1 + seed % 5; ++i)
        message[random() % message.size()] = static_cast<char>(random());
      const auto changed = scrub->message({.typeName = "kinds.Kinds"}, message);
      if (!changed) continue;
      // No plain text of that shape is left, wherever the damage is.
      for (std::size_t at = changed->find("SK-"); at != Bytes::npos; at = changed->find("SK-", at + 1)) {
        const Bytes rest = changed->substr(at, 30);
        const bool isWhole = QRegularExpression("^SK-[0-9a-f]{8}-[0-9]+z")
                                 .match(QString::fromLatin1(rest.data(), static_cast<qsizetype>(rest.size())))
                                 .hasMatch();
        QVERIFY2(!isWhole, rest.c_str());
      }
    }
  }
};

QTEST_APPLESS_MAIN(tst_ScrubProperty)
#include "tst_scrub_property.moc"
