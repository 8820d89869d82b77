#include "scrub/key.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <cstdlib>

#include "base/byte_source.h"

namespace retake {

Result<ScrubKey> ScrubKey::fromBytes(std::string bytes) {
  if (bytes.size() < kMinBytes)
    return Error{"scrub key: expected " + std::to_string(kMinBytes) + " bytes or more, found " +
                 std::to_string(bytes.size())};
  return ScrubKey(std::move(bytes));
}

Result<ScrubKey> ScrubKey::fromFile(const std::string& path) {
  const auto source = openSource(path);
  if (!source) return source.error();
  const auto read = (*source)->read(0, (*source)->size());
  if (!read) return read.error();
  std::string bytes(read->view);
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  auto key = fromBytes(std::move(bytes));
  if (!key) return Error{path + ": " + key.error().message};
  return key;
}

Result<ScrubKey> ScrubKey::fromEnvironment(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (!value) return Error{"scrub key: expected the environment variable " + variable + ", which is not set"};
  auto key = fromBytes(value);
  if (!key) return Error{"environment variable " + variable + ": " + key.error().message};
  return key;
}

ScrubKey ScrubKey::random() {
  std::string bytes(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
    std::abort();  // no random numbers: anything else would be a key that can be guessed
  return ScrubKey(std::move(bytes));
}

std::string ScrubKey::hmac(std::string_view purpose, std::string_view value) const {
  // The length before the value: no two pairs run together to the same text.
  std::string text = std::to_string(purpose.size()) + ':';
  text += purpose;
  text += value;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), m_bytes.data(), static_cast<int>(m_bytes.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return std::string(reinterpret_cast<const char*>(digest.data()), size);
}

}  // namespace retake
