#include "match/message_forms.h"

#include "match/leave_out.h"
#include "match/schema_form.h"
#include "match/wire_form.h"

namespace retake {
namespace {

// Flipped in the seed, so that the kinds of form never meet in one table. Of a message less what is ignored
// the exact form is one of these: it may be the raw bytes of another one, which is not equal.
constexpr std::uint64_t kIgnoringForm = std::uint64_t{1} << 61;
constexpr std::uint64_t kSchemaForm = std::uint64_t{1} << 62;
constexpr std::uint64_t kGuessedForm = std::uint64_t{1} << 63;

}  // namespace

MessageKeys messageKeys(const Schema& schema, const google::protobuf::Descriptor* type, ByteView message,
                        std::uint64_t seed, const MessageKey& raw, const FieldPathSet& ignore) {
  if (type)
    if (const auto form = schemaForm(schema, *type, message, ignore))
      return {messageKey(*form, seed ^ kSchemaForm), std::nullopt};
  std::string storage;
  std::string guessed;
  if (!ignore.empty()) {
    const std::string rest = leaveOut(message, ignore.begin());
    const ByteView exact = exactForm(rest, storage);
    return {messageKey(exact, seed ^ kIgnoringForm),
            messageKey(guessedForm(exact, guessed), seed ^ kIgnoringForm ^ kGuessedForm)};
  }
  const ByteView exact = exactForm(message, storage);
  return {exact.data() == message.data() ? raw : messageKey(exact, seed),
          messageKey(guessedForm(exact, guessed), seed ^ kGuessedForm)};
}

Equality compareMessages(const Schema& schema, const google::protobuf::Descriptor* type, ByteView a,
                         ByteView b, const FieldPathSet& ignore) {
  if (a == b) return Equality::Equal;
  const MessageKeys left = messageKeys(schema, type, a, 0, messageKey(a, 0), ignore);
  const MessageKeys right = messageKeys(schema, type, b, 0, messageKey(b, 0), ignore);
  if (left.exact == right.exact) return Equality::Equal;
  return left.guess && left.guess == right.guess ? Equality::Guessed : Equality::Different;
}

}  // namespace retake
