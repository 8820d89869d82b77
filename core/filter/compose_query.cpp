#include "filter/compose_query.h"

#include <algorithm>

#include "base/hex.h"
#include "filter/query.h"
#include "filter/query_node.h"
#include "schema/text.h"

namespace retake {
namespace {

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-' || c == '@' || c == '/' || static_cast<unsigned char>(c) >= 0x80;
}

bool isOr(const Query& query) { return query.root() && query.root()->kind == Query::Node::Kind::Or; }

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::string composeQuery(std::string_view query, std::string_view term, QueryJoin join) {
  const auto before = Query::parse(query);
  const auto added = Query::parse(term);
  const bool isGroup = added && added->root() && added->root()->kind != Query::Node::Kind::Term;
  const std::string negated = "-" + (isGroup ? "(" + std::string(term) + ")" : std::string(term));
  if (join == QueryJoin::Only || !before || before->isEmpty())
    return join == QueryJoin::Not ? negated : std::string(term);
  const std::string first = trimmed(query);
  if (join == QueryJoin::Or) return first + " or " + std::string(term);
  const std::string second = join == QueryJoin::Not  ? negated
                             : added && isOr(*added) ? "(" + std::string(term) + ")"
                                                     : std::string(term);
  return (isOr(*before) ? "(" + first + ")" : first) + " " + second;
}

std::string queryValue(std::string_view text) {
  // A slash in front would begin a regular expression.
  const bool plain = !text.empty() && text.front() != '/' && text.find("..") == std::string_view::npos &&
                     isUtf8(text) && std::all_of(text.begin(), text.end(), isPlain);
  if (plain) return std::string(text);
  const bool asText = isUtf8(text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !asText))
      out += {'\\', 'x', kHexDigits[byte >> 4u], kHexDigits[byte & 15u]};
    else
      out += c;
  }
  return out + "\"";
}

}  // namespace retake
