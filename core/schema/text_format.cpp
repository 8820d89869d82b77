#include "schema/text_format.h"

#include <algorithm>

#include "schema/text.h"

namespace retake {
namespace {

using google::protobuf::Message;
using google::protobuf::TextFormat;

// Our files nest a handful of messages; what is nested deeper is unknown.
constexpr int kMaxFileDepth = 32;

// As the text format takes it back: what an editor cannot show is escaped, bytes that are no UTF-8 (in the
// name of a file) are octal.
std::string quotedText(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t valid = validUtf8(text);
    std::string part;
    appendJsonString(part, text.substr(0, valid));
    out.append(part, 1, part.size() - 2);
    text.remove_prefix(valid);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    out += {'\\', static_cast<char>('0' + (byte >> 6)), static_cast<char>('0' + (byte >> 3 & 7)),
            static_cast<char>('0' + (byte & 7))};
    text.remove_prefix(1);
  }
  return out + "\"";
}

// A string literal for each line: neighbours are one string to the text format.
class StringPrinter final : public TextFormat::FastFieldValuePrinter {
 public:
  void PrintString(const std::string& value, TextFormat::BaseTextGenerator* out) const override {
    std::string_view rest = value;
    const bool lines = rest.find('\n') < rest.size() - 1;
    do {
      const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
      if (lines) out->PrintLiteral("\n  ");
      out->PrintString(quotedText(rest.substr(0, length)));
      rest.remove_prefix(length);
    } while (!rest.empty());
  }
  void PrintBytes(const std::string& value, TextFormat::BaseTextGenerator* out) const override {
    PrintString(value, out);
  }
};

}  // namespace

bool parseTextFormat(std::string_view text, Message& message, TextFormat::ParseInfoTree& places,
                     TextErrors& errors) {
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.WriteLocationsTo(&places);
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(kMaxFileDepth);
  return parser.ParseFromString(std::string(text), &message);
}

std::string printTextFormat(const Message& message) {
  TextFormat::Printer printer;
  printer.SetDefaultFieldValuePrinter(new StringPrinter);  // the printer owns it
  std::string text;
  printer.PrintToString(message, &text);
  // No string holds a line end, so this is a name before strings on lines of their own.
  for (std::size_t at = 0; (at = text.find(": \n", at)) != std::string::npos;) text.erase(at + 1, 1);
  return text;
}

std::string_view withoutByteOrderMark(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return text;
}

std::string leadingComment(std::string_view text) {
  std::string comment;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);  // npos + 1 is 0
    if (line.empty()) continue;
    if (!line.starts_with('#')) break;
    comment += std::string(line) + "\n";
  }
  return comment;
}

TextPlace TextPlace::in(const Message& nested, const char* field, int index) const {
  return {&nested, places ? places->GetTreeForNested(message->GetDescriptor()->FindFieldByName(field), index)
                          : nullptr};
}

void TextPlace::complain(TextErrors& errors, const char* field, int index,
                         const std::string& sentence) const {
  const auto place = places ? places->GetLocation(message->GetDescriptor()->FindFieldByName(field), index)
                            : TextFormat::ParseLocation();
  errors.add(std::max(place.line, 0), std::max(place.column, 0), sentence);
}

std::string withPath(const std::string& path, const std::string& message) {
  std::string text = path + ":" + message;
  for (std::size_t at = path.size(); (at = text.find('\n', at)) != std::string::npos; ++at)
    text.insert(at + 1, path + ":");
  return text;
}

}  // namespace retake
