#include <QTest>
#include <set>

#include "base/wire.h"
#include "planted.h"
#include "schema/text.h"
#include "scrub/detect/value_search.h"

using namespace retake;
using namespace retake::test;

namespace {

std::set<std::string> formsOf(const std::string& value, const std::string& text) {
  ValueSearch search;
  search.add(7, value);
  search.build();
  std::set<std::string> forms;
  search.search(text, [&](const ValueSearch::Found& found) {
    if (found.id == 7) forms.insert(std::string(valueFormName(found.form)));
  });
  return forms;
}

}  // namespace

class tst_ValueSearch : public QObject {
  Q_OBJECT

 private slots:
  void findsEveryForm_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("form");
    const QByteArray value = "s3cr~t?>+value";
    const auto add = [&](const char* row, const QByteArray& text, const char* form) {
      QTest::newRow(row) << value << text << form;
    };
    add("alone", value, "as it is");
    add("in a text", "x" + value + "y", "as it is");
    add("case", "is S3CR~T?>+Value ok", "in another case");
    for (int before = 0; before < 6; ++before)
      for (int behind = 0; behind < 3; ++behind) {
        const QByteArray all = QByteArray(before, '\x01') + value + QByteArray(behind, '\x7f');
        QTest::addRow("base64, %d before, %d behind", before, behind) << value << all.toBase64() << "base64";
        QTest::addRow("URL-safe base64, %d before, %d behind", before, behind)
            << value << all.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
            << "base64";
      }
    add("hex", "0x" + value.toHex() + "00", "hex");
    add("upper case hex", value.toHex().toUpper(), "hex");
    add("URL", "?q=" + value.toPercentEncoding() + "&r=", "URL-escaped");
    add("URL, every byte", "%" + value.toHex('%'), "URL-escaped");
    add("JSON", "{\"a\":\"s3cr~t?\\u003e+value\"}", "URL-escaped");
    QTest::newRow("six bytes in base64")
        << QByteArray("abcdef") << QByteArray("xxabcdefyyy").toBase64() << "base64";
    QTest::newRow("case beyond ASCII")
        << QByteArray("Łukasz ÄÖ Жук") << QByteArray("an: Łukasz äö жУК.") << "in another case";
    QTest::newRow("hex that stands as bytes")
        << QByteArray("00ff80c3017f99") << QByteArray::fromHex("c300ff80c3017f9980") << "bytes";
    std::string wire;
    appendVarintField(wire, 3, 4111111111111111);
    QTest::newRow("varint") << QByteArray("4111111111111111") << QByteArray::fromStdString(wire) << "number";
    QTest::newRow("fixed64") << QByteArray("4111111111111111")
                             << QByteArray::fromHex("c7f168a5089b0e00").prepend('\x19') << "number";
  }
  void findsEveryForm() {
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, text);
    QFETCH(QString, form);
    const auto forms = formsOf(value.toStdString(), text.toStdString());
    QVERIFY2(forms.contains(form.toStdString()), forms.empty() ? "nothing" : forms.begin()->c_str());
  }

  void findsNothingElse_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a part") << QByteArray("secret-valu");
    QTest::newRow("another") << QByteArray("secret_value");
    QTest::newRow("base64 in another case") << QByteArray("secret-value").toBase64().toLower();
  }
  void findsNothingElse() {
    QFETCH(QByteArray, text);
    QVERIFY(formsOf("secret-value", text.toStdString()).empty());
  }

  void findsEachOfMany() {
    // All end alike, and begin alike: no window of theirs is rare.
    Lot lot(5);
    std::vector<std::string> values;
    for (int i = 0; i < 20'000; ++i)
      values.push_back("user-" + lot.digits(6) + std::to_string(i) + "@acme.io");
    ValueSearch search;
    for (std::uint32_t i = 0; i < values.size(); ++i) search.add(i, values[i]);
    search.build();
    std::string text;
    for (std::size_t i = 0; i < values.size(); i += 7) text += values[i] + ' ';
    std::set<std::uint32_t> found;
    search.search(text, [&](const ValueSearch::Found& each) { found.insert(each.id); });
    QCOMPARE(found.size(), (values.size() + 6) / 7);
    for (const std::uint32_t id : found) QCOMPARE(id % 7, 0u);
  }
};

QTEST_GUILESS_MAIN(tst_ValueSearch)
#include "tst_value_search.moc"
