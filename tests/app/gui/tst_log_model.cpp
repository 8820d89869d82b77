#include <QElapsedTimer>
#include <QTest>
#include <chrono>

#include "log_events.h"
#include "server/log_model.h"
#include "server/words.h"
#include "stall_watchdog.h"

using namespace retake;
using namespace retake::gui;

namespace {

// Column texts of a row, without the time, which differs by the machine's zone.
QString row(const LogModel& model, int number) { return model.rowText(number).section(u'\t', 1); }

}  // namespace

class tst_LogModel : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
  void rowsSayWhatHappened_data();
  void rowsSayWhatHappened();
  void holdsNoMoreThanItsBound_data();
  void holdsNoMoreThanItsBound();
  void cutsLongTexts();
  void filtersByWords_data();
  void filtersByWords();
  void filtersWhatComesLater();
  void collectsWhilePaused();
  void boundsWhatItCollectsWhilePaused();
  void rowsLeadNowhereAfterAnotherFile();
  void keepsTheNewestExplanations_data();
  void keepsTheNewestExplanations();
  void filtersManyEventsWithoutAStall();
};

void tst_LogModel::rowsSayWhatHappened_data() {
  QTest::addColumn<ReplayEvent>("event");
  QTest::addColumn<QString>("text");
  ReplayEvent failed = called(7);
  failed.statusCode = 5;
  failed.text = "no such sku";
  ReplayEvent aborted = called(8, ReplayEvent::Outcome::Aborted);
  aborted.statusCode = 1;
  aborted.duration = std::chrono::seconds(12);
  ReplayEvent refused = called(9, ReplayEvent::Outcome::Refused);
  refused.statusCode = 14;
  refused.callNumber = 0;
  ReplayEvent note = called(3);
  note.kind = ReplayEvent::Kind::Note;
  note.text = "diverged at message 2";
  ReplayEvent edited;
  edited.kind = ReplayEvent::Kind::Edited;
  edited.text = "edited: entry 12 — counts from the next call on";
  ReplayEvent said;
  said.kind = ReplayEvent::Kind::Note;
  said.text = "stopped";
  const QString call = "\tshop.v1.Cart/Add\t";
  QTest::newRow("served") << called(481) << "✓ served\t#481" + call + "OK\t1.2 ms\t127.0.0.1:43211\t";
  QTest::newRow("recorded error") << failed
                                  << "✓ served\t#7" + call +
                                         "✗ NOT_FOUND\t1.2 ms\t127.0.0.1:43211\tno such sku";
  QTest::newRow("missed")
      << called(1, ReplayEvent::Outcome::Missed)
      << "✗ missed\t" + call +
             "✗ UNKNOWN\t1.2 ms\t127.0.0.1:43211\tno call of this method is recorded\nnearest: #3";
  QTest::newRow("aborted") << aborted << "– aborted\t#8" + call + "✗ CANCELLED\t12 s\t127.0.0.1:43211\t";
  QTest::newRow("refused") << refused << "– refused\t" + call + "✗ UNAVAILABLE\t1.2 ms\t127.0.0.1:43211\t";
  QTest::newRow("note") << note << "› note\t#3" + call + "\t\t127.0.0.1:43211\tdiverged at message 2";
  QTest::newRow("edited") << edited << "✎ edited\t\t\t\t\t\tedited: entry 12 — counts from the next call on";
  QTest::newRow("the server itself") << said << "▸ server\t\t\t\t\t\tstopped";
}

void tst_LogModel::rowsSayWhatHappened() {
  QFETCH(ReplayEvent, event);
  QFETCH(QString, text);
  LogModel model;
  model.append({event});
  QCOMPARE(row(model, 0), text);
  QCOMPARE(model.index(0, 0).data(LogModel::IdRole).toUInt(), event.call.value);
}

void tst_LogModel::holdsNoMoreThanItsBound_data() {
  QTest::addColumn<QString>("filter");
  QTest::addColumn<int>("batch");
  QTest::addColumn<int>("rows");
  QTest::addColumn<QString>("first");
  QTest::newRow("one by one") << "" << 1 << 100 << "#151";
  QTest::newRow("in batches") << "" << 30 << 100 << "#151";
  QTest::newRow("more than the bound at once") << "" << 250 << 100 << "#151";
  QTest::newRow("filtered") << "id:200..250" << 30 << 51 << "#200";
  QTest::newRow("nothing shown") << "nowhere" << 30 << 0 << "";
}

void tst_LogModel::holdsNoMoreThanItsBound() {
  QFETCH(QString, filter);
  QFETCH(int, batch);
  QFETCH(int, rows);
  QFETCH(QString, first);
  LogModel model(100);
  model.setFilter(filter);
  for (std::uint32_t done = 0; done < 250;) {
    const auto count = std::min<std::uint32_t>(static_cast<std::uint32_t>(batch), 250 - done);
    model.append(calls(done + 1, count));
    done += count;
  }
  QCOMPARE(model.held(), 100u);
  QCOMPARE(model.dropped(), 150u);
  QCOMPARE(model.rowCount(), rows);
  if (rows > 0) {
    QCOMPARE(model.index(0, static_cast<int>(LogColumn::Call)).data().toString(), first);
    QCOMPARE(model.index(rows - 1, static_cast<int>(LogColumn::Call)).data().toString(), "#250");
  }
}

void tst_LogModel::cutsLongTexts() {
  ReplayEvent event = called(1);
  for (int i = 0; i < 20'000; ++i) event.text += "ü";
  LogModel model;
  model.append({event});
  const QString text = model.index(0, static_cast<int>(LogColumn::Text)).data().toString();
  QVERIFY(text.size() < 10'000);
  QVERIFY(text.endsWith("ü…"));
  QVERIFY(!text.contains(QChar::ReplacementCharacter));
}

void tst_LogModel::filtersByWords_data() {
  QTest::addColumn<QString>("filter");
  QTest::addColumn<int>("rows");
  QTest::newRow("nothing") << "" << 4;
  QTest::newRow("outcome") << "missed" << 1;
  QTest::newRow("case does not matter") << "MISSED" << 1;
  QTest::newRow("call") << "#3" << 1;
  QTest::newRow("flag") << "-missed" << 3;
  QTest::newRow("field") << "status:OK" << 3;
  QTest::newRow("error") << "error or id:2..3" << 3;
  QTest::newRow("of a recording alone") << "kind:unary" << 0;
  QTest::newRow("status") << "unknown" << 1;
  QTest::newRow("method") << "cart/add" << 4;
  QTest::newRow("pasted path") << "/shop.v1.Cart/Add" << 4;
  QTest::newRow("both words") << "cart served" << 3;
  QTest::newRow("no such") << "cart delivered" << 0;
}

void tst_LogModel::filtersByWords() {
  QFETCH(QString, filter);
  QFETCH(int, rows);
  LogModel model;
  model.append({called(1), called(2), called(3), called(1, ReplayEvent::Outcome::Missed)});
  model.setFilter(filter);
  QCOMPARE(model.rowCount(), rows);
  model.setFilter({});
  QCOMPARE(model.rowCount(), 4);
}

void tst_LogModel::filtersWhatComesLater() {
  LogModel model;
  model.setFilter("missed");
  model.append({called(1), called(1, ReplayEvent::Outcome::Missed)});
  QCOMPARE(model.rowCount(), 1);
  QCOMPARE(model.held(), 2u);
}

void tst_LogModel::collectsWhilePaused() {
  LogModel model;
  model.append(calls(1, 3));
  model.setPaused(true);
  model.append(calls(4, 12));
  QCOMPARE(model.rowCount(), 3);
  QCOMPARE(model.newWhilePaused(), 12u);
  model.setPaused(false);
  QCOMPARE(model.rowCount(), 15);
  QCOMPARE(model.newWhilePaused(), 0u);
}

void tst_LogModel::boundsWhatItCollectsWhilePaused() {
  LogModel model(100);
  model.append(calls(1, 50));
  model.setPaused(true);
  model.append(calls(51, 80));
  model.append(calls(131, 80));
  QCOMPARE(model.newWhilePaused(), 100u);
  model.setPaused(false);
  QCOMPARE(model.rowCount(), 100);
  QCOMPARE(model.dropped(), 110u);
}

void tst_LogModel::rowsLeadNowhereAfterAnotherFile() {
  LogModel model;
  model.append(calls(1, 2));
  model.forgetCalls();
  QCOMPARE(model.rowCount(), 2);
  QCOMPARE(model.index(0, 0).data(LogModel::IdRole).toUInt(), 0u);
  QCOMPARE(model.index(0, static_cast<int>(LogColumn::Call)).data().toString(), "#1");
}

void tst_LogModel::keepsTheNewestExplanations_data() {
  QTest::addColumn<int>("misses");
  QTest::addColumn<int>("bytes");  // of each client's message
  QTest::addColumn<int>("kept");
  QTest::newRow("few") << 10 << 100 << 10;
  QTest::newRow("many") << 700 << 100 << static_cast<int>(RecentExplanations::kCount);
  QTest::newRow("large") << 10 << (20 << 20) << 3;
  QTest::newRow("one above the bound") << 2 << (100 << 20) << 1;
}

void tst_LogModel::keepsTheNewestExplanations() {
  QFETCH(int, misses);
  QFETCH(int, bytes);
  QFETCH(int, kept);
  LogModel model;
  for (int i = 0; i < misses; ++i) {
    Explanation explanation;
    explanation.sent = std::make_shared<const std::string>(std::string(static_cast<std::size_t>(bytes), 'x'));
    ReplayEvent event = called(static_cast<std::uint32_t>(i + 1), ReplayEvent::Outcome::Missed);
    event.explanation = std::make_shared<const Explanation>(std::move(explanation));
    model.append({std::move(event)});
  }
  model.append({called(1)});
  for (int row = 0; row < misses; ++row) {
    QCOMPARE(model.explanation(row) != nullptr, row >= misses - kept);
    QVERIFY(model.wasExplained(row));
  }
  QVERIFY(!model.wasExplained(misses));
  model.forgetCalls();
  QVERIFY(!model.explanation(misses - 1));
}

void tst_LogModel::filtersManyEventsWithoutAStall() {
  LogModel model;
  std::vector<ReplayEvent> events = calls(1, LogModel::kCapacity);
  for (std::size_t i = 0; i < events.size(); i += 100) events[i].outcome = ReplayEvent::Outcome::Missed;
  model.append(events);
  // Words that every column has to be looked at for.
  for (const char* filter : {"missed", "zzz", "served -dur>1ms", "/z[a-z]+z/ or #7", "ünknown"}) {
    QElapsedTimer clock;
    clock.start();
    model.setFilter(filter);
    const qint64 elapsed = clock.elapsed();
    qInfo("filter \"%s\": %lld ms, %d rows", filter, elapsed, model.rowCount());
    QVERIFY(elapsed < test::StallWatchdog::kLimitMs);
  }
}

QTEST_MAIN(tst_LogModel)
#include "tst_log_model.moc"
