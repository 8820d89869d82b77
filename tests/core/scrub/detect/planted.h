#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace retake::test {

// Characters drawn by lot, the same in every run.
class Lot {
 public:
  explicit Lot(std::uint32_t seed) : m_random(seed) {}
  std::string of(std::string_view alphabet, std::size_t count);
  std::string digits(std::size_t count) { return of("0123456789", count); }
  std::string hex(std::size_t count) { return of("0123456789abcdef", count); }
  std::string letters(std::size_t count);  // and digits
  std::size_t below(std::size_t limit) { return m_random() % limit; }

 private:
  std::mt19937 m_random;
};

std::string base64(std::string_view bytes);

// A text that holds a secret, and what should be said of it. Made up as it is needed: nothing that looks like
// a key stands in this repository.
struct Planted {
  std::string detector;
  std::string text;
  std::string value;      // what of the text
  std::string name = {};  // of its field
};
// `count` of each kind.
std::vector<Planted> plantedSecrets(std::size_t count);
std::vector<Planted> plantedPersonalData(std::size_t count);

// A text that looks like one, and is none.
struct Harmless {
  std::string what;
  std::string text;
  std::string name = {};
};
std::vector<Harmless> harmlessTexts(std::size_t count);

}  // namespace retake::test
