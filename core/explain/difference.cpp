#include "explain/difference.h"

#include <algorithm>

#include "explain/comparison.h"
#include "explain/difference_sink.h"
#include "explain/schema_differ.h"
#include "explain/wire_differ.h"
#include "schema/text.h"

namespace retake {
namespace {

// Below, a line says nothing any more.
constexpr std::size_t kLeast = 60;

std::string sized(std::uint64_t size) {
  return size > 0 ? " (" + std::to_string(size) + " bytes)" : std::string();
}

// A path of very many levels, or with a very long key, by its beginning and its end.
std::string shortPath(const FieldPath& path, std::size_t limit) {
  std::string text = toString(path);
  if (text.empty()) return "the message";
  if (text.size() <= limit) return text;
  const std::size_t half = (limit - 3) / 2;
  std::size_t tail = text.size() - half;
  while (tail < text.size() && (static_cast<unsigned char>(text[tail]) & 0xc0u) == 0x80u) ++tail;
  return std::string(utf8Prefix(text, half)) + "…" + text.substr(tail);
}

}  // namespace

Comparison compare(const Schema& schema, const google::protobuf::Descriptor* type, ByteView recorded,
                   ByteView sent, const FieldPathSet& ignore, std::size_t limit) {
  DifferenceSink sink(limit);
  if (std::max(recorded.size(), sent.size()) > kMaxCompared) return sink.take();
  const FieldPathSet::Walk walk = ignore.begin();
  if (!type || !diffWithSchema(schema, *type, recorded, sent, walk, sink))
    diffWire(recorded, sent, WireEquality::Guessed, walk, sink);
  return sink.take();
}

std::vector<Difference> differences(const Schema& schema, const google::protobuf::Descriptor* type,
                                    ByteView recorded, ByteView sent, const FieldPathSet& ignore,
                                    std::size_t limit, std::size_t* more) {
  Comparison comparison = compare(schema, type, recorded, sent, ignore, limit);
  if (more) *more = comparison.more;
  return std::move(comparison.differences);
}

std::string describe(const Difference& difference, std::size_t limit) {
  limit = std::max(limit, kLeast);
  const std::string sizes = sized(difference.recordedSize) + sized(difference.sentSize);
  std::string out = shortPath(difference.path, limit / 2) + ": ";
  const std::size_t used = out.size() + sizes.size() + std::string_view("recorded , sent nothing").size();
  const std::size_t left = limit > used + 24 ? limit - used : 24;
  switch (difference.kind) {
    case Difference::Kind::Changed: {
      std::string recorded = difference.recorded;
      std::string sent = difference.sent;
      shortenPair(recorded, sent, left);
      return out + "recorded " + recorded + sized(difference.recordedSize) + ", sent " + sent +
             sized(difference.sentSize);
    }
    case Difference::Kind::OnlyRecorded:
      return out + "recorded " + shortened(difference.recorded, left) + sizes + ", sent nothing";
    case Difference::Kind::OnlySent:
      return out + "recorded nothing, sent " + shortened(difference.sent, left) + sizes;
  }
  return out;
}

}  // namespace retake
