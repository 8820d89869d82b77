// OpenSSL 3 would have SHA256_* replaced by EVP, which takes ten times as long for values of a few bytes.
#define OPENSSL_API_COMPAT 0x10100000L
#include "scrub/key.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/byte_source.h"

namespace retake {

// SHA-256 behind the first block of the inner and the outer hash, which the key alone decides (RFC 2104).
struct ScrubKey::Pads {
  SHA256_CTX inner;
  SHA256_CTX outer;
  Pads() = default;
  Pads(const Pads&) = delete;
  Pads& operator=(const Pads&) = delete;
  ~Pads() { OPENSSL_cleanse(this, sizeof *this); }
};

ScrubKey::ScrubKey(const std::string& bytes) {
  auto pads = std::make_shared<Pads>();
  std::array<unsigned char, SHA256_CBLOCK> block{};
  if (bytes.size() > block.size())
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), block.data());
  else
    std::copy(bytes.begin(), bytes.end(), block.begin());
  const auto begin = [&](SHA256_CTX& context, unsigned char pad) {
    for (unsigned char& byte : block) byte ^= pad;
    SHA256_Init(&context);
    SHA256_Update(&context, block.data(), block.size());
    for (unsigned char& byte : block) byte ^= pad;
  };
  begin(pads->inner, 0x36);
  begin(pads->outer, 0x5c);
  OPENSSL_cleanse(block.data(), block.size());
  m_pads = std::move(pads);
}

Result<ScrubKey> ScrubKey::fromBytes(std::string bytes) {
  if (bytes.size() < kMinBytes)
    return Error{"scrub key: expected " + std::to_string(kMinBytes) + " bytes or more, found " +
                 std::to_string(bytes.size())};
  return ScrubKey(bytes);
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
  return ScrubKey(bytes);
}

std::string ScrubKey::hmac(std::string_view purpose, std::string_view value) const {
  // The length before the value: no two pairs run together to the same text.
  std::string text = std::to_string(purpose.size()) + ':';
  text += purpose;
  text += value;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context = m_pads->inner;
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  context = m_pads->outer;
  SHA256_Update(&context, digest.data(), digest.size());
  SHA256_Final(digest.data(), &context);
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace retake
