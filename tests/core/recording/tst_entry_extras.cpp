#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "base/wire.h"
#include "recording/entry.h"
#include "recording/entry_extras.h"
#include "support/dump.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

const std::string kEntry =
    serializeEntry(EntryKind::Response, {}, EntryMessage{"t/a.M", "payload"}, false, 1);

EntryExtras everything() {
  return {
      .timeNanos = 1'700'000'000'123'456'789,
      .requestMetadata = Metadata{{"authorization", "Bearer x"}, {"trace-bin", std::string("\0\xff\n", 3)}},
      .timeoutNanos = 1'500'000'000,
      .headers = Metadata{{"a", "1"}, {"a", "2"}, {"", ""}},
      .trailers = Metadata{},
      .halfClosedBefore = true,
      .canceller = EntryExtras::Canceller::Server,
      .scrubbed = true,
      .inferred = true};
}

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// `file` with all extras on every entry.
std::string withEverything(const std::string& file) {
  const auto records = recordsOf(file);
  ReplayFile out{std::string(records.at(0))};
  for (std::size_t i = 1; i < records.size(); ++i) {
    out.record(records[i]);
    out.extras(everything());
  }
  return out.bytes();
}

}  // namespace

class tst_EntryExtras : public QObject {
  Q_OBJECT
 private slots:
  void readsBackWhatItWrote_data() {
    QTest::addColumn<int>("which");
    for (int which = 0; which < 8; ++which) QTest::addRow("%d", which) << which;
  }
  void readsBackWhatItWrote() {
    QFETCH(int, which);
    EntryExtras extras;
    const EntryExtras all = everything();
    if (which == 0 || which == 7) extras.timeNanos = which == 0 ? *all.timeNanos : -1;
    if (which == 1) extras.requestMetadata = all.requestMetadata;
    if (which == 2) extras.timeoutNanos = -5;
    if (which == 3) extras.headers = all.headers;
    if (which == 4) extras.trailers = all.trailers;
    if (which == 5) extras.halfClosedBefore = true;
    if (which == 6) extras = all;
    QVERIFY(!extras.empty());
    const auto read = parseExtras(kEntry + serializeExtras(extras));
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QVERIFY(*read == extras);
  }

  void anEntryWithoutAnyHasNone() {
    const auto read = parseExtras(kEntry);
    QVERIFY(read);
    QVERIFY(read->empty());
    QCOMPARE(serializeExtras({}), std::string());
    QVERIFY(!parseEntry(kEntry)->hasExtras);
    QVERIFY(!parseEntry(kEntry + field(999, "x") + field(1009, "y"))->hasExtras);
    QVERIFY(parseEntry(kEntry + field(1005, 1u))->hasExtras);
  }

  // The numbers are in files: they never change.
  void theirFieldNumbersAreThoseOfTheProto() {
    std::string numbers;
    const std::string bytes = serializeExtras(everything());
    WireCursor fields(bytes);
    while (const auto field = fields.next()) numbers += std::to_string(field->number) + ' ';
    QCOMPARE(numbers, std::string("1000 1001 1002 1003 1004 1005 1006 1007 1008 "));
    QCOMPARE(bytes.substr(0, 2), std::string("\xc1\x3e"));  // 1000 << 3 | 1
  }

  void anEditOfTheEntryKeepsThem() {
    const std::string extras = serializeExtras(everything());
    const std::string entry = kEntry + extras;
    for (const std::string& edited :
         {withMessage(entry, EntryMessage{"t/a.N", "another"}, false), withMessage(entry, std::nullopt, true),
          withRefIndex(entry, 70000), withRefIndex(entry, 0)}) {
      QVERIFY(edited.ends_with(extras));
      QVERIFY(*parseExtras(edited) == everything());
    }
    QCOMPARE(withRefIndex(withRefIndex(entry, 9), 1), entry);
  }

  void aMessageThatComesTwiceIsOne() {
    const auto pair = [](const char* key) { return field(1, field(1, key)); };
    const auto read = parseExtras(field(1003, pair("a")) + field(1003, pair("b")) + field(1003, ""));
    QVERIFY(read && read->headers);
    QVERIFY((*read->headers == Metadata{{"a", ""}, {"b", ""}}));
  }

  void whatCannotBeReadIsSaid_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* name, const std::string& bytes, const char* error) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(error);
    };
    row("time as a varint", field(1000, 5u),
        "time at byte 0 of the entry: expected a 64-bit number, found a varint");
    row("headers as a number", field(1, 2u) + field(1003, 5u),
        "headers at byte 2 of the entry: expected a message, found a varint");
    row("timeout as text", field(1002, "1s"),
        "timeout at byte 0 of the entry: expected a varint, found a message");
    row("trailers that are no message", field(1004, "\x0a\x05xx"),
        "trailers at byte 3 of the entry: a field's length runs past the end");
    row("a pair that is none", field(1001, field(1, field(1, "k") + "\x12\x7f")),
        "request metadata at byte 8 of the entry: entry 1: a field's length runs past the end");
    row("a pair that is a number", field(1001, field(1, 3u)),
        "request metadata at byte 3 of the entry: expected an entry, found a varint");
    row("canceller", field(1006, 5u), "canceller at byte 0 of the entry: expected 0 to 4, found 5");
    std::string many;
    for (int i = 0; i <= 65536; ++i) many += field(1, "");
    row("more than anybody sends", field(1003, many),
        "headers at byte 131077 of the entry: more than 65536 entries");
  }
  void whatCannotBeReadIsSaid() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, error);
    const auto read = parseExtras(bytes.toStdString());
    QVERIFY(!read);
    QCOMPARE(QByteArray::fromStdString(read.error().message), error);
    QVERIFY(read.error().offset && *read.error().offset <= static_cast<std::uint64_t>(bytes.size()));
  }

  // Cut anywhere, and with any byte of it another: either an Error or a value, never more.
  void takesAnyBytes() {
    const std::string whole = kEntry + serializeExtras(everything());
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const std::string exact(whole, 0, size);
      (void)parseExtras(exact);
    }
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (int byte = 0; byte < 256; byte += 5) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(byte);
        if (const auto read = parseExtras(damaged)) QVERIFY(*parseExtras(serializeExtras(*read)) == *read);
      }
  }

  // Each recording that nobody here wrote, with extras on all its entries: the Go package prints the same.
  void theGoPackagesPassOverThem() {
    const QString oracle = qEnvironmentVariable("RETAKE_ORACLE");
    const QString folder = QString::fromStdString(recordingsFolder());
    if (oracle.isEmpty() || folder.isEmpty())
      QSKIP("SKIPPED: no recordings or no oracle (set RETAKE_RECORDINGS and RETAKE_ORACLE)");
    const auto printed = [&](const QString& path) {
      QProcess process;
      process.start(oracle, {"print", path});
      process.waitForFinished();
      return process.exitCode() == 0 ? process.readAllStandardOutput() : QByteArray();
    };
    QTemporaryDir temporary;
    int compared = 0;
    for (QDirIterator at(folder, {"*.replay"}, QDir::Files, QDirIterator::Subdirectories); at.hasNext();) {
      const QString path = at.next();
      const QByteArray bytes = contentOf(path);
      if (!bytes.startsWith("RPCReplay")) continue;
      const QByteArray before = printed(path);
      if (before.isEmpty()) continue;  // of a service that the oracle does not know
      const QString with = temporary.filePath("with-extras.replay");
      QFile file(with);
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write(QByteArray::fromStdString(withEverything(bytes.toStdString())));
      file.close();
      QVERIFY(file.size() > bytes.size());
      QVERIFY2(printed(with) == before, qPrintable(path));
      ++compared;
    }
    QVERIFY(compared > 0);
  }

  void aRecordingKnowsWhetherItHasAny() {
    ReplayFile file;
    file.unary("/a", {"a.M", "m"}, Message{"a.M", "m"});
    QVERIFY(!file.recording()->hasExtras());
    const std::uint32_t ref = file.request("/a", {"a.M", "m"});
    file.at(std::chrono::milliseconds(5)).requestMetadata({{"k", "v"}});
    file.response(ref, Message{"a.M", "m"});
    const auto recording = file.recording();
    QVERIFY(recording->hasExtras());
    QVERIFY(!recording->info(1).hasExtras);
    QVERIFY(recording->info(2).hasExtras);
    QVERIFY(!recording->info(3).hasExtras);
    const auto extras = parseExtras(recording->bytes(2)->view);
    QVERIFY(extras && extras->timeNanos == (ReplayFile::kBegin + std::chrono::milliseconds(5)).count());
    QVERIFY((*extras->requestMetadata == Metadata{{"k", "v"}}));
    QCOMPARE(recording->messageSize(2), std::uint64_t{1});
    // An edit brings them, or takes them away.
    QVERIFY(recording->withEntry(3, kEntry + field(1005, 1u)).info(3).hasExtras);
    QVERIFY(!recording->withEntry(2, kEntry).info(2).hasExtras);
    ReplayFile plain;
    plain.unary("/a", {"a.M", "m"}, Message{"a.M", "m"});
    QVERIFY(plain.recording()->withInserted(2, kEntry + field(1005, 1u), {1}).hasExtras());
  }
};

QTEST_GUILESS_MAIN(tst_EntryExtras)
#include "tst_entry_extras.moc"
