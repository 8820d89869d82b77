#include "replay/client_terms.h"

#include <utility>

#include "explain/told_message.h"
#include "recording/status.h"
#include "replay/recorded_metadata.h"

namespace retake {
namespace {

bool isScrubbed(const ClientTerms& terms, std::uint32_t position) {
  return terms.asScrubbed || extrasOf(*terms.served.recording, position).scrubbed;
}

// The recorded text as the rules make it: they may not have been applied to it.
std::string textForLog(const ClientTerms& terms, std::uint32_t position, const std::string& recorded) {
  const auto told = toldMessage(*terms.served.rules(), terms.served.input(), position);
  if (!told) return recorded;
  const auto status = parseStatus(*told);
  return status ? status->message : recorded;
}

Scrubber::Live answerOf(const ClientTerms& terms, std::string_view type = {}) {
  return {.method = terms.method, .isRequest = false, .typeName = type};
}

}  // namespace

Blob ClientTerms::message(std::uint32_t position, Blob message) const {
  if (!served.terms) return message;
  const auto entry = served.recording->entry(position);
  if (!entry) return message;
  auto restored = served.terms->restore(answerOf(*this, typeNameOf(entry->fields.typeUrl)), message.view,
                                        isScrubbed(*this, position));
  if (!restored) return message;
  const auto owner = std::make_shared<const std::string>(*std::move(restored));
  return {*owner, owner};
}

Metadata ClientTerms::headers(std::optional<std::uint32_t> position, Metadata headers) const {
  if (!served.terms) return headers;
  const bool known = position && isScrubbed(*this, *position);
  auto restored = served.terms->restore(answerOf(*this), headers, false, known);
  return restored ? *std::move(restored) : std::move(headers);
}

void ClientTerms::putInto(ReplayEnd& end, std::uint32_t position) const {
  if (!served.terms) return;
  const bool known = isScrubbed(*this, position);
  if (auto restored = served.terms->restore(answerOf(*this), end.trailers, true, known))
    end.trailers = *std::move(restored);
  ServedStatus& status = end.status;
  if (status.code == 0) return;
  end.logText = textForLog(*this, position, status.message);
  const bool hasDetails = !status.details.empty();
  const std::string bytes =
      hasDetails ? status.details
                 : serializeStatus({.code = status.code, .message = status.message, .details = {}});
  const auto restored = served.terms->restore(answerOf(*this, kStatusType), bytes, known);
  if (!restored) return;
  const auto parsed = parseStatus(*restored);
  if (!parsed) return;
  status.message = parsed->message;
  if (hasDetails) status.details = *restored;
}

}  // namespace retake
