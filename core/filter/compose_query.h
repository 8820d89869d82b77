#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retake {

// How a term joins the query that is there: alone, "query term", "query or term", "query -term".
enum class QueryJoin : std::uint8_t { Only, And, Or, Not };

// The query with the term joined to it, in parentheses where it needs them. A query that cannot be read, or
// is empty, is left out.
std::string composeQuery(std::string_view query, std::string_view term, QueryJoin join);

// A text as a value of the language: as it is where that is read back as the same, else in quotes.
std::string queryValue(std::string_view text);

}  // namespace retake
