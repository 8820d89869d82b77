#include "scrub/base64_masks.h"

#include <QTest>
#include <array>
#include <random>

using namespace retake;

namespace {

std::array<char, 65> randomChars(std::mt19937& random, int which) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
  std::array<char, 65> chars{};
  for (char& c : chars)
    c = which % 2 || random() % 16 == 0 ? static_cast<char>(random()) : kDigits[random() % kDigits.size()];
  return chars;
}

}  // namespace

class tst_Base64Masks : public QObject {
  Q_OBJECT

 private slots:
  void eachByteIsWhatItIs() {
    std::array<char, 64> chars{};
    for (unsigned from = 0; from < 256; from += 64) {
      for (unsigned i = 0; i < 64; ++i) chars[i] = static_cast<char>(from + i);
      const Base64Chars fast = base64Chars(chars.data());
      const Base64Chars slow = base64CharsOneByOne(chars.data());
      QCOMPARE(fast.digits, slow.digits);
      QCOMPARE(fast.hex, slow.hex);
    }
  }

  void saysTheSameWithAndWithoutVectors() {
    std::mt19937 random(2);
    for (int i = 0; i < 20'000; ++i) {
      const std::array<char, 65> chars = randomChars(random, i);
      AsciiSet set;
      for (unsigned many = random() % 128; many > 0; --many) set.add(static_cast<char>(random()));
      const Base64Chars fast = base64Chars(chars.data());
      const Base64Chars slow = base64CharsOneByOne(chars.data());
      QCOMPARE(fast.digits, slow.digits);
      QCOMPARE(fast.hex, slow.hex);
      // Where a digit has one behind it.
      const std::uint64_t last = base64CharsOneByOne(chars.data() + 1).digits & std::uint64_t{1} << 63;
      const std::uint64_t counts = slow.digits & (slow.digits >> 1 | last);
      const std::uint64_t wanted = i % 5 ? ~std::uint64_t{0} : std::uint64_t{0xff} << random() % 64;
      for (const unsigned part : {kFirst, kSecond, kThird}) {
        QCOMPARE(base64Bytes(chars.data(), set, wanted)[part] & counts & wanted,
                 base64BytesOneByOne(chars.data(), set)[part] & counts & wanted);
        QCOMPARE(base64AsciiBytes(chars.data(), wanted)[part] & slow.digits & wanted,
                 base64AsciiBytesOneByOne(chars.data())[part] & slow.digits & wanted);
        // No byte of a set of ASCII is taken for another one.
        QCOMPARE(base64BytesOneByOne(chars.data(), set)[part] & counts &
                     ~base64AsciiBytesOneByOne(chars.data())[part],
                 std::uint64_t{0});
      }
    }
  }

  void aSetHoldsWhatWasAdded() {
    AsciiSet set;
    set.add('a');
    set.add('\x1a');
    set.add('\xe1');
    for (unsigned c = 0; c < 256; ++c)
      QCOMPARE(set.contains(static_cast<std::uint8_t>(c)), c == 'a' || c == 0x1a);
  }
};

QTEST_APPLESS_MAIN(tst_Base64Masks)
#include "tst_base64_masks.moc"
