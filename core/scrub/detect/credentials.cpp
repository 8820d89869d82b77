#include <array>

#include "schema/text.h"
#include "scrub/detect/field_secret.h"
#include "scrub/detect/shape.h"

// Whatever stands where a secret must: behind "Bearer", in a URL between name and host, behind
// "password=". What it is, is not known; so words that stand there in examples are left alone.
namespace retake {
namespace {

bool isWord(const ShapeMatch& match) { return !isPlaceholder(match.value); }

// "Bearer of the ring" is prose: a token has a digit, or is long and no word.
bool isBearer(const ShapeMatch& match) {
  if (isPlaceholder(match.value)) return false;
  const bool hasDigit = match.value.find_first_of("0123456789") != std::string_view::npos;
  return (hasDigit && match.value.size() >= 8) || match.value.size() >= 20;
}

// Base64 of "name:password".
bool isBasic(const ShapeMatch& match) {
  const auto decoded = fromBase64(match.value);
  return decoded && isPrintable(*decoded) && decoded->find(':') != std::string::npos;
}

// "password: see the manual" is prose, `password=hunter2` and `"password": "hunter2"` are not.
bool isAssigned(const ShapeMatch& match) {
  return !isPlaceholder(match.value) && match.value.find("://") == std::string_view::npos;
}

constexpr auto kCredentialShapes = std::to_array<Shape>({
    {"bearer-token", "(?i)bearer", R"re((?i)\bbearer[ :=]+"?([a-z0-9._~+/-]{8,}=*))re", isBearer},
    {"basic-auth", "(?i)basic ", R"re((?i)\bbasic +([a-z0-9+/]{6,}={0,2}))re", isBasic},
    {"url-password", "://", R"re(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#"'<>@:]*:([^\s/?#"'<>@]+)@)re", isWord},
    // Passwords with the characters that a URL should have escaped.
    {"url-password", "://",
     R"re(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#"'<>@:]*:([^\s"'<>]+)@[A-Za-z0-9.-]+[/:?])re", isWord},
    {"azure-storage-key", "AccountKey=", R"re(\b(?:Account|SharedAccess)Key=([A-Za-z0-9+/]{40,}={0,2}))re",
     isWord},
    {"azure-storage-key", "SharedAccessKey=", R"re(\bSharedAccessKey=([A-Za-z0-9+/]{40,}={0,2}))re", isWord},
    {"azure-sas", "sig=", R"re([?&;]sig=([A-Za-z0-9%+/=_-]{20,}))re", isWord},
    {"url-token", "[?&]",
     R"re((?i)[?&#](?:access_token|auth_token|id_token|refresh_token|api[_-]?key|apikey|client_secret|password|passwd|secret|token|x-amz-signature|x-amz-security-token|x-goog-signature|signature)=([^&#\s"'<>]{6,}))re",
     isWord},
    {"assigned-secret", "(?i)pass|secret|token|api.?key|pwd|private.?key",
     R"re((?i)\b[a-z0-9_.-]*(?:password|passwd|passphrase|pwd|secret|api[_-]?key|secret[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|access[_-]?token|refresh[_-]?token|client[_-]?secret)["']?(?:=|: ?["']|" ?: ?")["']?([^\s"'&;,<>]{4,}))re",
     isAssigned},
});

}  // namespace

std::span<const Shape> credentialShapes() { return kCredentialShapes; }

}  // namespace retake
