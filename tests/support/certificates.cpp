#include "support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace retake::test {
namespace {

constexpr long kDay = 24 * 60 * 60;

void check(bool done) {
  if (!done) std::abort();
}

struct Party {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;
};

void extend(X509& certificate, const Party& issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer.certificate.get(), &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, &context, what, value);
  check(extension && ::X509_add_ext(&certificate, extension, -1) == 1);
  ::X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself where there is none: then it is an authority.
Party make(const char* name, const Party* issuer, long validUntil) {
  static long serial = 0;
  Party made{{::EVP_EC_gen("P-256"), ::EVP_PKEY_free}, {::X509_new(), ::X509_free}};
  check(made.key && made.certificate);
  if (!issuer) issuer = &made;
  X509& certificate = *made.certificate;
  ::X509_set_version(&certificate, X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(&certificate), ++serial);
  ::X509_gmtime_adj(::X509_getm_notBefore(&certificate), -2 * kDay);
  ::X509_gmtime_adj(::X509_getm_notAfter(&certificate), validUntil);
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(&certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  ::X509_set_issuer_name(&certificate, ::X509_get_subject_name(issuer->certificate.get()));
  ::X509_set_pubkey(&certificate, made.key.get());
  if (issuer == &made) {
    extend(certificate, *issuer, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, *issuer, NID_key_usage, "critical,keyCertSign");
  } else {
    extend(certificate, *issuer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
  }
  check(::X509_sign(&certificate, issuer->key.get(), ::EVP_sha256()) > 0);
  return made;
}

std::string write(const std::string& path, const auto& put) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
  check(file && put(file.get()) == 1);
  return path;
}

std::string writeCertificate(const std::string& path, const Party& party) {
  return write(path, [&](std::FILE* file) { return ::PEM_write_X509(file, party.certificate.get()); });
}

std::string writeKey(const std::string& path, const Party& party) {
  return write(path, [&](std::FILE* file) {
    return ::PEM_write_PrivateKey(file, party.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

struct Made : Certificates {
  Made() {
    std::string place = (std::filesystem::temp_directory_path() / "retake-tls-XXXXXX").string();
    check(::mkdtemp(place.data()) != nullptr);
    folder = place;
    const Party authority = make("Test authority", nullptr, kDay);
    const Party other = make("Another authority", nullptr, kDay);
    ca = writeCertificate(folder + "/ca.pem", authority);
    otherCa = writeCertificate(folder + "/other-ca.pem", other);
    const auto both = [this](const char* name, const Party& party, std::string& certificate,
                             std::string& key) {
      certificate = writeCertificate(folder + "/" + name + ".pem", party);
      key = writeKey(folder + "/" + name + ".key", party);
    };
    both("server", make("server", &authority, kDay), server, serverKey);
    both("client", make("client", &authority, kDay), client, clientKey);
    both("expired", make("expired", &authority, -kDay), expired, expiredKey);
    both("stranger", make("stranger", &other, kDay), stranger, strangerKey);
  }
  ~Made() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

}  // namespace

const Certificates& Certificates::get() {
  static const Made made;
  return made;
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  check(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace retake::test
