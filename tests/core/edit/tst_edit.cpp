#include <QtTest>

#include "edit/edit.h"
#include "recording/calls.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const Message kM{"a.M", "m"};
const Status kNotFound{.code = 5, .message = "no", .details = {{"type.googleapis.com/a.D", "d"}}};

// 1 unary that succeeds, 2 unary that fails, 3 stream with an end, 4 stream without, 5 stream that
// could not be created, and bytes that are no entry.
std::shared_ptr<const Recording> sample() {
  ReplayFile file("seed");
  file.unary("/a", kM, {"a.Answer", "one"});            // 1 2
  file.unary("/a", kM, kNotFound);                      // 3 4
  const auto ended = file.createStream("/s");           // 5
  file.send(ended, kM).recv(ended, kM).recvEnd(ended);  // 6 7 8
  const auto open = file.createStream("/s");            // 9
  file.send(open, kM).recv(open, kM);                   // 10 11
  file.createStream("/s", kNotFound);                   // 12
  file.unary("/lonely", kM, kNotFound);                 // 13 14
  file.record("\xff");                                  // 15
  return file.recording();
}

// Lines of the second text that the first has not, and the other way about.
std::string difference(const Recording& before, const Recording& after) {
  const QStringList a = QString::fromStdString(dump(before)).split('\n');
  const QStringList b = QString::fromStdString(dump(after)).split('\n');
  QString out;
  for (const QString& line : b)
    if (!a.contains(line)) out += line + "\n";
  return out.toStdString();
}

}  // namespace

Q_DECLARE_METATYPE(std::shared_ptr<Edit>)

class tst_Edit : public QObject {
  Q_OBJECT
 private slots:
  void changesOneThing_data() {
    QTest::addColumn<std::shared_ptr<Edit>>("edit");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* title, const Edit& edit, const char* expected, const char* name) {
      QTest::newRow(title) << std::make_shared<Edit>(edit) << expected << name;
    };
    row("message of a RESPONSE", ReplaceMessage{{2}, "two", {}}, "2 RESPONSE /a ref 1 a.Answer 74776f\n",
        "message of entry 2");
    row("message of a REQUEST", ReplaceMessage{{1}, "", {}}, "1 REQUEST /a a.M -\n", "message of entry 1");
    row("message and type", ReplaceMessage{{2}, "x", "b.Other"}, "2 RESPONSE /a ref 1 b.Other 78\n",
        "message of entry 2");
    row("type with its prefix", ReplaceMessage{{2}, "x", "example.com/b.Other"},
        "2 RESPONSE /a ref 1 b.Other 78\n", "message of entry 2");
    row("message in place of an error", ReplaceMessage{{4}, "x", {}}, "4 RESPONSE /a ref 3 a.Answer 78\n",
        "message of entry 4");
    row("message in place of an end", ReplaceMessage{{8}, "x", {}}, "8 RECV /s ref 5 a.M 78\n",
        "message of entry 8");
    row("message of a SEND", ReplaceMessage{{6}, "x", {}}, "6 SEND /s ref 5 a.M 78\n", "message of entry 6");
    row("error in place of a message", ReplaceStatus{{2}, {.code = 7, .message = "no", .details = {}}},
        "2 RESPONSE /a ref 1 error google.rpc.Status 080712026e6f\n", "status of entry 2");
    row("another status", ReplaceStatus{{4}, {.code = 7, .message = {}, .details = {}}},
        "4 RESPONSE /a ref 3 error google.rpc.Status 0807\n", "status of entry 4");
    row("status in place of an end", ReplaceStatus{{8}, {.code = 7, .message = {}, .details = {}}},
        "8 RECV /s ref 5 error google.rpc.Status 0807\n", "status of entry 8");
    row("end in place of a message", ReplaceStatus{{11}, {}}, "11 RECV /s ref 9 error\n",
        "status of entry 11");
    row("stream that is created after all", ReplaceStatus{{12}, {}}, "12 CREATE_STREAM /s\n",
        "status of entry 12");
    row("end of a stream", EndStream{{9}, {.code = 7, .message = {}, .details = {}}},
        "12 RECV /s ref 9 error google.rpc.Status 0807\n"
        "13 CREATE_STREAM /s error google.rpc.Status "
        "080512026e6f1a1c0a17747970652e676f6f676c65617069732e636f6d2f612e44120164\n"
        "14 REQUEST /lonely a.M 6d\n"
        "15 RESPONSE /lonely ref 14 error google.rpc.Status "
        "080512026e6f1a1c0a17747970652e676f6f676c65617069732e636f6d2f612e44120164\n"
        "16 unreadable ff\n",
        "end of the stream that entry 9 begins");
    row("initial state", ReplaceInitialState{"other"}, "initial 6f74686572\n", "initial state");
  }
  void changesOneThing() {
    QFETCH(std::shared_ptr<Edit>, edit);
    QFETCH(QString, expected);
    QFETCH(QString, name);
    const auto before = sample();
    const std::string untouched = dump(*before);
    const auto after = retake::apply(*before, *edit);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QCOMPARE(QString::fromStdString(difference(*before, *after)), expected);
    QCOMPARE(QString::fromStdString(describe(*before, *edit)), name);
    QCOMPARE(dump(*before), untouched);
  }

  void saysWhyItCannot_data() {
    QTest::addColumn<std::shared_ptr<Edit>>("edit");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* title, const Edit& edit, const char* why) {
      QTest::newRow(title) << std::make_shared<Edit>(edit) << why;
    };
    row("no such entry", ReplaceMessage{{99}, "", {}},
        "entry with id 99 is not in the recording, which has 15 entries");
    row("id that names none", ReplaceMessage{{}, "", {}},
        "entry with id 0 is not in the recording, which has 15 entries");
    row("message of a CREATE_STREAM", ReplaceMessage{{5}, "", {}},
        "entry 5: expected an entry with a message, found a CREATE_STREAM, which has none");
    row("message of no entry", ReplaceMessage{{15}, "", {}},
        "entry 15: expected an Entry message, found bytes that are none; they cannot be edited");
    row("message of no known type", ReplaceMessage{{14}, "", {}},
        "entry 14: it holds a status, and no other call of its method tells of what type its message would "
        "be; name "
        "the type");
    row("status on a SEND", ReplaceStatus{{6}, {}},
        "entry 6: expected a RESPONSE or a RECV to take a status, found a SEND");
    row("status on a REQUEST", ReplaceStatus{{1}, {}},
        "entry 1: expected a RESPONSE or a RECV to take a status, found a REQUEST");
    row("OK on a RESPONSE", ReplaceStatus{{4}, {}},
        "entry 4: a RESPONSE that is OK holds a message; replace the message in place of the status");
    row("end of a stream that has one", EndStream{{5}, {}},
        "entry 5: expected a stream without an end, found its end at entry 8; replace the status there");
    row("end of a stream that never began", EndStream{{12}, {}},
        "entry 12: expected a stream without an end, found its end at entry 12; replace the status there");
    row("end of a unary call", EndStream{{1}, {}}, "entry 1: expected a CREATE_STREAM, found a REQUEST");
    row("no repair", Repair{}, "this problem has no repair");
    row("repair of an entry that is gone", Repair{Repair::Kind::RemoveEntry, {99}},
        "entry with id 99 is not in the recording, which has 15 entries");
    row("empty message of no known type", Repair{Repair::Kind::WriteEmptyMessage, {14}},
        "entry 14: no other entry of its method tells of what type an empty message would be; replace the "
        "message by "
        "hand");
  }
  void saysWhyItCannot() {
    QFETCH(std::shared_ptr<Edit>, edit);
    QFETCH(QString, why);
    const auto after = retake::apply(*sample(), *edit);
    QVERIFY(!after);
    QCOMPARE(QString::fromStdString(after.error().message), why);
  }

  void keepsFieldsThatNobodyKnows() {
    ReplayFile file;
    const auto r = file.request("/a", kM);
    file.record(
        serializeEntry(EntryKind::Response, {}, EntryMessage{"type.googleapis.com/a.M", "m"}, false, r) +
        field(1001, "trailers"));
    const auto before = file.recording();
    const auto error = apply(*before, ReplaceStatus{{2}, {.code = 5, .message = {}, .details = {}}});
    const auto back = apply(*error, ReplaceMessage{{2}, "m", "a.M"});
    QCOMPARE(std::string(back->bytes(1)->view), std::string(before->bytes(1)->view));
  }

  void editsWhatWasEdited() {
    auto recording = apply(*sample(), ReplaceMessage{{2}, "two", {}});
    recording = apply(*recording, ReplaceStatus{{2}, kNotFound});
    recording = apply(*recording, ReplaceMessage{{2}, "three", {}});
    QVERIFY(!recording);  // its own type is forgotten, and the only other answer is an error
    recording = apply(*sample(), EndStream{{9}, {}});
    recording = apply(*recording, ReplaceStatus{recording->info(11).id, kNotFound});
    QVERIFY(recording);
    QCOMPARE(recording->info(11).statusCode, 5);
    QCOMPARE(recording->info(11).ref.value, 9u);
  }

  void restoresAnEntryToTheByte() {
    const auto before = sample();
    const std::string bytes(before->bytes(1)->view);
    const auto edited = apply(*before, ReplaceStatus{{2}, kNotFound});
    const auto restored = apply(*edited, RestoreEntry{{2}, bytes});
    QVERIFY(restored);
    QCOMPARE(std::string(restored->bytes(1)->view), bytes);
    QCOMPARE(dump(*restored), dump(*before));
    QVERIFY(!apply(*before, RestoreEntry{{1}, bytes}));  // a RESPONSE where a REQUEST is
    QVERIFY(!apply(*before, RestoreEntry{{2}, "\xff"}));
    QVERIFY(!apply(*before, RestoreEntry{{99}, bytes}));
  }

  void manyEntriesAreRewrittenAtOnce() {
    ReplayFile file;
    for (int i = 0; i < 1500; ++i)
      file.unary("/a.S/M", {"a.M", "request " + std::to_string(i)}, {"a.M", "response"});
    const auto before = file.recording();
    RewriteEntries edit{.initialState = "state"};
    // Out of order, of several chunks, and one of them twice: the last word counts.
    for (const std::uint32_t id : {3000u, 1u, 1026u, 1025u, 2u, 2u})
      edit.entries.push_back(RestoreEntry{EntryId{id}, std::string(before->bytes(id - 1)->view)});
    const std::string rewritten = withMessage(edit.entries[0].bytes, EntryMessage{"t/a.M", "other"}, false);
    edit.entries[0].bytes = rewritten;
    const auto after = apply(*before, edit);
    QVERIFY2(after, after ? "" : after.error().message.c_str());
    QCOMPARE(after->initialState()->view, ByteView("state"));
    QCOMPARE(after->bytes(2999)->view, ByteView(rewritten));
    QVERIFY(after->info(1024).edited);
    QVERIFY(!after->info(1026).edited);
    for (std::uint32_t position = 0; position < 2999; ++position)
      QCOMPARE(after->bytes(position)->view, before->bytes(position)->view);

    edit.entries.push_back(RestoreEntry{EntryId{2}, edit.entries[1].bytes});  // a REQUEST where a RESPONSE is
    QVERIFY(!apply(*before, edit));
  }

  void removesACallWithAllThatRefersToIt() {
    const auto after = apply(*sample(), Repair{Repair::Kind::RemoveCall, {5}});
    QVERIFY(after);
    QCOMPARE(dump(*after, groupCalls(*after)),
             std::string("1 unary /a: 1 2\n2 unary /a: 3 4\n3 client stream /s: 5 6 7\n"
                         "4 bidirectional stream /s: 8\n5 unary /lonely: 9 10\n"));
  }
};

QTEST_APPLESS_MAIN(tst_Edit)
#include "tst_edit.moc"
