#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "schema/sources.h"
#include "snippet/snippet.h"
#include "support/replay_file.h"

using namespace retake;
using test::field;
using test::Message;
using test::ReplayFile;

namespace {

Message name(std::string_view text) { return {"a.Name", field(1, text)}; }

std::shared_ptr<const Schema> schema() {
  const QTemporaryDir folder;
  const std::string place = folder.filePath("a.proto").toStdString();
  std::ofstream(place)
      << "syntax = 'proto3'; package a; message Name { string first = 1; }\n"
         "service S { rpc Get(Name) returns (Name); rpc Fill(stream Name) returns (Name); }\n";
  const auto loaded = loadSchema({&place, 1});
  if (!loaded) qFatal("%s", loaded.error().message.c_str());
  return *loaded;
}

QString copied(const ReplayFile& file, const char* as, std::uint32_t call, const Schema& types = *schema()) {
  const auto recording = file.recording();
  const auto text =
      writeSnippet(*snippetOf(as), *recording, groupCalls(*recording), types, call - 1, "/x y/calls.replay");
  return QString::fromStdString(text ? *text : "error: " + text.error().message);
}

// 1 to 3: equal requests; the RESPONSE of 2 comes first.
ReplayFile equalCalls() {
  ReplayFile file;
  const auto one = file.request("/a.S/Get", name("q"));
  const auto two = file.request("/a.S/Get", name("q"));
  file.response(two, name("two")).response(one, name("one"));
  file.unary("/a.S/Get", name("other"), name("-"));
  file.unary("/a.S/Get", name("q"), name("three"));
  return file;
}

}  // namespace

// What a call is copied as. That the texts run is shown in interop/snippets.py.
class tst_Snippet : public QObject {
  Q_OBJECT

 private slots:
  void aCommand() {
    ReplayFile file;
    file.request("/a.S/Get", name("it's $1"));
    file.requestMetadata({{"k", "a 'b'"}, {"k-bin", "\xff"}, {"grpc-timeout", "1S"}});
    QCOMPARE(copied(file, "grpcurl", 1),
             "# Call 1 of calls.replay, /a.S/Get. To have it answered as recorded:\n"
             "#   retake-cli serve '/x y/calls.replay' --schema API.proto --listen 127.0.0.1:50051\n"
             "grpcurl -plaintext \\\n"
             "  -H 'k: a '\\''b'\\''' \\\n"
             "  -H 'k-bin: /w==' \\\n"
             "  -d '{\n  \"first\": \"it'\\''s $1\"\n}' \\\n"
             "  127.0.0.1:50051 a.S/Get\n");
  }

  void aCommandOfAStream() {
    ReplayFile file;
    const auto fill = file.createStream("/a.S/Fill");
    file.send(fill, name("END")).send(fill, name("b")).recv(fill, name("r"));
    QVERIFY(copied(file, "grpcurl", 1)
                .endsWith("grpcurl -plaintext \\\n  -d @ \\\n  127.0.0.1:50051 a.S/Fill <<'END'\n"
                          "{\n  \"first\": \"END\"\n}\n{\n  \"first\": \"b\"\n}\nEND\n"));
  }

  // Nothing in it is run: what is missing is said.
  void aCommandWithoutASchema() {
    const QString text = copied(equalCalls(), "grpcurl", 1, *Schema::builtin());
    for (const QString& line : text.trimmed().split('\n')) QVERIFY2(line.startsWith("# "), qPrintable(line));
    QVERIFY2(text.contains("the schema does not have /a.S/Get"), qPrintable(text));
    QVERIFY2(text.contains("-protoset"), qPrintable(text));
  }

  void equalCallsComeBefore_data() {
    QTest::addColumn<int>("call");
    QTest::addColumn<QString>("python");
    QTest::addColumn<QString>("go");
    QTest::addColumn<QString>("cpp");
    QTest::addColumn<QString>("grpcurl");
    QTest::newRow("second to be answered") << 1 << "range(1)"
                                           << "i < 1;"
                                           << "i < 1;"
                                           << "turn 2";
    QTest::newRow("third") << 4 << "range(2)"
                           << "i < 2;"
                           << "i < 2;"
                           << "turn 3";
  }
  void equalCallsComeBefore() {
    QFETCH(int, call);
    for (const char* as : {"python", "go", "cpp", "grpcurl"}) {
      const QString text = copied(equalCalls(), as, static_cast<std::uint32_t>(call));
      const auto* words = static_cast<QString*>(QTest::qData(as, QMetaType::QString));
      QVERIFY2(text.contains(*words), qPrintable(text));
    }
  }
  void theFirstOfEqualCallsComesAtOnce() {
    for (const char* as : {"python", "go", "cpp", "grpcurl"}) {
      QVERIFY(!copied(equalCalls(), as, 2).contains("Equal calls"));
      QVERIFY(!copied(equalCalls(), as, 3).contains("Equal calls"));
    }
  }

  // A stand-in chooses a stream by its first message; one without a SEND fits any.
  void equalStreamsComeBefore_data() {
    QTest::addColumn<QString>("before");  // first messages of the streams before it; "-": it has none
    QTest::addColumn<QString>("first");
    QTest::addColumn<int>("equal");
    QTest::newRow("none") << ""
                          << "a" << 0;
    QTest::newRow("another") << "b"
                             << "a" << 0;
    QTest::newRow("equal") << "a b a"
                           << "a" << 2;
    QTest::newRow("one without") << "- b"
                                 << "a" << 1;
    QTest::newRow("without, behind one with") << "a"
                                              << "-" << 0;
    QTest::newRow("without, behind one without") << "a -"
                                                 << "-" << 1;
  }
  void equalStreamsComeBefore() {
    QFETCH(QString, before);
    QFETCH(QString, first);
    QFETCH(int, equal);
    ReplayFile file;
    const QStringList all = before.split(' ', Qt::SkipEmptyParts) + QStringList{first};
    for (const QString& each : all) {
      const auto stream = file.createStream("/a.S/Chat");
      if (each != "-") file.send(stream, name(each.toStdString()));
      file.recv(stream, name("r")).recvEnd(stream);
    }
    const auto recording = file.recording();
    const Calls calls = groupCalls(*recording);
    const auto call = snippetCall(*recording, calls, *Schema::builtin(), calls.size() - 1, "x");
    QVERIFY(call);
    QCOMPARE(static_cast<int>(call->equalBefore), equal);
  }

  void whatCannotBeCopiedIsSaid() {
    ReplayFile file;
    file.unary("/a.S/Get", name(std::string(kMaxSnippetBytes, 'x')), name("r"));
    QVERIFY(copied(file, "python", 1)
                .startsWith("error: call 1: expected at most 1048576 bytes of messages in what is copied"));
  }

  void aCallWithoutAnAnswerIsACommandAlone() {
    ReplayFile file;
    file.request("/a.S/Get", name("q"));
    for (const char* as : {"python", "go", "cpp"})
      QCOMPARE(copied(file, as, 1),
               "error: call 1: expected an answer that can be compared, found a call without one");
    QVERIFY(copied(file, "grpcurl", 1).contains("\ngrpcurl -plaintext"));
  }

  void noTextOfARecordingLeavesItsComment() {
    ReplayFile file;
    file.unary("/a.S/Get\nrm -r x\n", name("q"), name("r"));
    for (const Snippet& snippet : snippets()) {
      const QString text = copied(file, snippet.id.data(), 1, *Schema::builtin());
      QVERIFY2(!text.contains("\nrm -r"), qPrintable(text));
    }
  }

  void theListIsWhole() {
    QStringList ids;
    for (const Snippet& snippet : snippets()) {
      ids += QString::fromUtf8(snippet.id.data(), static_cast<qsizetype>(snippet.id.size()));
      QCOMPARE(snippetOf(snippet.id), &snippet);
    }
    QCOMPARE(ids, QStringList({"grpcurl", "cpp", "go", "python"}));
    QVERIFY(!snippetOf("rust"));
  }
};

QTEST_GUILESS_MAIN(tst_Snippet)
#include "tst_snippet.moc"
