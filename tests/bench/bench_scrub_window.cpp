// The scrub rules of the window over a recording of 100,000 calls: how long it takes from toggling a rule to
// the visible call shown with it, and how long the window stands still meanwhile, and while rules are applied
// to all calls. The budget of a toggle is 50 ms.
#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cstdio>

#include "app/gui/scrub_recording_fixture.h"
#include "scrub/rule_library.h"
#include "scrub/scrub_tasks.h"

using namespace retake;
using namespace retake::gui;

namespace {

double milliseconds(const QElapsedTimer& timer) { return static_cast<double>(timer.nsecsElapsed()) / 1e6; }

// The longest time for which nothing else came to its turn.
class Stillness {
 public:
  Stillness() {
    m_since.start();
    QObject::connect(&m_timer, &QTimer::timeout, [this] {
      m_longest = std::max(m_longest, milliseconds(m_since));
      m_since.start();
    });
    m_timer.start(0);
  }
  double longest() const { return std::max(m_longest, milliseconds(m_since)); }

 private:
  QTimer m_timer;
  QElapsedTimer m_since;
  double m_longest = 0;
};

test::ReplayFile fileOf(std::uint32_t calls) {
  test::ReplayFile file;
  for (std::uint32_t i = 0; i < calls; ++i) {
    const std::string number = std::to_string(i);
    file.unary("/shop.v1.Login/Open",
               {"shop.v1.User",
                test::field(1, "user" + number + "@shop-mail.io") + test::field(2, "tok-" + number) +
                    test::field(3, "an order of " + number + " items that is on its way to the warehouse")},
               test::Message{"shop.v1.Session", test::field(1, "tok-" + number)});
  }
  return file;
}

ScrubRules manyRules(int count) {
  ScrubRules rules{test::tokenRule()};
  for (int i = 1; i < count; ++i) {
    ScrubRule rule = test::tokenRule("rule " + std::to_string(i));
    rule.where.pattern = "\\bkey" + std::to_string(i) + "_[0-9a-f]{16,}\\b";
    rules.push_back(rule);
  }
  return rules;
}

}  // namespace

int main(int argc, char** argv) {
  const QApplication app(argc, argv);
  const auto calls = argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 100'000;
  for (const int rules : {9, 100}) {
    test::CountedDocument d;
    if (!d.open(fileOf(calls))) return 1;
    addScrubRules(d.document, manyRules(rules), QStringLiteral("rules"));
    if (!QTest::qWaitFor([&] { return d.scrub.counts() && !d.scrub.isCounting(); }, 120'000)) return 1;
    std::vector<double> shown;
    double still = 0;
    const EntryId visible = d.idAt(calls);
    bool isShown = false;
    QElapsedTimer timer;
    QObject::connect(&d.scrub, &ScrubController::layerChanged, [&] {
      (void)d.scrub.hitsOf(visible);
      if (!isShown) shown.push_back(milliseconds(timer));
      isShown = true;
    });
    for (int i = 0; i < 20; ++i) {
      const Stillness stillness;
      isShown = false;
      timer.start();
      setScrubRuleOn(d.document, 0, i % 2 == 1);
      if (!QTest::qWaitFor([&] { return isShown; }, 10'000)) return 1;
      // Counting has begun when the next toggle comes.
      if (i % 4 == 0) (void)QTest::qWaitFor([&] { return timer.elapsed() > 200; });
      still = std::max(still, stillness.longest());
    }
    std::sort(shown.begin(), shown.end());
    std::printf(
        "%u calls, %d rules: a toggle shown after %.1f ms (median), %.1f ms (slowest); still for %.1f ms\n",
        calls, rules, shown[shown.size() / 2], shown.back(), still);

    ScrubTasks tasks(d.scrub, d.document);
    bool isDone = false;
    QObject::connect(&tasks, &ScrubTasks::applied, [&](std::uint64_t) { isDone = true; });
    if (!QTest::qWaitFor([&] { return !d.scrub.isCounting(); }, 120'000)) return 1;
    const Stillness stillness;
    timer.start();
    tasks.apply();
    if (!QTest::qWaitFor([&] { return isDone; }, 120'000)) return 1;
    std::printf("applied to all of them after %.1f ms; still for %.1f ms\n", milliseconds(timer),
                stillness.longest());
  }
}
