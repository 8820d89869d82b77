#include "explain/request_sketch.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>

#include "base/wire.h"
#include "match/message_key.h"
#include "recording/entry.h"
#include "schema/wire_guess.h"

namespace retake {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Walk = FieldPathSet::Walk;

// More do not make two messages easier to tell apart.
constexpr std::size_t kMaxLeaves = 4096;
constexpr int kMaxSketchDepth = 50;

// The finalizer of MurmurHash3 by Austin Appleby.
std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 33u;
  x *= 0xff51afd7ed558ccd;
  x ^= x >> 33u;
  x *= 0xc4ceb9fe1a85ec53;
  return x ^ x >> 33u;
}

std::uint64_t pathOf(std::uint64_t parent, std::uint32_t number) {
  return mixed(parent + number * 0x9e37'79b9'7f4a'7c15u);
}

class Collector {
 public:
  Collector(const Schema& schema, std::vector<LeafHash>& leaves) : m_schema(schema), m_leaves(leaves) {}

  // A walk is null where nothing at or below a place is ignored.
  void message(const Descriptor* type, ByteView bytes, std::uint64_t path, const Walk* walk, int depth) {
    const bool isAny = type && type->full_name() == "google.protobuf.Any";
    const Descriptor* content = nullptr;
    Walk contentWalk;
    std::map<std::uint32_t, std::uint64_t> seen;
    WireCursor cursor(bytes);
    WireField field;
    while (m_leaves.size() < kMaxLeaves && cursor.next(field)) {
      const FieldDescriptor* known = type ? type->FindFieldByNumber(static_cast<int>(field.number)) : nullptr;
      const std::uint64_t here = pathOf(path, field.number);
      Walk into;
      if (walk) {
        into = known ? walk->field(*known) : walk->field(field.number);
        if (!into.covered() && !into.dead()) into = element(known, field, seen[field.number]++, into);
        if (into.covered()) continue;
      }
      if (isAny && field.type == WireType::Length) {
        // Writers put the URL first.
        if (field.number == 1) {
          content = m_schema.message(typeNameOf(field.bytes));
          if (walk) contentWalk = walk->any(typeNameOf(field.bytes));
        } else if (field.number == 2 && depth < kMaxSketchDepth) {
          contentWalk = contentWalk.with(into);
          if (contentWalk.covered()) continue;
          if (content || guessIsMessage(field.bytes)) {
            message(content, field.bytes, here, contentWalk.dead() ? nullptr : &contentWalk, depth + 1);
            continue;
          }
        }
      }
      value(known, field, here, walk && !into.dead() ? &into : nullptr, depth);
    }
  }

 private:
  static bool guessIsMessage(ByteView bytes) { return guessPayload({&bytes, 1}) == Guess::Message; }

  static Walk element(const FieldDescriptor* known, const WireField& field, std::uint64_t index,
                      const Walk& walk) {
    if (!known || (known->is_repeated() && !known->is_map())) return walk.element(index);
    if (!known->is_map()) return walk;
    WireCursor entry(field.bytes);
    WireField key;
    while (entry.next(key))
      if (key.number == 1)
        return key.type == WireType::Length ? walk.element(key.bytes) : walk.element(key.value);
    return known->message_type()->map_key()->cpp_type() == FieldDescriptor::CPPTYPE_STRING
               ? walk.element(ByteView())
               : walk.element(std::uint64_t{0});
  }

  // A walk that leads into an entry leads to its value.
  void mapEntry(const Descriptor& type, ByteView entry, std::uint64_t path, const Walk& walk, int depth) {
    WireCursor cursor(entry);
    WireField field;
    while (m_leaves.size() < kMaxLeaves && cursor.next(field))
      value(type.FindFieldByNumber(static_cast<int>(field.number)), field, pathOf(path, field.number),
            field.number == 2 ? &walk : nullptr, depth);
  }

  void value(const FieldDescriptor* known, const WireField& field, std::uint64_t path, const Walk* walk,
             int depth) {
    bool isMessage = field.type == WireType::Group;
    if (field.type == WireType::Length)
      isMessage = known ? known->type() == FieldDescriptor::TYPE_MESSAGE : guessIsMessage(field.bytes);
    if (!isMessage || depth >= kMaxSketchDepth || field.bytes.empty()) {
      const std::uint64_t content =
          field.type == WireType::Length ? messageKey(field.bytes, 0).low : field.value;
      m_leaves.push_back({path, mixed(path ^ mixed(content + 1))});
      return;
    }
    const Descriptor* type = known ? known->message_type() : nullptr;
    if (type && walk && known->is_map())
      mapEntry(*type, field.bytes, path, *walk, depth + 1);
    else
      message(type, field.bytes, path, walk, depth + 1);
  }

  const Schema& m_schema;
  std::vector<LeafHash>& m_leaves;
};

}  // namespace

std::vector<LeafHash> leafHashes(const Schema& schema, const Descriptor* type, ByteView message,
                                 const FieldPathSet& ignore) {
  std::vector<LeafHash> leaves;
  const Walk walk = ignore.begin();
  Collector(schema, leaves).message(type, message, 1, walk.dead() ? nullptr : &walk, 0);
  return leaves;
}

RequestSketch sketchOf(const std::vector<LeafHash>& leaves) {
  std::array<std::uint16_t, RequestSketch::kLanes> sums{};
  for (const LeafHash& leaf : leaves) {
    std::uint16_t& sum = sums[leaf.path >> 60u];
    sum = static_cast<std::uint16_t>(sum + leaf.value);
  }
  RequestSketch sketch;
  for (unsigned lane = 0; lane < RequestSketch::kLanes; ++lane)
    sketch.lanes[lane / 4] |= std::uint64_t{sums[lane]} << (lane % 4 * 16);
  return sketch;
}

std::size_t leafDistance(const std::vector<LeafHash>& a, const std::vector<LeafHash>& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  std::size_t same = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].value == b[j].value) {
      ++same;
      ++i;
      ++j;
    } else if (a[i].value < b[j].value) {
      ++i;
    } else {
      ++j;
    }
  }
  return std::max(a.size(), b.size()) - same;
}

}  // namespace retake
