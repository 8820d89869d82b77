#include <QElapsedTimer>

#include "scrub_recording_fixture.h"

using namespace retake;
using namespace retake::gui;
using namespace retake::test;

// Rules as a layer over the recording: counted, shown, and never in it.
class tst_ScrubController : public QObject {
  Q_OBJECT
 private slots:
  void countsWhatRulesHitAndWhere() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    const ScrubReport::Rule* count = d.scrub.countOf(0);
    QVERIFY(count);
    QCOMPARE(count->hits, std::uint64_t{5});
    QCOMPARE(count->calls, std::uint64_t{3});
    QCOMPARE(count->distinct, std::uint64_t{3});
    QCOMPARE(count->samples.front().before, std::string("tok-1111"));
    QCOMPARE(count->samples.front().count, std::uint64_t{2});
    QCOMPARE(d.scrub.hitsOfCall(0), 2u);
    QCOMPARE(d.scrub.hitsOfCall(1), 2u);
    QCOMPARE(d.scrub.hitsOfCall(2), 1u);
    QCOMPARE(d.scrub.hitsOfCall(3), 0u);
  }

  void changesNothingInTheRecording() {
    CountedDocument d;
    QVERIFY(d.open(secretsFile()));
    const auto before = d.document.snapshot().recording;
    QVERIFY(d.opensSecrets({tokenRule()}));
    QVERIFY(!d.document.isRecordingModified());
    QVERIFY(d.document.isWorkspaceModified());
  }

  void tellsWhatBecomesOfAnEntry() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    const auto hits = d.scrub.hitsOf(d.idAt(0));
    QCOMPARE(hits.size(), std::size_t{1});
    QCOMPARE(hits[0].path, std::string("2"));
    QCOMPARE(hits[0].before, std::string("tok-1111"));
    QCOMPARE(hits[0].after, std::string("[scrubbed]"));
    QCOMPARE(d.scrub.nameOf(hits[0].rule), QString("tokens"));
    QVERIFY(d.scrub.scrubbed(d.idAt(0)));
    QVERIFY(!d.scrub.scrubbed(d.idAt(4)));
  }

  void aRuleThatIsOffIsNotShown() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    setScrubRuleOn(d.document, 0, false);
    QTRY_VERIFY(d.scrub.hitsOf(d.idAt(0)).empty());
    d.document.undoStack().undo();
    QTRY_COMPARE(d.scrub.hitsOf(d.idAt(0)).size(), std::size_t{1});
  }

  void nothingIsShownWhileScrubbingIsOff() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    setScrubOn(d.document, false);
    QVERIFY(!d.scrub.scrubber());
    QCOMPARE(d.scrub.hitsOfCall(0), 0u);
    setScrubOn(d.document, true);
    QVERIFY(d.counted());
    QCOMPARE(d.scrub.hitsOfCall(0), 2u);
  }

  void aToggledRuleIsShownSoon() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    QElapsedTimer timer;
    qint64 shownAfter = -1;
    connect(&d.scrub, &ScrubController::layerChanged, this, [&] {
      if (shownAfter < 0 && d.scrub.hitsOf(d.idAt(0)).empty()) shownAfter = timer.elapsed();
    });
    timer.start();
    setScrubRuleOn(d.document, 0, false);
    QTRY_VERIFY(shownAfter >= 0);
    qInfo("shown after %lld ms", static_cast<long long>(shownAfter));
  }

  void theNewestRulesWin() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    for (const char* pattern : {"t", "to", "tok", "tok-1"}) {
      ScrubRule rule = tokenRule();
      rule.where.pattern = pattern;
      d.scrub.setDraft(ScrubDraft{0, rule});
    }
    QVERIFY(d.counted());
    const ScrubReport::Rule* count = d.scrub.countOf(0);
    QVERIFY(count);
    QCOMPARE(count->hits, std::uint64_t{2});
    QCOMPARE(count->samples.front().before, std::string("tok-1"));
  }

  void aDraftIsShownAndNotInTheWorkspace() {
    CountedDocument d;
    QVERIFY(d.opensSecrets());
    d.scrub.setDraft(ScrubDraft{std::nullopt, tokenRule()});
    QVERIFY(d.counted());
    QCOMPARE(d.scrub.hitsOf(d.idAt(0)).size(), std::size_t{1});
    QVERIFY(d.document.snapshot().workspace->scrub.rules.empty());
    QCOMPARE(d.document.undoStack().count(), 0);
    d.scrub.commitDraft();
    QCOMPARE(d.document.snapshot().workspace->scrub.rules.size(), std::size_t{1});
    QCOMPARE(d.scrub.rules().size(), std::size_t{1});
    QCOMPARE(d.document.undoStack().count(), 1);
  }

  void aRuleWithAnErrorLeavesTheOthers() {
    CountedDocument d;
    ScrubRule hash = tokenRule("hashed");
    hash.action.kind = ScrubAction::Kind::Hash;  // there is no key
    QVERIFY(d.opensSecrets({hash, tokenRule()}));
    QVERIFY(!d.scrub.layer().errors[0].isEmpty());
    QVERIFY(d.scrub.layer().errors[1].isEmpty());
    QVERIFY(!d.scrub.layer().whyNotWhole().isEmpty());
    const auto hits = d.scrub.hitsOf(d.idAt(0));
    QCOMPARE(hits.size(), std::size_t{1});
    QCOMPARE(hits[0].rule, 1u);
    QVERIFY(!d.scrub.countOf(0));
    QVERIFY(d.scrub.countOf(1));
    setScrubRuleOn(d.document, 0, false);
    QTRY_VERIFY(d.scrub.isLayerCurrent() && d.scrub.layer().whyNotWhole().isEmpty());
  }

  void takesKeyAndRulesFromFiles() {
    CountedDocument d;
    ScrubRule hash = tokenRule("hashed");
    hash.action.kind = ScrubAction::Kind::Hash;
    QVERIFY(d.opensSecrets());
    linkRuleFile(d.document, d.write("shared.rules", printScrubRules({hash})));
    setScrubKeyFile(d.document, d.write("scrub.key", "0123456789abcdef"));
    QVERIFY(d.counted());
    QCOMPARE(d.scrub.rules().size(), std::size_t{1});
    QCOMPARE(d.scrub.ownRules(), std::size_t{0});
    QVERIFY2(d.scrub.layer().whyNotWhole().isEmpty(), qPrintable(d.scrub.layer().whyNotWhole()));
    QCOMPARE(d.scrub.hitsOf(d.idAt(0)).size(), std::size_t{1});
    unlinkRuleFile(d.document, d.folder.filePath("shared.rules"));
    QVERIFY(d.counted());
    QVERIFY(d.scrub.rules().empty());
  }

  void aFileOfRulesThatCannotBeReadIsSaid() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    linkRuleFile(d.document, d.write("bad.rules", "rule { nam: \"x\" }\n"));
    QVERIFY(d.counted());
    QVERIFY2(d.scrub.layer().fileError.contains("bad.rules:1:"), qPrintable(d.scrub.layer().fileError));
    QCOMPARE(d.scrub.hitsOf(d.idAt(0)).size(), std::size_t{1});
  }

  void editsAreCountedAgain() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    QVERIFY(!d.document.push(ReplaceMessage{d.idAt(4), field(1, "tok-7 tok-8"), {}}));
    QVERIFY(d.counted());
    QCOMPARE(d.scrub.countOf(0)->hits, std::uint64_t{7});
  }

  void anotherFileHasItsOwnRules() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule()}));
    QVERIFY(d.open(cartFile()));
    QVERIFY(d.counted());
    QVERIFY(d.scrub.rules().empty());
    QVERIFY(!d.scrub.scrubber());
    QCOMPARE(d.scrub.hitsOfCall(0), 0u);
  }

  void movesDuplicatesAndDeletes() {
    CountedDocument d;
    QVERIFY(d.opensSecrets({tokenRule("a"), tokenRule("b"), tokenRule("c")}));
    const auto names = [&d] {
      QStringList all;
      for (const ScrubRule& rule : d.scrub.rules()) all << QString::fromStdString(rule.name);
      return all.join(' ');
    };
    moveScrubRule(d.document, 0, 2);
    QCOMPARE(names(), QString("b c a"));
    moveScrubRule(d.document, 2, 1);
    QCOMPARE(names(), QString("b a c"));
    duplicateScrubRule(d.document, 0);
    QCOMPARE(names(), QString("b b 2 a c"));
    removeScrubRule(d.document, 0);
    QCOMPARE(names(), QString("b 2 a c"));
    for (int i = 0; i < 4; ++i) d.document.undoStack().undo();
    QCOMPARE(names(), QString("a b c"));
  }
};

QTEST_MAIN(tst_ScrubController)
#include "tst_scrub_controller.moc"
