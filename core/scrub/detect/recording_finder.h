#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "filter/call_filter.h"
#include "recording/entry_extras.h"
#include "scrub/detect/marked_fields.h"
#include "scrub/detect/text_finder.h"
#include "scrub/find_secrets.h"

namespace retake {

// Looks for secrets in a recording, entry by entry.
class RecordingFinder {
 public:
  using Found = std::function<void(SecretFind&&)>;
  // Both must outlive it.
  RecordingFinder(const Schema& schema, const DetectorSet& wanted, Found found);

  void entry(const Entry& entry);
  void initialState(ByteView state);
  // Bytes that are neither: a cut tail.
  void rest(ByteView bytes);

 private:
  class Visitor;
  // Fields of an entry that no reader looks at: unknown ones, a message that another one stands behind.
  void strangers(const Entry& entry);
  void message(EntryId id, ScrubHit::In in, const google::protobuf::Descriptor* type, ByteView message);
  void metadata(EntryId id, ScrubHit::In in, const Metadata& metadata);
  void plain(EntryId id, ScrubHit::In in, ByteView bytes);

  const Schema& m_schema;
  const DetectorSet& m_wanted;
  Found m_found;
  const TextFinder& m_finder;
  FieldKnowledge m_fields;
};

// The detectors of these ids, all when there are none; an Error names one that does not exist.
Result<DetectorSet> detectorSet(const std::vector<std::string>& ids);

}  // namespace retake
