#include "client/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "base/byte_source.h"

namespace retake {
namespace {

struct Free {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// PEM files are some kilobytes; a bundle of all the world's authorities is 200 kB.
constexpr std::uint64_t kMaxPemBytes = 16 << 20;

Result<std::string> readPem(const std::string& path) {
  const auto source = openSource(path);
  if (!source) return source.error();
  if ((*source)->size() > kMaxPemBytes)
    return Error{path + ": expected a PEM file of at most 16 MiB, found " +
                 std::to_string((*source)->size()) + " bytes"};
  const auto blob = (*source)->read(0, (*source)->size());
  if (!blob) return blob.error();
  return std::string(blob->view);
}

Owned<BIO> openPem(const std::string& pem) {
  return Owned<BIO>(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Owned<X509> firstCertificate(const std::string& pem) {
  return Owned<X509>(::PEM_read_bio_X509(openPem(pem).get(), nullptr, nullptr, nullptr));
}

std::string opensslText() {
  const unsigned long error = ::ERR_peek_last_error();
  const char* reason = error != 0 ? ::ERR_reason_error_string(error) : nullptr;
  return reason ? reason : "unknown reason";
}

Result<Owned<EVP_PKEY>> privateKey(const std::string& path, const std::string& pem) {
  bool encrypted = false;
  const auto noPassphrase = [](char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
  };
  Owned<EVP_PKEY> key(::PEM_read_bio_PrivateKey(openPem(pem).get(), nullptr, noPassphrase, &encrypted));
  if (encrypted) return Error{path + ": expected a private key without a passphrase, found an encrypted one"};
  if (!key) return Error{path + ": expected a private key in PEM (-----BEGIN PRIVATE KEY-----), found none"};
  return key;
}

std::string dateOf(const ASN1_TIME* time) {
  std::tm date{};
  char text[32] = "?";
  if (::ASN1_TIME_to_tm(time, &date) == 1) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &date);
  return text;
}

std::string warningOf(const std::string& path, const X509& certificate) {
  const ASN1_TIME* begin = ::X509_get0_notBefore(&certificate);
  const ASN1_TIME* end = ::X509_get0_notAfter(&certificate);
  if (::X509_cmp_current_time(end) < 0)
    return path + ": the certificate has expired, on " + dateOf(end) + "; the other side will refuse it";
  if (::X509_cmp_current_time(begin) > 0)
    return path + ": the certificate is not valid before " + dateOf(begin) +
           "; the other side will refuse it";
  return {};
}

// OpenSSL keeps errors for the thread, on which gRPC's own handshakes run too.
struct FreshErrors {
  FreshErrors() { ::ERR_clear_error(); }
  ~FreshErrors() { ::ERR_clear_error(); }
};

}  // namespace

Result<PemIdentity> readPemIdentity(const std::string& certFile, const std::string& keyFile) {
  const auto chain = readPem(certFile);
  if (!chain) return chain.error();
  const auto keyPem = readPem(keyFile);
  if (!keyPem) return keyPem.error();

  const FreshErrors errors;
  const auto certificate = firstCertificate(*chain);
  if (!certificate)
    return Error{certFile + ": expected a certificate in PEM (-----BEGIN CERTIFICATE-----), found none"};
  const auto key = privateKey(keyFile, *keyPem);
  if (!key) return key.error();
  if (::X509_check_private_key(certificate.get(), key->get()) != 1)
    return Error{keyFile + ": expected the key of the certificate in " + certFile + ", found another one"};
  // What a handshake would refuse besides: a key that is too short, a broken signature algorithm.
  const Owned<SSL_CTX> context(::SSL_CTX_new(::TLS_method()));
  ::ERR_clear_error();
  if (!context || ::SSL_CTX_use_certificate(context.get(), certificate.get()) != 1)
    return Error{certFile + ": expected a certificate that TLS takes, found: " + opensslText()};
  return PemIdentity{*chain, *keyPem, warningOf(certFile, *certificate)};
}

Result<std::string> readPemAuthorities(const std::string& path) {
  auto authorities = readPem(path);
  if (!authorities) return authorities.error();
  const FreshErrors errors;
  if (!firstCertificate(*authorities))
    return Error{path +
                 ": expected the certificate of a CA in PEM (-----BEGIN CERTIFICATE-----), found none"};
  return authorities;
}

}  // namespace retake
