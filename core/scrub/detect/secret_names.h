#pragma once

#include <string_view>

// What a field's name says about what is in it. Names come as people write them: snake_case, camelCase,
// kebab-case, dotted; also JSON and metadata keys.
namespace retake {

// "password", "clientSecret", "x-api-key", "refresh_token"; not "next_page_token", "secret_id", "tokens".
bool saysSecret(std::string_view name);
// Of a message: "Credentials", "SecretPayload"; then its `data`, `value`, `payload` is a secret.
bool saysSecretMessage(std::string_view messageName, std::string_view name);
// Of numbers: "pin", "cvv", "otp".
bool saysSecretNumber(std::string_view name);
// "phone", "mobile_number", "fax".
bool saysPhone(std::string_view name);
// "ssn", "national_id", "taxId", "pesel".
bool saysNationalId(std::string_view name);
// Random by their nature and no secret: "etag", "digest", "page_token", "trace_id".
bool saysHarmlessRandom(std::string_view name);
// "version", "release": then four numbers with dots are no address.
bool saysVersion(std::string_view name);
// Of a field option: "(acme.sensitive)", "pii", "redact".
bool saysSensitive(std::string_view name);

}  // namespace retake
