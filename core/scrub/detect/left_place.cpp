#include "scrub/detect/left_place.h"

#include "recording/entry_extras.h"
#include "recording/status.h"
#include "scrub/detect/value_search.h"
#include "scrub/value_walk.h"

namespace retake {
namespace {

// Remembers the first value that has the one that is looked for, in any form.
class Locator : public ValueVisitor {
 public:
  explicit Locator(const ValueSearch& search) : m_search(search) {}
  const std::optional<std::string>& path() const { return m_path; }

  bool looksInto(const ValuePlace&, std::string_view) override { return false; }
  ValueChange text(const ValuePlace& place, std::string_view value) override { return look(place, value); }
  ValueChange document(const ValuePlace& place, std::string_view json) override { return look(place, json); }
  ValueChange bytes(const ValuePlace& place, ByteView value) override { return look(place, value); }
  ValueChange number(const ValuePlace& place, std::string_view text) override { return look(place, text); }

 private:
  ValueChange look(const ValuePlace& place, std::string_view value) {
    if (m_path) return {};
    bool found = false;
    m_search.search(value, [&](const ValueSearch::Found&) { found = true; });
    if (found) m_path = place.path();
    return {};
  }

  const ValueSearch& m_search;
  std::optional<std::string> m_path;
};

bool locateIn(const std::optional<Metadata>& metadata, ScrubHit::In in, const ValueSearch& search,
              LeftSecrets::Value& left) {
  if (!metadata) return false;
  for (const MetadataEntry& entry : *metadata) {
    bool found = false;
    search.search(entry.value, [&](const ValueSearch::Found&) { found = true; });
    if (!found) continue;
    left.in = in;
    left.path = entry.key;
    return true;
  }
  return false;
}

}  // namespace

void locate(const Schema& schema, const Recording& recording, LeftSecrets::Value& left) {
  const auto position = left.entry ? recording.position(left.entry) : std::nullopt;
  if (!position) return;
  const auto entry = recording.entry(*position);
  if (!entry || entry->fields.kind == EntryKind::Unreadable) return;
  ValueSearch search;
  search.add(0, left.value);
  search.build();
  Locator locator(search);
  const EntryFields& fields = entry->fields;
  if (fields.isError) left.in = ScrubHit::In::Status;
  const std::string_view type = fields.isError ? kStatusType : typeNameOf(fields.typeUrl);
  if (fields.hasMessage) walkValues(schema, schema.message(type), fields.message, locator);
  if (locator.path()) {
    left.path = *locator.path();
    return;
  }
  if (!fields.hasExtras) return;
  const auto extras = parseExtras(entry->bytes.view);
  if (!extras) return;
  (void)(locateIn(extras->requestMetadata, ScrubHit::In::Headers, search, left) ||
         locateIn(extras->headers, ScrubHit::In::Headers, search, left) ||
         locateIn(extras->trailers, ScrubHit::In::Trailers, search, left));
}

}  // namespace retake
