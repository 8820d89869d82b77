#include "scrub/value_walk.h"

#include "scrub/value_walker.h"

namespace retake {
namespace {

using Fate = ValueWalker::Fate;

std::optional<std::string> result(Fate fate, std::string now) {
  if (fate == Fate::Kept) return std::nullopt;
  return fate == Fate::Removed ? std::string() : std::move(now);
}

}  // namespace

bool ValueVisitor::visits(const ValuePlace&) { return true; }
bool ValueVisitor::enters(const ValuePlace&, const google::protobuf::Descriptor*) { return true; }
bool ValueVisitor::looksInto(const ValuePlace&, std::string_view) { return true; }
ValueChange ValueVisitor::document(const ValuePlace&, std::string_view) { return {}; }
ValueChange ValueVisitor::bytes(const ValuePlace&, ByteView) { return {}; }
ValueChange ValueVisitor::number(const ValuePlace&, std::string_view) { return {}; }
ValueChange ValueVisitor::message(const ValuePlace&, const google::protobuf::Descriptor*, ByteView) {
  return {};
}

std::optional<std::string> walkValues(const Schema& schema, const google::protobuf::Descriptor* type,
                                      ByteView message, ValueVisitor& visitor) {
  ValueChange change = visitor.message(ValuePlace(nullptr), type, message);
  if (change.kind == ValueChange::Kind::Set) return std::move(change.value);
  if (change.kind == ValueChange::Kind::Remove) return std::string();
  std::string out;
  const Fate fate = ValueWalker(schema, visitor).fields(nullptr, type, message, out);
  return result(fate, std::move(out));
}

std::optional<std::string> walkText(std::string_view text, ValueVisitor& visitor) {
  EditedText edited(text);
  const Fate fate = ValueWalker(*Schema::builtin(), visitor).text(nullptr, false, edited);
  return result(fate, std::string(edited.now()));
}

std::optional<std::string> walkBytes(const Schema& schema, ByteView bytes, ValueVisitor& visitor) {
  EditedText edited(bytes);
  const Fate fate = ValueWalker(schema, visitor).bytes(nullptr, edited);
  return result(fate, std::string(edited.now()));
}

}  // namespace retake
