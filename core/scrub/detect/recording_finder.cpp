#include "scrub/detect/recording_finder.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/wire.h"
#include "recording/status.h"
#include "schema/text.h"
#include "scrub/detect/field_secret.h"
#include "scrub/detect/secret_names.h"
#include "scrub/encodings.h"
#include "scrub/marks.h"
#include "scrub/value_walk.h"

namespace retake {
namespace {

namespace pb = google::protobuf;

// A find is shown, not kept: keys of four kilobytes are longer than this.
constexpr std::size_t kMaxHexBytes = 512;

std::string shownHex(ByteView bytes) { return encodeHex(bytes.substr(0, kMaxHexBytes), false); }

// PKCS #8, PKCS #1 and SEC 1 in DER: a sequence that begins with a version, then an algorithm for private
// keys, a modulus of a kilobit or more, or an octet string of 32 bytes or more.
bool isDerPrivateKey(ByteView bytes) {
  if (bytes.size() < 48 || bytes[0] != '\x30') return false;
  const auto length = static_cast<unsigned char>(bytes[1]);
  const std::size_t head = length < 0x80 ? 2u : 2u + (length & 0x7fu);
  const ByteView inside = bytes.substr(std::min(head, bytes.size()));
  using namespace std::string_view_literals;
  return inside.starts_with("\x02\x01\x00\x30"sv) || inside.starts_with("\x02\x01\x01\x04\x20"sv) ||
         inside.starts_with("\x02\x01\x01\x04\x30"sv) || inside.starts_with("\x02\x01\x00\x02\x82"sv);
}

// The key of the nearest map, or member of JSON, that the value stands under; empty where there is none.
std::string_view keyAbove(const ValuePlace& place) {
  for (const ValueStep* step = place.last(); step; step = step->parent)
    if (step->kind == ValueStep::Kind::Member || (step->kind == ValueStep::Kind::Key && step->hasText))
      return step->text;
  return {};
}

// Whether the value lies in a form of the one that stands at `step`.
bool isInsideOf(const ValuePlace& place, const ValueStep* outer) {
  if (!outer) return false;
  for (const ValueStep* step = place.last(); step; step = step->parent)
    if (step->kind == ValueStep::Kind::Inside && step->parent == outer) return true;
  return false;
}

// Fields that hold the value of something that is named elsewhere: by a map's key, or by a "key" beside.
bool isValueField(std::string_view name) {
  return name == "value" || name == "2" || name.ends_with("_value") || name.ends_with("Value");
}
bool isLabelField(std::string_view name) {
  return name == "key" || name == "name" || name == "1" || name == "header" || name == "field";
}
bool saysAnything(std::string_view name) {
  return saysSecret(name) || saysPhone(name) || saysNationalId(name);
}

}  // namespace

// Tells of every find in one message or text.
class RecordingFinder::Visitor : public ValueVisitor {
 public:
  Visitor(RecordingFinder& finder, EntryId id, ScrubHit::In in, std::string_view key = {})
      : m_finder(finder), m_id(id), m_in(in), m_key(key) {}
  ~Visitor() override { flush(); }

  ValueChange text(const ValuePlace& place, std::string_view value) override {
    settle(place);
    if (value.empty() || isInsideOf(place, m_foundStep)) return {};
    m_foundStep = nullptr;
    if (isScrubMark(value)) {
      m_foundStep = place.last();  // a token reads as base64 of anything
      return {};
    }
    if (isMarked(place)) return report("marked-field", place, std::string(value), true);
    const std::string name = nameOf(place, value);
    const TextContext at = {.name = name, .messageName = messageName(place)};
    for (const TextFind& find : m_finder.m_finder.find(value, at, m_finder.m_wanted)) {
      const std::string_view detector = secretDetectors()[find.detector].id;
      report(detector, place, std::string(value.substr(find.at, find.size)), find.size == value.size());
      if (detector != "high-entropy" && find.size * 2 > value.size()) m_foundStep = place.last();
    }
    return {};
  }

  ValueChange document(const ValuePlace& place, std::string_view json) override {
    settle(place);
    return isMarked(place) ? report("marked-field", place, std::string(json), true) : ValueChange();
  }

  ValueChange bytes(const ValuePlace& place, ByteView value) override {
    settle(place);
    if (value.empty() || isInsideOf(place, m_foundStep)) return {};
    if (isMarked(place)) return report("marked-field", place, shownHex(value), true);
    if (isDerPrivateKey(value)) return report("private-key", place, shownHex(value), true);
    const std::string name = nameOf(place, {});
    const TextContext at = {.name = name, .messageName = messageName(place)};
    if (isSecretOfField(value, at)) return report("secret-field", place, shownHex(value), true);
    return {};
  }

  ValueChange number(const ValuePlace& place, std::string_view text) override {
    settle(place);
    if (isMarked(place))
      return text == "0" ? ValueChange{} : report("marked-field", place, std::string(text), true);
    const pb::FieldDescriptor* field = place.field();
    if (field && (field->type() == pb::FieldDescriptor::TYPE_BOOL || field->enum_type())) return {};
    if (text.size() < 3) return {};
    const std::string name = nameOf(place, {});
    if (saysSecretNumber(name)) return report("secret-field", place, std::string(text), true);
    // A single check digit says little of a number that may be anything.
    if (text.size() < 7 || (text.size() < 14 && !saysAnything(name))) return {};
    const TextContext at = {.name = name};
    for (const TextFind& find : m_finder.m_finder.find(text, at, m_finder.m_wanted))
      if (find.size == text.size())
        report(secretDetectors()[find.detector].id, place, std::string(text), true);
    return {};
  }

 private:
  // The field itself, or a message that it is in. What is written inside of a marked value is told of as
  // that.
  bool isMarked(const ValuePlace& place) {
    for (const ValueStep* step = place.last(); step && step->kind != ValueStep::Kind::Inside;
         step = step->parent)
      if (step->field && m_finder.m_fields.field(*step->field).marked) return true;
    return false;
  }

  static std::string_view messageName(const ValuePlace& place) {
    return place.field() ? std::string_view(place.field()->containing_type()->name()) : std::string_view();
  }

  // What says what the value is: its field, else the key of its map, or the "key" that stood before it in
  // the same message.
  std::string nameOf(const ValuePlace& place, std::string_view value) {
    std::string name = place.fieldName();
    if (place.isMapKey()) return {};
    if (!place.last()) return std::string(m_key);
    if (saysAnything(name)) return name;
    const ValueStep* parent = messageOf(place);
    if (isLabelField(name) && !value.empty() && value.size() <= 64 && saysAnything(value)) {
      m_label = value;
      m_labelMessage = parent;
      return name;
    }
    if (place.last()->kind == ValueStep::Kind::Key && place.last()->hasText)
      return std::string(place.last()->text);
    if (!isValueField(name)) return name;
    if (!m_label.empty() && m_labelMessage == parent) return std::exchange(m_label, {});
    const std::string_view key = keyAbove(place);
    return key.empty() ? name : std::string(key);
  }

  // The step to the message that has the field.
  static const ValueStep* messageOf(const ValuePlace& place) {
    const ValueStep* step = place.last();
    while (step && step->kind != ValueStep::Kind::Field) step = step->parent;
    return step ? step->parent : nullptr;
  }

  ValueChange report(std::string_view detector, const ValuePlace& place, std::string value, bool whole) {
    if (!m_finder.m_wanted[detectorIndex(detector)] || isScrubMark(value)) return {};
    std::string path = place.path();
    if (!m_key.empty()) path = path.empty() ? std::string(m_key) : std::string(m_key) + '.' + path;
    SecretFind find = {.detector = detector,
                       .entry = m_id,
                       .in = m_in,
                       .path = std::move(path),
                       .value = std::move(value),
                       .inside = place.inside(),
                       .whole = whole};
    // A text is told of as it is written, and again as it reads without its escapes.
    const auto [told, isNew] =
        m_told.try_emplace(std::string(detector) + '\n' + find.path + '\n' + find.value, find.inside);
    if (!isNew && told->second != find.inside) return {};
    if (detector == "high-entropy" && whole) {
      m_random = std::move(find);
      m_randomStep = place.last();
    } else {
      m_finder.m_found(std::move(find));
    }
    return {};
  }

  // What looked random may be written in base64: then what comes next is inside of it, and says more.
  void settle(const ValuePlace& next) {
    if (m_random && !isInsideOf(next, m_randomStep)) flush();
    m_random.reset();
  }

  void flush() {
    if (m_random) m_finder.m_found(*std::move(m_random));
    m_random.reset();
  }

  RecordingFinder& m_finder;
  EntryId m_id;
  ScrubHit::In m_in;
  std::string_view m_key;
  std::string m_label;
  const ValueStep* m_labelMessage = nullptr;
  const ValueStep* m_foundStep = nullptr;  // to a text that is a secret: what base64 in it holds says no more
  std::optional<SecretFind> m_random;      // not told yet
  const ValueStep* m_randomStep = nullptr;
  std::unordered_map<std::string, std::string> m_told;  // what and where; by that, in which form first
};

RecordingFinder::RecordingFinder(const Schema& schema, const DetectorSet& wanted, Found found)
    : m_schema(schema), m_wanted(wanted), m_found(std::move(found)), m_finder(TextFinder::get()) {}

void RecordingFinder::entry(const Entry& entry) {
  const EntryFields& fields = entry.fields;
  if (fields.kind == EntryKind::Unreadable) return plain(entry.id, ScrubHit::In::Message, entry.bytes.view);
  if (fields.hasMessage) {
    const std::string_view type = fields.isError ? kStatusType : typeNameOf(fields.typeUrl);
    message(entry.id, fields.isError ? ScrubHit::In::Status : ScrubHit::In::Message, m_schema.message(type),
            fields.message);
  }
  strangers(entry);
  if (!fields.hasExtras) return;
  const auto extras = parseExtras(entry.bytes.view);
  if (!extras) return plain(entry.id, ScrubHit::In::Headers, entry.bytes.view);
  if (extras->requestMetadata) metadata(entry.id, ScrubHit::In::Headers, *extras->requestMetadata);
  if (extras->headers) metadata(entry.id, ScrubHit::In::Headers, *extras->headers);
  if (extras->trailers) metadata(entry.id, ScrubHit::In::Trailers, *extras->trailers);
}

void RecordingFinder::strangers(const Entry& entry) {
  constexpr std::uint32_t kMessage = 3;
  constexpr std::uint32_t kRefIndex = 5;
  WireCursor cursor(entry.bytes.view);
  WireField field;
  while (cursor.next(field)) {
    if (field.type != WireType::Length) continue;
    if (field.number == kMessage) {
      WireField part;
      for (WireCursor parts(field.bytes); parts.next(part);)
        if (part.number != 1 && part.type == WireType::Length &&
            part.bytes.data() != entry.fields.message.data())
          plain(entry.id, ScrubHit::In::Message, part.bytes);
    } else if (field.number > kRefIndex && !isExtraField(field.number)) {
      plain(entry.id, ScrubHit::In::Message, field.bytes);
    }
  }
}

void RecordingFinder::message(EntryId id, ScrubHit::In in, const pb::Descriptor* type, ByteView message) {
  if (!(type && m_fields.needsWalk(*type)) && !m_finder.mayHold(message)) return;
  Visitor visitor(*this, id, in);
  walkValues(m_schema, type, message, visitor);
}

void RecordingFinder::metadata(EntryId id, ScrubHit::In in, const Metadata& metadata) {
  for (const MetadataEntry& entry : metadata) {
    Visitor visitor(*this, id, in, entry.key);
    if (isBinaryKey(entry.key) && !isPrintable(entry.value)) {
      walkBytes(m_schema, entry.value, visitor);
    } else {
      walkText(entry.value, visitor);
    }
  }
}

void RecordingFinder::plain(EntryId id, ScrubHit::In in, ByteView bytes) {
  for (const TextFind& find : m_finder.find(bytes, {}, m_wanted))
    m_found({.detector = secretDetectors()[find.detector].id,
             .entry = id,
             .in = in,
             .path = {},
             .value = std::string(bytes.substr(find.at, find.size))});
}

void RecordingFinder::initialState(ByteView state) {
  if (state.empty()) return;
  Visitor visitor(*this, {}, ScrubHit::In::InitialState);
  walkBytes(m_schema, state, visitor);
}

void RecordingFinder::rest(ByteView bytes) { plain({}, ScrubHit::In::Message, bytes); }

Result<DetectorSet> detectorSet(const std::vector<std::string>& ids) {
  DetectorSet set;
  if (ids.empty()) return set.set();
  for (const std::string& id : ids) {
    if (id == "secrets" || id == "personal") {
      for (std::size_t i = 0; i < secretDetectors().size(); ++i)
        if (secretDetectors()[i].isSecret == (id == "secrets")) set.set(i);
      continue;
    }
    const std::size_t index = detectorIndex(id);
    if (index == kMaxDetectors) {
      std::string_view near;
      std::size_t least = 4;
      for (const SecretDetector& detector : secretDetectors())
        if (const std::size_t distance = editDistance(id, detector.id); distance < least) {
          near = detector.id;
          least = distance;
        }
      return Error{"detectors: expected the id of a detector, \"secrets\" or \"personal\", found \"" + id +
                   "\"" + (near.empty() ? std::string() : " (near: " + std::string(near) + ")")};
    }
    set.set(index);
  }
  return set;
}

}  // namespace retake
