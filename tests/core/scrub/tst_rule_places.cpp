#include "scrub/rule_places.h"

#include <QTest>

#include "base/wire.h"
#include "planted.h"
#include "scrub/scrub_visitor.h"
#include "walked.h"

using namespace retake;

class tst_RulePlaces : public QObject {
  Q_OBJECT

 private slots:
  // A message is passed over only where a walk with all rules at work changes nothing.
  void passesOverOnlyWhatNoRuleCovers_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("place");
    for (const char* path : {"text",
                             "number",
                             "children.text",
                             "children[1].text",
                             "child.*",
                             "**.email",
                             "**.word",
                             "by_number.text",
                             "by_name[*].raw",
                             "by_flag",
                             "**.labels",
                             "grouped.text",
                             "**.[kinds.note]",
                             "any.value",
                             "**.chosen_number",
                             "numbers",
                             "texts[0]",
                             "29",
                             "**.30",
                             "**.texts",
                             "**"})
      QTest::newRow(path) << path << static_cast<int>(ScrubWhere::Place::Field);
    for (const char* type :
         {"kinds.Kinds", "kinds.Other", "kinds.Kinds.Grouped", "google.protobuf.Timestamp"})
      QTest::newRow(type) << type << static_cast<int>(ScrubWhere::Place::MessageType);
  }
  void passesOverOnlyWhatNoRuleCovers() {
    QFETCH(QString, path);
    QFETCH(int, place);
    const ScrubRule rule{.name = "rule",
                         .where = {static_cast<ScrubWhere::Place>(place), path.toStdString(), {}},
                         .action = {.kind = ScrubAction::Kind::Remove}};
    const auto rules = CompiledRules::compile({rule}, test::kindsSchema(), nullptr);
    QVERIFY2(rules, rules ? "" : rules.error().message.c_str());
    const ScrubHits nobody;
    for (unsigned seed = 1; seed <= 10; ++seed) {
      const std::string whole =
          test::plantedMessage(seed, [](unsigned number) { return "v" + std::to_string(number); });
      // Each field on its own as well, and the message without its end.
      std::vector<std::string> messages{whole, whole.substr(0, whole.size() - 2)};
      WireCursor cursor(whole);
      for (WireField field; cursor.next(field);) messages.emplace_back(field.raw);
      for (const std::string& message : messages) {
        RulePlaces places(*rules);
        const std::vector<char> active{ScrubVisitor::kFields};
        const std::vector<std::uint32_t> all{0};
        const RulePlaces::Id begin = places.ofType(places.message(), "kinds.Kinds");
        const bool may =
            !places.covered(begin).empty() || places.mayCover(begin, *test::kindsType(), message);
        ScrubVisitor visitor(*rules, active, all, places, places.message(), {.typeName = "kinds.Kinds"},
                             nobody);
        if (walkValues(*test::kindsSchema(), test::kindsType(), message, visitor))
          QVERIFY2(may, test::kindsText(message).c_str());
      }
    }
  }

  void passesOverWhatHasNoSuchField() {
    const ScrubRule rule{.name = "rule",
                         .where = {ScrubWhere::Place::Field, "**.email", {}},
                         .action = {.kind = ScrubAction::Kind::Remove}};
    const auto rules = CompiledRules::compile({rule}, test::kindsSchema(), nullptr);
    QVERIFY(rules);
    RulePlaces places(*rules);
    const auto may = [&](const char* text) {
      return places.mayCover(places.message(), *test::kindsType(), test::kinds(text));
    };
    QVERIFY(
        !may("text: 'a' child { children { text: 'b' } numbers: [1, 2] } labels { key: 'c' value: 'd' }"));
    QVERIFY(!may("by_name { key: 'a' value { raw: 'b' } } Grouped { text: 'c' } [kinds.note]: 'd'"));
    QVERIFY(may("child { children { email: 'b' } }"));
    QVERIFY(may("by_name { key: 'a' value { email: 'b' } }"));
    QVERIFY(may("[kinds.other] { kinds { email: 'b' } }"));
  }
};

QTEST_APPLESS_MAIN(tst_RulePlaces)
#include "tst_rule_places.moc"
