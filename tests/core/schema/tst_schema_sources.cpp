#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "protobuf_judge.h"
#include "schema/json.h"
#include "schema/sources.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;
namespace fs = std::filesystem;

namespace {

Result<std::shared_ptr<const Schema>> load(const std::vector<std::string>& places) {
  return loadSchema(places);
}

std::string errorOf(const std::vector<std::string>& places) {
  const auto schema = load(places);
  return schema ? std::string("no error") : schema.error().message;
}

// Files in a folder of their own; give their places.
class Files {
 public:
  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = fs::path(root()) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string root() const { return m_dir.path().toStdString(); }
  std::string at(const std::string& name) const { return root() + "/" + name; }
  // Sentences without the folder, which is another one each time.
  std::string without(std::string text) const {
    const std::string prefix = root() + "/";
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

 private:
  QTemporaryDir m_dir;
};

const std::string kItem = "syntax = \"proto3\";\npackage shop.v1;\nmessage Item { string sku = 1; }\n";
const std::string kCart =
    "syntax = \"proto3\";\npackage shop.v1;\nimport \"shop/v1/item.proto\";\n"
    "import \"google/protobuf/timestamp.proto\";\nimport \"google/rpc/status.proto\";\n"
    "message Cart { repeated Item items = 1; google.protobuf.Timestamp at = 2; google.rpc.Status end = 3; }\n"
    "service Carts { rpc Get(Item) returns (stream Cart); }\n";

}  // namespace

class tst_SchemaSources : public QObject {
  Q_OBJECT

 private slots:
  void knowsTheBuiltInTypesAlone() {
    const auto& schema = Schema::builtin();
    QVERIFY(schema->isBuiltinOnly());
    QVERIFY(schema->messageNames().empty());
    for (const char* name :
         {"google.protobuf.Any", "google.protobuf.Timestamp", "google.protobuf.Struct",
          "google.protobuf.FileDescriptorSet", "google.rpc.Status", "google.rpc.ErrorInfo",
          "google.rpc.BadRequest.FieldViolation", "google.rpc.RetryInfo", "google.rpc.LocalizedMessage"})
      QVERIFY2(schema->message(name), name);
    QVERIFY(!schema->message("google.rpc.Nothing"));
    QVERIFY(!schema->message(""));
    QVERIFY(schema.get() == Schema::builtin().get());
  }

  void findsMethodsByPath() {
    Files files;
    files.write("shop/v1/item.proto", kItem);
    files.write("shop/v1/cart.proto", kCart);
    const auto schema = load({files.root()});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QVERIFY((*schema)->method("/shop.v1.Carts/Get"));
    for (const char* path : {"", "/", "//", "shop.v1.Carts/Get", "/shop.v1.Carts/Nope", "/shop.v1.Nope/Get",
                             "/shop.v1.Carts", "/shop.v1.Carts/Get/"})
      QVERIFY2(!(*schema)->method(path), path);
    QCOMPARE((*schema)->serviceNames(), std::vector<std::string>{"shop.v1.Carts"});
    QCOMPARE((*schema)->messageNames(), (std::vector<std::string>{"shop.v1.Cart", "shop.v1.Item"}));
    QVERIFY(!(*schema)->isBuiltinOnly());
  }

  void readsEveryKindOfPlace_data() {
    QTest::addColumn<QString>("place");
    QTest::newRow("folder that is the import root") << "";
    QTest::newRow("folder within the import root") << "shop";
    QTest::newRow("deeper folder") << "shop/v1";
    QTest::newRow("file") << "shop/v1/cart.proto";
  }
  void readsEveryKindOfPlace() {
    QFETCH(QString, place);
    Files files;
    files.write("shop/v1/item.proto", kItem);
    files.write("shop/v1/cart.proto", kCart);
    files.write("shop/v1/notes.txt", "not a proto");
    const std::string path = place.isEmpty() ? files.root() : files.at(place.toStdString());
    const auto schema = load({path});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QVERIFY((*schema)->message("shop.v1.Cart"));
    QVERIFY((*schema)->message("shop.v1.Item"));
    // The same again, from elsewhere: every file counts once.
    const auto twice = load({path, files.root(), files.at("shop/v1/item.proto"), path});
    QVERIFY2(twice.has_value(), twice ? "" : twice.error().message.c_str());
    QCOMPARE((*twice)->messageNames(), (*schema)->messageNames());
  }

  void readsADescriptorSetBesideItsSources() {
    Files files;
    files.write("shop/v1/item.proto", kItem);
    files.write("shop/v1/cart.proto", kCart);
    const auto fromText = load({files.root()});
    const std::string set = files.write("shop.pb", descriptorSet(**fromText));
    const auto schema = load({set, files.root(), set});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QCOMPARE((*schema)->messageNames(), (*fromText)->messageNames());
    QVERIFY(load({files.root(), set}).has_value());
  }

  void findsImportsWherePeopleKeepThem_data() {
    QTest::addColumn<QString>("item");
    QTest::addColumn<QString>("place");
    QTest::newRow("in a source folder of a repository") << "repo/src/proto/shop/v1/item.proto"
                                                        << "repo";
    QTest::newRow("beside the folder") << "shop/v1/item.proto"
                                       << "repo";
    QTest::newRow("in another branch") << "repo/vendor/shop/v1/item.proto"
                                       << "repo";
  }
  void findsImportsWherePeopleKeepThem() {
    QFETCH(QString, item);
    QFETCH(QString, place);
    Files files;
    files.write(item.toStdString(), kItem);
    files.write("repo/api/cart.proto", kCart);
    files.write("repo/.git/broken.proto", "no proto at all");
    const auto schema = load({files.at(place.toStdString())});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QVERIFY((*schema)->message("shop.v1.Item"));
  }

  void aUsersOwnVersionOfABuiltInFileWins_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("under its name") << "google/rpc/status.proto";
    QTest::newRow("under another name") << "third_party/google/rpc/status.proto";
    QTest::newRow("quite elsewhere") << "my_status.proto";
  }
  void aUsersOwnVersionOfABuiltInFileWins() {
    QFETCH(QString, name);
    Files files;
    files.write(name.toStdString(),
                "syntax = \"proto3\";\npackage google.rpc;\nmessage Status { int32 mine = 7; }\n");
    files.write("a.proto", "syntax = \"proto3\";\npackage a;\nmessage A {}\n");
    const auto schema = load({files.root()});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QVERIFY(fromJson(**schema, "google.rpc.Status", "{\"mine\": 1}").ok());
    QVERIFY((*schema)->message("google.rpc.ErrorInfo"));
    QVERIFY((*schema)->message("google.protobuf.Any"));
  }

  void aStrangeAnyIsNoReasonToFail() {
    Files files;
    files.write("google/protobuf/any.proto",
                "syntax = \"proto3\";\npackage google.protobuf;\nmessage Any { int32 strange = 1; }\n");
    files.write("a.proto",
                "syntax = \"proto3\";\npackage a;\nimport \"google/protobuf/any.proto\";\n"
                "message A { google.protobuf.Any any = 1; }\n");
    const auto schema = load({files.root()});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    const JsonParse parse = fromJson(**schema, "a.A", "{\"any\": {\"strange\": 3}}");
    QVERIFY(parse.ok());
    QCOMPARE(toJsonPreview(**schema, "a.A", parse.message), std::string("{\"any\": {\"strange\": 3}}"));
  }

  void readsFoldersOfManyFiles() {
    Files files;
    for (int i = 0; i < 500; ++i)
      files.write("p" + std::to_string(i % 7) + "/f" + std::to_string(i) + ".proto",
                  "syntax = \"proto3\";\npackage many;\n" +
                      (i > 0 ? "import \"p" + std::to_string((i - 1) % 7) + "/f" + std::to_string(i - 1) +
                                   ".proto\";\n"
                             : std::string()) +
                      "message M" + std::to_string(i) + " {" +
                      (i > 0 ? " M" + std::to_string(i - 1) + " before = 1;" : std::string()) + " }\n");
    const auto schema = load({files.root()});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QCOMPARE((*schema)->messageNames().size(), std::size_t{500});
  }

  void namesEveryFaultByItsLine_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    const QString head = "syntax = \"proto3\";\n";
    QTest::newRow("syntax") << "a.proto" << head + "message A {\n  string = 1;\n}\n"
                            << "a.proto:3:10: Expected field name.";
    QTest::newRow("several") << "a.proto" << head + "message A { Nope n = 1; Gone g = 2; }\n"
                             << "a.proto:2:13: A.n: \"Nope\" is not defined.\n"
                                "a.proto:2:25: A.g: \"Gone\" is not defined.";
    QTest::newRow("import") << "a.proto" << head + "\nimport \"gone.proto\";\nmessage A {}\n"
                            << "a.proto:3:1: import \"gone.proto\": not found";
    QTest::newRow("itself") << "a.proto" << head + "import \"a.proto\";\n"
                            << "a.proto:2:1: import \"a.proto\": imports go round in a circle";
    QTest::newRow("number")
        << "a.proto" << head + "message A { string a = 1; string b = 1; }\n"
        << "a.proto:2:38: A.b: Field number 1 has already been used in \"A\" by field \"a\".";
  }
  void namesEveryFaultByItsLine() {
    QFETCH(QString, name);
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    Files files;
    const std::string path = files.write(name.toStdString(), text.toStdString());
    QCOMPARE(QString::fromStdString(files.without(errorOf({path}))), sentence);
    QCOMPARE(QString::fromStdString(files.without(errorOf({files.root()}))), sentence);
  }

  void readsCommentsInAnyEncoding() {
    Files files;
    const std::string path = files.write("a.proto", "syntax = \"proto3\"; // gr\xfc\xdf\nmessage A {}\n");
    QCOMPARE(errorOf({path}), std::string("no error"));
  }

  // A copy that someone vendored beside the real one.
  void equalCopiesInAFolderCountOnce() {
    Files files;
    files.write("shop/v1/item.proto", kItem);
    files.write("shop/v1/cart.proto", kCart);
    files.write("old/copy/shop/v1/item.proto", "// an older comment\n" + kItem);
    const auto schema = load({files.root()});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QCOMPARE((*schema)->messageNames(), (std::vector<std::string>{"shop.v1.Cart", "shop.v1.Item"}));
  }

  void namesTheFileOfAFaultInAnImport() {
    Files files;
    files.write("lib/b.proto", "syntax = \"proto3\";\nmessage B { Gone g = 1; }\n");
    const std::string a =
        files.write("a.proto", "syntax = \"proto3\";\nimport \"lib/b.proto\";\nmessage A { B b = 1; }\n");
    QCOMPARE(files.without(errorOf({a})), std::string("lib/b.proto:2:13: B.g: \"Gone\" is not defined."));
  }

  void saysWhatAPlaceIs_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("sentence");
    const QString expected = ": expected a folder of .proto files, a descriptor set or a .proto file, found ";
    QTest::newRow("empty") << "x" << QByteArray("") << "x" + expected + "an empty file";
    QTest::newRow("recording") << "x.replay" << QByteArray("RPCReplay\0\0\0\0", 13)
                               << "x.replay" + expected + "a recording";
    QTest::newRow("text recording") << "x.replay" << QByteArray("RPCReTxt1\n\"\"\n")
                                    << "x.replay" + expected + "a recording";
    QTest::newRow("form feeds") << "x" << QByteArray("\f\f") << "no error";
    QTest::newRow("bytes") << "x" << QByteArray("\x00\x01\x02", 3)
                           << "x" + expected + "bytes that are neither";
    QTest::newRow("gzip") << "x.gz" << QByteArray("\x1f\x8b\x08\x00", 4)
                          << "x.gz" + expected + "a gzip file; unpack it first";
    QTest::newRow("cut set") << "x.pb" << QByteArray("\x0a\x7f\x0a\x03", 4)
                             << "x.pb" + expected + "bytes that are neither";
  }
  void saysWhatAPlaceIs() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, sentence);
    Files files;
    const std::string path = files.write(name.toStdString(), bytes.toStdString());
    QCOMPARE(QString::fromStdString(files.without(errorOf({path}))), sentence);
  }

  void saysThatAPlaceIsNotThere() {
    Files files;
    QVERIFY(files.without(errorOf({files.at("gone.proto")})).starts_with("gone.proto: "));
    fs::create_directories(files.at("bare"));
    QCOMPARE(files.without(errorOf({files.at("bare")})),
             std::string("bare: expected a folder of .proto files, found none in it"));
  }

  void brokenSetsNameFileAndSymbol_data() {
    QTest::addColumn<QStringList>("protos");  // text of files a.proto, b.proto, … as a set holds them
    QTest::addColumn<QString>("sentence");
    QTest::newRow("import left out")
        << QStringList{"name: 'a.proto' dependency: 'gone.proto'"}
        << "x.pb: a.proto: import \"gone.proto\": not in the descriptor set; protoc "
           "--include_imports writes such files too";
    QTest::newRow("two of one name") << QStringList{"name: 'a.proto' message_type { name: 'A' }",
                                                    "name: 'a.proto' message_type { name: 'B' }"}
                                     << "x.pb: a.proto: expected the same file as x.pb: a.proto, found a "
                                        "difference in A";
    QTest::newRow("two of one symbol")
        << QStringList{"name: 'a.proto' message_type { name: 'A' }",
                       "name: 'b.proto' message_type { name: 'A' } message_type { name: 'B' }"}
        << "x.pb: b.proto: \"A\" is already defined in file \"a.proto\".";
    QTest::newRow("no such type")
        << QStringList{"name: 'a.proto' message_type { name: 'A' field { name: 'f' number: 1 type: TYPE_MESSAGE "
                       "label: LABEL_OPTIONAL type_name: '.Gone' } }"}
        << "x.pb: a.proto: A.f: \".Gone\" is not defined.";
    QTest::newRow("name that is none") << QStringList{"name: 'a.proto' message_type { name: 'A-B' }"}
                                       << "x.pb: a.proto: \"A-B\" is not a valid identifier.";
    QTest::newRow("circle") << QStringList{"name: 'a.proto' dependency: 'b.proto'",
                                           "name: 'b.proto' dependency: 'a.proto'"}
                            << "x.pb: b.proto: import \"a.proto\": imports go round in a circle";
  }
  void brokenSetsNameFileAndSymbol() {
    QFETCH(QStringList, protos);
    QFETCH(QString, sentence);
    std::vector<std::string> texts;
    for (const QString& text : protos) texts.push_back(text.toStdString());
    Files files;
    const std::string path = files.write("x.pb", descriptorSetOf(texts));
    QCOMPARE(QString::fromStdString(files.without(errorOf({path}))), sentence);
  }

  // Every byte of a good set spoilt in turn: a schema or a sentence, and nothing else.
  void spoiltSetsNeverCrash() {
    Files files;
    files.write("shop/v1/item.proto", kItem);
    files.write("shop/v1/cart.proto", kCart);
    const std::string set = descriptorSet(**load({files.root()}));
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (const char with : {'\0', '\xff'}) {
        std::string spoilt = set;
        spoilt[i] = with;
        const auto schema = load({files.write("x.pb", spoilt)});
        QVERIFY(schema.has_value() || !schema.error().message.empty());
      }
    }
  }

  void deeplyNestedProtosAreRefused() {
    Files files;
    std::string text = "syntax = \"proto3\";\n";
    for (int i = 0; i < 20'000; ++i) text += "message M {\n";
    const std::string path = files.write("deep.proto", text);
    QCOMPARE(files.without(errorOf({path})),
             std::string("deep.proto:102:11: Expected at most 100 levels of braces, found more."));
  }

  void readsTheRealSets() {
    const std::string folder = recordingsFolder();
    if (folder.empty()) QSKIP("no real recordings here: set RETAKE_RECORDINGS");
    const auto schema = load({folder + "/go-cloud/googleapis.protoset", folder + "/intstore.protoset"});
    QVERIFY2(schema.has_value(), schema ? "" : schema.error().message.c_str());
    QVERIFY((*schema)->method("/google.pubsub.v1.Publisher/Publish"));
    for (const auto& name : (*schema)->messageNames()) QVERIFY(!name.starts_with("google.protobuf."));
  }
};

QTEST_GUILESS_MAIN(tst_SchemaSources)
#include "tst_schema_sources.moc"
