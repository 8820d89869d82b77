#include "walked.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <QByteArray>

#include "schema/sources.h"

namespace retake::test {

const std::shared_ptr<const Schema>& kindsSchema() {
  static const std::shared_ptr<const Schema> kSchema = [] {
    const std::vector<std::string> places{RETAKE_SOURCE_DIR "/tests/core/scrub/kinds.proto"};
    const auto schema = loadSchema(places);
    if (!schema) qFatal("%s", schema.error().message.c_str());
    return *schema;
  }();
  return kSchema;
}

const google::protobuf::Descriptor* kindsType(std::string_view name) { return kindsSchema()->message(name); }

std::string kinds(const std::string& text, std::string_view type) {
  const auto message = kindsSchema()->newMessage(*kindsType(type));
  if (!google::protobuf::TextFormat::ParseFromString(text, message.get()))
    qFatal("no text format: %s", text.c_str());
  return message->SerializeAsString();
}

std::string kindsText(ByteView bytes, std::string_view type) {
  const auto message = kindsSchema()->newMessage(*kindsType(type));
  if (!message->ParseFromString(std::string(bytes))) return "no message";
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::string text;
  printer.PrintToString(*message, &text);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

void Listing::add(const ValuePlace& place, const std::string& value) {
  const std::string inside = place.inside();
  lines += (place.isMapKey() ? "key " : "") + place.path() + (inside.empty() ? "" : " (" + inside + ")") +
           " = " + value + "\n";
}

ValueChange Listing::text(const ValuePlace& place, std::string_view value) {
  add(place, '"' + std::string(value) + '"');
  return {};
}

ValueChange Listing::bytes(const ValuePlace& place, ByteView value) {
  add(place, QByteArray(value.data(), static_cast<qsizetype>(value.size())).toHex().toStdString());
  return {};
}

ValueChange Listing::number(const ValuePlace& place, std::string_view text) {
  add(place, std::string(text));
  return {};
}

ValueChange SecretChanger::text(const ValuePlace&, std::string_view value) {
  ValueChange change;
  for (std::size_t at = value.find("secret"); at != std::string_view::npos; at = value.find("secret", at + 6))
    change.edits.push_back({at, 6, "***"});
  if (!change.edits.empty()) change.kind = ValueChange::Kind::Edits;
  return change;
}

ValueChange SecretChanger::number(const ValuePlace&, std::string_view text) {
  if (text != "42") return {};
  return {.kind = ValueChange::Kind::Set, .value = "7"};
}

}  // namespace retake::test
