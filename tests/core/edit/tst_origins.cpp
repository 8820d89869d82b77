#include <QTemporaryDir>
#include <QtTest>

#include "edit/edit.h"
#include "edit/origins.h"
#include "format/format.h"
#include "recording/calls.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

using NewEntry = InsertCall::NewEntry;

const Message kM{"a.M", "m"};

// Two unary calls and a stream between them; the file ends within a record.
std::shared_ptr<const Recording> damaged() {
  ReplayFile file("seed");
  const auto a = file.request("/a", kM);   // 1
  const auto s = file.createStream("/s");  // 2
  file.send(s, kM).recv(s, kM);            // 3 4
  file.response(a, kM);                    // 5
  file.recvEnd(s);                         // 6
  file.unary("/c", kM, Status{5, "no", {}});
  file.unary("/c", kM, kM);
  return readRecording(file.bytes() + std::string("\x40\0\0\0ab", 6));
}

InsertCall unary(EntryId behind) {
  return {.method = "/n",
          .entries = {{.kind = EntryKind::Request, .message = EntryMessage{"type.googleapis.com/a.M", "q"}},
                      {.kind = EntryKind::Response, .message = EntryMessage{"type.googleapis.com/a.M", "r"}}},
          .behind = behind};
}

Recording edited(const Recording& recording, const std::vector<Edit>& edits) {
  Recording now = recording;
  for (const Edit& edit : edits) {
    auto next = retake::apply(now, edit);
    if (!next) qFatal("%s", next.error().message.c_str());
    now = *std::move(next);
  }
  return now;
}

}  // namespace

// A list that Qt Test does not look into.
struct Edits {
  std::vector<Edit> list;
};
Q_DECLARE_METATYPE(Edits)

class tst_Origins : public QObject {
  Q_OBJECT

  QTemporaryDir m_folder;

  // Saved and read again, as by another program.
  std::shared_ptr<const Recording> reopened(const Recording& recording) {
    const std::string path = m_folder.filePath("edited.replay").toStdString();
    if (const auto saved = saveRecording(recording, *formats().front(), path); !saved)
      qFatal("%s", saved.error().message.c_str());
    const auto opened = openRecording(path);
    if (!opened) qFatal("%s", opened.error().message.c_str());
    return opened->recording;
  }

 private slots:
  void whatWasEditedIsFoundAgain_data() {
    QTest::addColumn<Edits>("edits");
    QTest::addColumn<QString>("runs");
    QTest::addColumn<int>("changed");
    QTest::newRow("nothing") << Edits{{}} << "1+10" << 0;
    QTest::newRow("a message") << Edits{{ReplaceMessage{{5}, "other", ""}}} << "1+10" << 1;
    QTest::newRow("a status") << Edits{{ReplaceStatus{{8}, {7, "not you", {}}}}} << "1+10" << 1;
    QTest::newRow("the initial state") << Edits{{ReplaceInitialState{"other"}}} << "1+10" << 0;
    QTest::newRow("the tail") << Edits{{Repair{Repair::Kind::DropTail, {}}}} << "1+10" << 0;
    QTest::newRow("a call is removed") << Edits{{RemoveCall{{1}}}} << "2+3 6+5" << 2;
    QTest::newRow("a stream is removed") << Edits{{RemoveCall{{2}}}} << "1+1 5+1 7+4" << 4;
    QTest::newRow("all are removed") << Edits{{RemoveCall{{1}}, RemoveCall{{2}}, RemoveCall{{7}},
                                               RemoveCall{{9}}}}
                                     << "" << 10;
    QTest::newRow("a call is added") << Edits{{unary({})}} << "1+10 new+2" << 2;
    QTest::newRow("a call is added in the middle") << Edits{{unary({1})}} << "1+5 new+2 6+5" << 2;
    QTest::newRow("all of it") << Edits{{unary({1}), RemoveCall{{2}}, ReplaceMessage{{10}, "x", ""},
                                         unary({})}}
                               << "1+1 5+1 new+2 7+4 new+2" << 9;
  }
  void whatWasEditedIsFoundAgain() {
    QFETCH(Edits, edits);
    QFETCH(QString, runs);
    QFETCH(int, changed);
    const auto file = damaged();
    const Recording now = edited(*file, edits.list);
    const auto origins = originsOf(now, *file);
    QStringList told;
    for (const OriginRun& run : origins)
      told << (run.first ? QString::number(*run.first + 1) : QString("new")) + "+" +
                  QString::number(run.count);
    QCOMPARE(told.join(' '), runs);

    const auto again = withOrigins(*reopened(now), origins, *file);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QCOMPARE(dump(*again), dump(now));
    QCOMPARE(dump(*again, groupCalls(*again)), dump(now, groupCalls(now)));
    QCOMPARE(static_cast<int>(changedEntries(*file, *again).size()), changed);
    QCOMPARE(dump(*reopened(*again)), dump(*reopened(now)));
    QCOMPARE(again->initialStateEdited(), now.initialStateEdited());
  }

  // The file was saved in between: places are those in the file, not ids.
  void placesAreThoseOfTheFileThatWasSaved() {
    const auto opened = damaged();
    const Recording saved = edited(*opened, {unary({1}), RemoveCall{{7}}});
    const Recording now = edited(saved, {ReplaceMessage{{10}, "x", ""}, RemoveCall{{2}}});
    const auto file = reopened(saved);
    const auto again = withOrigins(*reopened(now), originsOf(now, saved), *file);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QCOMPARE(dump(*reopened(*again)), dump(*reopened(now)));
    QCOMPARE(static_cast<int>(changedEntries(*file, *again).size()), 4 + 1);
  }

  // Of an entry whose call is not there, too, the place where that would be stays what it is in the file.
  void whereADanglingEntryBelongsIsKept() {
    ReplayFile damaged("seed");
    damaged.unary("/a", kM, kM);
    damaged.response(5, kM);  // 3, of an answer
    damaged.unary("/b", kM, kM);
    const auto file = damaged.recording();
    const Recording now =
        edited(*file, {RemoveCall{{1}}, ReplaceMessage{{3}, "x", "type.googleapis.com/a.M"}});
    const auto again = withOrigins(*reopened(now), originsOf(now, *file), *file);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    const auto expected = reopened(now);
    const auto found = reopened(*again);
    QCOMPARE(found->size(), expected->size());
    for (std::uint32_t position = 0; position < found->size(); ++position)
      QCOMPARE(std::string(found->bytes(position)->view), std::string(expected->bytes(position)->view));
  }

  void thoseOfAnotherFileAreRefused_data() {
    QTest::addColumn<std::vector<OriginRun>>("origins");
    QTest::addColumn<QString>("why");
    using Runs = std::vector<OriginRun>;
    const QString refused = "what was edited does not belong to this recording: ";
    QTest::newRow("too few") << Runs{{0, 9}} << refused + "expected 10 entries, found 9";
    QTest::newRow("too many") << Runs{{0, 11}} << refused + "expected 10 entries, found more";
    QTest::newRow("behind the end") << Runs{{std::nullopt, 9}, {10, 1}}
                                    << refused + "expected entries 1 to 10, found 1 from 11";
    QTest::newRow("twice") << Runs{{0, 5}, {4, 5}} << refused + "expected entries 6 to 10, found 5 from 5";
    QTest::newRow("far away") << Runs{{0xffffffffu, 10}}
                              << refused + "expected entries 1 to 10, found 10 from 4294967296";
  }
  void thoseOfAnotherFileAreRefused() {
    QFETCH(std::vector<OriginRun>, origins);
    QFETCH(QString, why);
    const auto file = damaged();
    const auto again = withOrigins(*file, origins, *file);
    QVERIFY(!again);
    QCOMPARE(QString::fromStdString(again.error().message), why);
  }
};

QTEST_GUILESS_MAIN(tst_Origins)
#include "tst_origins.moc"
