#include <array>

#include "schema/text.h"
#include "scrub/detect/entropy.h"
#include "scrub/detect/shape.h"

// Keys and tokens that say whose they are. Sources: the issuers' own documentation of their prefixes
// (GitHub's and GitLab's secret scanning patterns, AWS's unique identifiers, Slack's and Stripe's key types).
namespace retake {
namespace {

// Header and payload are JSON objects.
bool isJwt(const ShapeMatch& match) {
  const std::string_view value = match.value;
  const auto header = fromBase64(value.substr(0, value.find('.')));
  return header && header->starts_with('{') && header->find("\"alg\"") != std::string::npos;
}

// Prefixes of few letters stand before words too.
bool isRandom(const ShapeMatch& match) { return looksRandom(match.value.substr(3)); }

constexpr auto kTokenShapes = std::to_array<Shape>({
    {"private-key", "-----BEGIN ",
     R"((?s)(-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----.{16,}?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----))",
     nullptr},
    // Cut off, or in one line.
    {"private-key", "-----BEGIN ",
     R"((-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r)*[A-Za-z0-9+/=\s\\]{16,}))",
     nullptr},
    {"private-key", "PuTTY-User-Key-File", R"((?s)(PuTTY-User-Key-File-[23]: .*Private-Lines: .*))", nullptr},
    {"private-key", "AGE-SECRET-KEY-1", R"(\b(AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58})\b)",
     nullptr},
    {"jwt", "eyJ", R"(\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*))", isJwt},
    {"jwt", "eyJ",
     R"(\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+))", isJwt},
    {"aws-access-key", "A(?:KI|SI|BI|CC)A", R"(\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b)", nullptr},
    {"aws-secret-key", "(?i)aws|secret.?access.?key",
     R"re((?i)(?:aws_?(?:secret)?_?(?:access)?_?key|secret_?access_?key)["']?\s*[=:]\s*["']?([A-Za-z0-9/+]{40})\b)re",
     nullptr},
    {"google-api-key", "AIza", R"(\b(AIza[0-9A-Za-z_-]{35}))", nullptr},
    {"google-oauth", "ya29\\.", R"(\b(ya29\.[0-9A-Za-z_-]{20,}))", nullptr},
    {"google-oauth", "GOCSPX-", R"(\b(GOCSPX-[0-9A-Za-z_-]{28}))", nullptr},
    {"google-oauth", "1//0", R"(\b(1//0[0-9A-Za-z_-]{30,}))", nullptr},
    {"azure-client-secret", "[78]Q~", R"(\b([A-Za-z0-9_.~-]{3}[78]Q~[A-Za-z0-9_.~-]{31,34}))", nullptr},
    {"azure-storage-key", "\\+AStA?|ACDbA|AzCa|AzSea|APIM",
     R"(\b([A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{5,6}={0,2}))", nullptr},
    {"azure-storage-key", "AzSea|AzCa|ACDb|APIM",
     R"(\b([A-Za-z0-9]{42,52}(?:AzSe|AzCa|ACDb|APIM)[A-Za-z0-9+/]{4,}={0,2}))", nullptr},
    {"github-token", "gh[pousr]_", R"(\b(gh[pousr]_[A-Za-z0-9]{36,255})\b)", nullptr},
    {"github-token", "github_pat_", R"(\b(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b)", nullptr},
    {"gitlab-token", "gl(?:pat|dt|rt|ptt|ft|cbt|agent|soat|imt|ffct|oas)-",
     R"(\b(gl(?:pat|dt|rt|ptt|ft|cbt|agent|soat|imt|ffct|oas)-[A-Za-z0-9_.-]{20,}))", nullptr},
    {"slack-token", "xox[a-z]-|xapp-", R"(\b((?:xox[abeoprs](?:\.xox[bp])?-|xapp-)[A-Za-z0-9-]{10,}))",
     nullptr},
    {"slack-webhook", "hooks\\.slack",
     R"((hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}))", nullptr},
    {"discord-webhook", "api/webhooks/",
     R"((discord(?:app)?\.com/api/webhooks/\d{17,20}/[A-Za-z0-9_-]{60,}))", nullptr},
    {"stripe-key", "[srp]k_(?:live|test)_|whsec_",
     R"(\b((?:(?:sk|rk)_(?:live|test)_|whsec_)[0-9A-Za-z+/=]{16,}))", nullptr},
    {"npm-token", "npm_", R"(\b(npm_[A-Za-z0-9]{36})\b)", nullptr},
    {"npm-token", "_authToken", R"(_authToken\s*=\s*"?([A-Za-z0-9_=.-]{16,}))", nullptr},
    {"pypi-token", "pypi-AgE", R"(\b(pypi-AgE[A-Za-z0-9_-]{50,}))", nullptr},
    {"rubygems-key", "rubygems_", R"(\b(rubygems_[0-9a-f]{48})\b)", nullptr},
    {"sendgrid-key", "SG\\.", R"(\b(SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}))", nullptr},
    {"mailgun-key", "key-", R"(\b(key-[0-9a-f]{32})\b)", nullptr},
    {"mailchimp-key", "-us[0-9]", R"(\b([0-9a-f]{32}-us\d{1,2})\b)", nullptr},
    {"twilio-key", "SK[0-9a-f]", R"(\b(SK[0-9a-f]{32})\b)", nullptr},
    {"anthropic-key", "sk-ant-", R"(\b(sk-ant-[A-Za-z0-9_-]{20,}))", nullptr},
    {"openai-key", "sk-", R"(\b(sk-(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{20,}))", isRandom},
    {"huggingface-token", "hf_|api_org_", R"(\b((?:hf|api_org)_[A-Za-z0-9]{34})\b)", nullptr},
    {"groq-key", "gsk_", R"(\b(gsk_[A-Za-z0-9]{52})\b)", nullptr},
    {"digitalocean-token", "do[opr]_v1_", R"(\b(do[opr]_v1_[0-9a-f]{64})\b)", nullptr},
    {"databricks-token", "dapi", R"(\b(dapi[0-9a-f]{32}(?:-\d)?)\b)", nullptr},
    {"docker-token", "dckr_", R"(\b(dckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}))", nullptr},
    {"vault-token", "hv[sbr]\\.", R"(\b(hv[sbr]\.[A-Za-z0-9_-]{24,}))", nullptr},
    {"terraform-token", "atlasv1", R"(\b([A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}))", nullptr},
    {"grafana-token", "gl(?:c|sa)_",
     R"(\b((?:glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/]{32,}={0,2})))", nullptr},
    {"newrelic-key", "NRAK-|NRII-|NRJS-", R"(\b(NR(?:AK|II|JS|AA|RA)-[A-Za-z0-9_-]{19,}))", nullptr},
    {"atlassian-token", "AT(?:ATT|CTT|BB)", R"(\b((?:ATATT3|ATCTT3)[A-Za-z0-9_=-]{60,}|ATBB[A-Za-z0-9]{32}))",
     nullptr},
    {"shopify-token", "shp(?:at|ca|pa|ss)_", R"(\b(shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})\b)", nullptr},
    {"square-token", "EAAA|sq0", R"(\b(EAAA[A-Za-z0-9_+=-]{60}|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}))",
     nullptr},
    {"facebook-token", "EAA", R"(\b(EAA[MC][A-Za-z0-9]{40,}))", nullptr},
    {"telegram-token", ":AA", R"(\b(\d{8,10}:AA[A-Za-z0-9_-]{33}))", nullptr},
    {"linear-key", "lin_", R"(\b(lin_(?:api|oauth)_[A-Za-z0-9]{40,64})\b)", nullptr},
    {"notion-token", "secret_|ntn_", R"(\b((?:secret_|ntn_)[A-Za-z0-9]{43,46})\b)", nullptr},
    {"postman-key", "PMAK-", R"(\b(PMAK-[0-9a-f]{24}-[0-9a-f]{34})\b)", nullptr},
    {"planetscale-token", "pscale_", R"(\b(pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}))", nullptr},
    {"sentry-token", "sntry", R"(\b(sntry[su]_[A-Za-z0-9+/=_-]{40,}))", nullptr},
    {"dynatrace-token", "dt0[a-z][0-9]{2}\\.", R"(\b(dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64})\b)", nullptr},
    {"alibaba-key", "LTAI", R"(\b(LTAI[A-Za-z0-9]{12,20})\b)", isRandom},
    {"jfrog-token", "AKCp", R"(\b(AKCp[A-Za-z0-9]{10,}))", isRandom},
    {"doppler-token", "dp\\.", R"(\b(dp\.(?:pt|st|sa|ct|scim|audit)\.[A-Za-z0-9_.-]{40,}))", nullptr},
});

}  // namespace

std::span<const Shape> tokenShapes() { return kTokenShapes; }

}  // namespace retake
