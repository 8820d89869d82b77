#include <grpc/grpc.h>
#include <grpc/slice.h>

#include <QtTest>
#include <memory>

#include "recording/metadata.h"

using namespace retake;

namespace {

using Slice = std::unique_ptr<const grpc_slice, void (*)(const grpc_slice*)>;

// A copy that is on the heap, as gRPC's own functions take it.
Slice sliceOf(const std::string& text) {
  return {new grpc_slice(grpc_slice_from_copied_buffer(text.data(), text.size())),
          [](const grpc_slice* slice) {
            grpc_slice_unref(*slice);
            delete slice;
          }};
}

bool grpcTakes(const MetadataEntry& entry) {
  const Slice key = sliceOf(entry.key);
  const Slice value = sliceOf(entry.value);
  return grpc_header_key_is_legal(*key) != 0 &&
         (grpc_is_binary_header(*key) != 0 || grpc_header_nonbin_value_is_legal(*value) != 0);
}

}  // namespace

class tst_Metadata : public QObject {
  Q_OBJECT
 private slots:
  void isSendableWhereGrpcSaysSo() {
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      for (const MetadataEntry& entry :
           {MetadataEntry{std::string(1, c), "v"}, MetadataEntry{std::string("k") + c, "v"},
            MetadataEntry{"k", std::string("v") + c}, MetadataEntry{"k-bin", std::string("v") + c},
            MetadataEntry{"K-bin", std::string(1, c)}})
        QVERIFY2(whyNotSendable(entry).empty() == grpcTakes(entry), std::to_string(byte).c_str());
    }
    for (const MetadataEntry& entry :
         {MetadataEntry{"", "v"}, MetadataEntry{"k", ""}, MetadataEntry{"-bin", ""},
          MetadataEntry{":path", "/"}, MetadataEntry{"k-bin", ""}})
      QVERIFY2(whyNotSendable(entry).empty() == grpcTakes(entry), entry.key.c_str());
  }

  void saysWhyItCannotBeSent_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("no key") << QByteArray() << QByteArray("v")
                            << QByteArray("expected a metadata key, found an empty one");
    QTest::newRow("upper case") << QByteArray("Trace-Id") << QByteArray("v")
                                << QByteArray(
                                       "metadata key \"Trace-Id\": expected lower-case letters, digits, "
                                       "'-', '_' and '.', found 'T'");
    QTest::newRow("a key that is no text")
        << QByteArray("a\xff", 2) << QByteArray("v")
        << QByteArray(
               "metadata key \"a?\": expected lower-case letters, digits, '-', '_' and '.', found byte "
               "0xff");
    QTest::newRow("a line break") << QByteArray("note") << QByteArray("a\nb")
                                  << QByteArray(
                                         "value of metadata key \"note\": expected printable ASCII, found "
                                         "byte 0x0a at byte 1");
    QTest::newRow("anything in a binary value")
        << QByteArray("x-bin") << QByteArray("\0\n\xff", 3) << QByteArray();
  }
  void saysWhyItCannotBeSent() {
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, why);
    QCOMPARE(QByteArray::fromStdString(whyNotSendable({key.toStdString(), value.toStdString()})), why);
  }

  void keysOfOneHopAreNotEndToEnd_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("endToEnd");
    for (const char* key : {"grpc-timeout", "grpc-status-details-bin", "grpc-", "content-type", "user-agent",
                            "te", ":path", ":", "host", "connection", "content-length", "accept-encoding"})
      QTest::newRow(key) << QByteArray(key) << false;
    for (const char* key :
         {"authorization", "x-request-id", "trace-bin", "content-language", "tea", "grpc", ""})
      QTest::newRow(key) << QByteArray(key) << true;
  }
  void keysOfOneHopAreNotEndToEnd() {
    QFETCH(QByteArray, key);
    QFETCH(bool, endToEnd);
    QCOMPARE(isEndToEnd(key.toStdString()), endToEnd);
  }
};

QTEST_APPLESS_MAIN(tst_Metadata)
#include "tst_metadata.moc"
