#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "filter/subject.h"

namespace retake {

// How an undecided term comes out: a subject need not know everything that may be asked.
enum class Truth : std::uint8_t { No, Unknown, Yes };

// How dear it is to answer: what the index of a recording knows, its bytes, or decoded messages.
enum class QueryCost : std::uint8_t { Index, Bytes, Decoding };

// The filter language, parsed: one for the window's filter bar, the scope of a scrub rule, the server's log
// and `--filter`.
//
//   query := and { ("or" | "|") and }          and := not { ["and"] not }         a space is AND
//   not   := ["not" | "!" | "-"] primary
//   primary := "(" query ")" | field op value | field ":" list | flag | text
//   op    := "=" "!=" "<" "<=" ">" ">=" "~" "!~"
//            ":" is contains for text, equals for the rest; a,b is either; a..b a range
//   field := method service status kind dur start size req.size resp.size msgs id text req.text resp.text
//            meta.KEY trailer.KEY req.PATH resp.PATH msg.PATH dir             KEY may be *
//   flag  := edited scrubbed error stream used missed undecodable             also is:edited
//   value := word | "text" | number with unit (ns us ms s m, B kB KiB MB MiB) | /regex/[c]
//   text  := word | "text" | /regex/[c] | #NUMBER of a call
//
// In quotes \" \\ \n \r \t and \xNN are escapes. Any match counts; a != v means that a exists and is not v.
// Case does not matter, but in /.../c. Regexes are RE2. A field that is not set counts as its default where
// its path names it and protobuf gives it no presence. Paths are those of schema/field_path.h; dates and
// durations of google.protobuf compare as such.
//
// A value: copies share. Safe to use from any number of threads.
class Query {
 public:
  Query();  // matches everything
  // An Error's `offset` is the byte where a caret stands; its message is a sentence, and says what is near a
  // name that does not exist.
  static Result<Query> parse(std::string_view text);

  bool isEmpty() const;
  const std::string& text() const;
  // "status is NOT_FOUND and duration is over 250 ms"
  std::string inWords() const;
  QueryCost cost() const;
  // Asks only for what the client's side of a call tells before it is answered: method, service, kind, dir,
  // the request's text, fields, size and metadata, and the message at hand. A scope that asks for more cannot
  // tell live calls apart.
  bool needsOnlyRequest() const;

  // Cheap terms are asked first; a dear one only where they leave it open.
  Truth evaluate(const FilterSubject& subject) const;

  // Whether it asks for a direction: then messages are what it is about, not calls.
  bool asksForDirection() const;
  bool asksFor(FilterFlag flag) const;

  struct Node;
  const Node* root() const { return m_root.get(); }  // null: everything (query_node.h)

 private:
  std::shared_ptr<const Node> m_root;
  std::string m_text;
};

}  // namespace retake
