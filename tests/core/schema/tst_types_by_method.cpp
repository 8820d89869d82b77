#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include <QtTest>

#include "recording/entry_extras.h"
#include "schema/types_by_method.h"
#include "support/replay_file.h"

using namespace retake;
using namespace retake::test;

namespace {

std::shared_ptr<const Schema> shop() {
  google::protobuf::FileDescriptorSet files;
  if (!google::protobuf::TextFormat::ParseFromString(R"(
        file {
          name: "shop.proto" package: "shop"
          message_type { name: "Ask" }
          message_type { name: "Answer" }
          service {
            name: "Shop"
            method { name: "Buy" input_type: ".shop.Ask" output_type: ".shop.Answer" }
          }
        })",
                                                     &files))
    std::abort();
  return *Schema::fromDescriptors(files);
}

}  // namespace

class tst_TypesByMethod : public QObject {
  Q_OBJECT

 private slots:
  void givesTypesWhereThereAreNone_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("recorded");
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("answer");
    QTest::addRow("known method") << "/shop.Shop/Buy"
                                  << ""
                                  << "shop.Ask"
                                  << "shop.Answer";
    QTest::addRow("unknown method") << "/shop.Shop/Sell"
                                    << ""
                                    << ""
                                    << "";
    QTest::addRow("types that are there stay") << "/shop.Shop/Buy"
                                               << "old.T"
                                               << "old.T"
                                               << "old.T";
  }
  void givesTypesWhereThereAreNone() {
    QFETCH(QString, method);
    QFETCH(QString, recorded);
    QFETCH(QString, request);
    QFETCH(QString, answer);
    const Message message{recorded.toStdString(), field(1, "x")};
    ReplayFile file;
    const auto unary = file.request(method.toStdString(), message);
    file.extras({.timeNanos = 7, .inferred = true}).response(unary, message);
    const auto stream = file.createStream(method.toStdString());
    file.extras({.timeNanos = 8, .inferred = true});
    file.send(stream, message).recv(stream, message).recv(stream, Status{5, "gone", {}});
    auto recording = *file.recording();
    const auto typed = typesByMethod(recording, *shop());
    QVERIFY(typed.has_value());
    for (const TypedEntry& one : *typed)
      recording = recording.withEntry(*recording.position(one.entry), one.bytes);
    const auto typeAt = [&](std::uint32_t position) {
      const Entry entry = *recording.entry(position);
      return QString::fromUtf8(typeNameOf(entry.fields.typeUrl));
    };
    for (const std::uint32_t position : {0u, 3u}) QCOMPARE(typeAt(position), request);
    for (const std::uint32_t position : {1u, 4u}) QCOMPARE(typeAt(position), answer);
    QCOMPARE(typeAt(5), QString("google.rpc.Status"));
    QCOMPARE(std::string(recording.entry(4)->fields.message), message.bytes);
    // The schema has it as unary: that is inferred no more, unlike that of the stream.
    const bool known = method == "/shop.Shop/Buy";
    QVERIFY(extrasOf(recording, 0) == (EntryExtras{.timeNanos = 7, .inferred = !known}));
    QVERIFY(extrasOf(recording, 2) == (EntryExtras{.timeNanos = 8, .inferred = true}));
  }
};

QTEST_APPLESS_MAIN(tst_TypesByMethod)
#include "tst_types_by_method.moc"
