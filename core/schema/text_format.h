#pragma once

#include <google/protobuf/text_format.h>

#include <string>
#include <string_view>

#include "schema/text_errors.h"

// Our own files in text format, made to be read in review: workspaces, scrub rules.
namespace retake {

// A person wrote it; what is longer is another file.
inline constexpr std::size_t kMaxTextFileBytes = std::size_t{16} << 20;

// Fills `message`, and `places` with where its fields stand; what is wrong goes to `errors`, which was made
// of this text. False: it could not be read to its end.
bool parseTextFormat(std::string_view text, google::protobuf::Message& message,
                     google::protobuf::TextFormat::ParseInfoTree& places, TextErrors& errors);

// The same text for equal messages. A string of several lines has a literal for each; what an editor cannot
// show is escaped.
std::string printTextFormat(const google::protobuf::Message& message);

// Windows editors write a byte order mark.
std::string_view withoutByteOrderMark(std::string_view text);

// The comment lines before anything else in `text`; each ends in "\n".
std::string leadingComment(std::string_view text);

// A message of a file, with the places of its fields: tells what is wrong with one, where it stands.
struct TextPlace {
  const google::protobuf::Message* message;
  google::protobuf::TextFormat::ParseInfoTree* places;  // null where the message is not there

  TextPlace in(const google::protobuf::Message& nested, const char* field, int index = -1) const;
  void complain(TextErrors& errors, const char* field, int index, const std::string& sentence) const;
};

// Every line of `message` with "PATH:" before it.
std::string withPath(const std::string& path, const std::string& message);

}  // namespace retake
