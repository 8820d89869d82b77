#include <QTest>
#include <map>

#include "planted.h"
#include "scrub/detect/text_finder.h"
#include "scrub/find_secrets.h"

using namespace retake;
using namespace retake::test;

namespace {

QString shown(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<int>(text.size())); }

struct Tally {
  int planted = 0;
  int found = 0;
  int elsewhere = 0;  // all of it taken by another detector
};

}  // namespace

class tst_TextFinder : public QObject {
  Q_OBJECT

 private slots:
  void everyDetectorIsPlantedOrListed() {
    // Each has an id of its own, and --detectors takes it.
    std::map<std::string_view, int> ids;
    for (const SecretDetector& detector : secretDetectors()) ++ids[detector.id];
    for (const auto& [id, count] : ids) QCOMPARE(count, 1);
    QVERIFY(secretDetectors().size() <= kMaxDetectors);
    QCOMPARE(detectorIndex("no such"), kMaxDetectors);
  }

  void findsWhatIsPlanted() {
    std::vector<Planted> all = plantedSecrets(100);
    for (Planted& planted : plantedPersonalData(100)) all.push_back(std::move(planted));
    std::map<std::string, Tally> tallies;
    int missed = 0;
    for (const Planted& planted : all) {
      Tally& tally = tallies[planted.detector];
      ++tally.planted;
      QVERIFY2(TextFinder::get().mayHold(planted.text) || planted.detector == "secret-field",
               planted.text.c_str());
      bool hit = false;
      bool covered = false;
      for (const TextFind& find : finds(planted.text, planted.name)) {
        const std::string value = planted.text.substr(find.at, find.size);
        const bool whole = value.find(planted.value) != std::string::npos;
        hit = hit || (whole && secretDetectors()[find.detector].id == planted.detector);
        covered = covered || whole;
      }
      tally.found += hit ? 1 : 0;
      tally.elsewhere += !hit && covered ? 1 : 0;
      if (!covered && ++missed < 20)
        qInfo("%s: %s: %s", covered ? "as another" : "MISSED", planted.detector.c_str(),
              planted.text.c_str());
    }
    for (const auto& [detector, tally] : tallies) {
      qInfo("%-22s planted %5d  found %5d  as another %3d", detector.c_str(), tally.planted, tally.found,
            tally.elsewhere);
      // What chance makes of random text now and then looks like words.
      const double least = detector == "high-entropy" ? 0.97 : 0.99;
      QVERIFY2(tally.found + tally.elsewhere >= least * tally.planted, detector.c_str());
    }
  }

  void leavesAloneWhatIsHarmless() {
    int alarms = 0;
    std::map<std::string, std::pair<int, int>> tallies;
    for (const Harmless& harmless : harmlessTexts(200)) {
      auto& [texts, wrong] = tallies[harmless.what];
      ++texts;
      const auto found = finds(harmless.text, harmless.name);
      wrong += found.empty() ? 0 : 1;
      if (!found.empty() && ++alarms < 20)
        qInfo("%s: %s: %s", harmless.what.c_str(), secretDetectors()[found[0].detector].id.data(),
              harmless.text.c_str());
    }
    for (const auto& [what, tally] : tallies) {
      if (tally.second > 0) qInfo("%-22s texts %5d  alarms %3d", what.c_str(), tally.first, tally.second);
      QVERIFY2(tally.second <= tally.first / 100, what.c_str());
    }
  }

  void saysWhatAndWhere_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");  // "detector=value" each, joined by " | "
    QTest::newRow("two in one") << ""
                                << "a@acme.io, b@acme.io"
                                << "email=a@acme.io | email=b@acme.io";
    QTest::newRow("password in a URL") << ""
                                       << "amqp://u:p4ss@mq/v"
                                       << "url-password=p4ss";
    QTest::newRow("URL-escaped e-mail") << ""
                                        << "?m=ann%40acme.io"
                                        << "email=ann%40acme.io";
    QTest::newRow("card after a number") << ""
                                         << "12 4111 1111 1111 1111"
                                         << "card-number=4111 1111 1111 1111";
    QTest::newRow("digits of a fraction") << ""
                                          << "0.4111111111111111"
                                          << "";
    QTest::newRow("name is enough") << "pin_code"
                                    << "4711"
                                    << "secret-field=4711";
    QTest::newRow("no name, no secret") << ""
                                        << "4711"
                                        << "";
    QTest::newRow("page token") << "page_token"
                                << "hunter2hunter2"
                                << "";
    QTest::newRow("token") << "token"
                           << "hunter2hunter2"
                           << "secret-field=hunter2hunter2";
    QTest::newRow("national id by name") << "pesel"
                                         << "44051401359"
                                         << "national-id=44051401359";
    QTest::newRow("eleven digits") << "count"
                                   << "44051401359"
                                   << "";
    QTest::newRow("phone by name") << "mobile"
                                   << "5551234567"
                                   << "phone=5551234567";
    QTest::newRow("hash token in a URL") << ""
                                         << "https://u:scrubbed-0123456789abcdefghjkmnpqrstvwxyz@h/"
                                         << "";
    QTest::newRow("IPv6") << ""
                          << "from 2a00:1450:4001:81b::200e port 443"
                          << "ip-address=2a00:1450:4001:81b::200e";
    QTest::newRow("time of day") << ""
                                 << "12:30:45"
                                 << "";
    QTest::newRow("a name of C++") << ""
                                   << "std::cafe::beef"
                                   << "";
  }
  void saysWhatAndWhere() {
    QFETCH(QString, name);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const std::string bytes = text.toStdString();
    QStringList found;
    for (const TextFind& find : finds(bytes, name.toStdString()))
      found << shown(secretDetectors()[find.detector].id) + '=' +
                   shown(std::string_view(bytes).substr(find.at, find.size));
    QCOMPARE(found.join(" | "), expected);
  }

 private:
  static std::vector<TextFind> finds(const std::string& text, const std::string& name) {
    return TextFinder::get().find(text, {.name = name}, DetectorSet().set());
  }
};

QTEST_GUILESS_MAIN(tst_TextFinder)
#include "tst_text_finder.moc"
