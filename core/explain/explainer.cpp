#include "explain/explainer.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <unordered_map>

#include "explain/comparison.h"
#include "explain/method_requests.h"
#include "explain/similar_methods.h"
#include "explain/told_message.h"
#include "explain/value_text.h"
#include "match/match_index.h"
#include "match/message_forms.h"
#include "recording/entry_extras.h"
#include "schema/json.h"
#include "schema/message_tree.h"

namespace retake {
namespace {

// Of what was sent.
constexpr std::size_t kMaxSentText = 1000;
constexpr std::size_t kMaxDescribed = 256 << 10;  // where it may be no message of its type
constexpr std::size_t kMaxDifferences = 1000;
// Of the values of one metadata key, before they are shortened.
constexpr std::size_t kMaxMetadataText = 64 << 10;

// Of a line that names both values, however long they are.
constexpr std::size_t kMetadataLine = 240;
constexpr std::size_t kLeastValues = 80;

std::vector<ByteView> valuesOf(const Metadata& metadata, const std::string& key) {
  std::vector<ByteView> values;
  for (const MetadataEntry& entry : metadata)
    if (entry.key == key) values.push_back(entry.value);
  return values;
}

// All values in their order, each in quotes, long ones around the place where they are not those of `others`.
std::string valuesText(const std::vector<ByteView>& values, const std::vector<ByteView>& others,
                       bool isText) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ByteView other = i < others.size() ? others[i] : ByteView();
    text += (i == 0 ? "" : ", ") + valuePair(values[i], other, isText).recorded;
    if (text.size() > kMaxMetadataText) break;
  }
  return text.empty() ? "nothing" : text;
}

std::vector<std::string> metadataDifferences(ByteView recorded, const Metadata& sent,
                                             const std::vector<std::string>& keys) {
  std::vector<std::string> all;
  const auto extras = parseExtras(recorded);
  if (!extras || !extras->requestMetadata) return all;
  for (const std::string& key : keys) {
    const auto left = valuesOf(*extras->requestMetadata, key);
    const auto right = valuesOf(sent, key);
    if (left == right) continue;
    std::string recordedText = valuesText(left, right, !isBinaryKey(key));
    std::string sentText = valuesText(right, left, !isBinaryKey(key));
    const std::size_t used = key.size() + std::string_view("metadata : recorded , sent ").size();
    shortenPair(recordedText, sentText, std::max(kMetadataLine, used + kLeastValues) - used);
    all.push_back("metadata " + key + ": recorded " + recordedText + ", sent " + sentText);
  }
  return all;
}

}  // namespace

struct Explainer::State {
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const Calls> calls;
  std::shared_ptr<const Schema> schema;
  std::mutex mutex = {};
  struct Requests {
    std::shared_ptr<const MethodRequests> messages;
    std::shared_ptr<const Scrubber> rules;  // as these make them
  };
  std::unordered_map<std::string, Requests> methods = {};

  std::shared_ptr<const MethodRequests> requests(const std::string& method, const FieldPathSet& ignore,
                                                 const std::shared_ptr<const Scrubber>& rules) {
    const std::lock_guard lock(mutex);
    Requests& known = methods[method];
    if (!known.messages || known.messages->ignore() != ignore || known.rules != rules) {
      ToldMessage told;
      if (rules)
        told = [this, rules](std::uint32_t position) {
          return toldMessage(*rules, {recording, calls, schema}, position);
        };
      known = {std::make_shared<const MethodRequests>(*recording, *calls, *schema, method, ignore, told),
               rules};
    }
    return known.messages;
  }

  // Of the keys that are compared, in the terms of the rules, if any are on.
  std::vector<std::string> otherMetadata(std::uint32_t call, const MissedCall& missed,
                                         const std::vector<std::string>& keys) const {
    const std::uint32_t first = (*calls)[call].first;
    if (missed.rules)
      if (const auto changed = missed.rules->entry({recording, calls, schema}, first); changed && *changed)
        return metadataDifferences(**changed, *missed.metadata, keys);
    const auto bytes = recording->bytes(first);
    return bytes ? metadataDifferences(bytes->view, *missed.metadata, keys) : std::vector<std::string>();
  }

  // Rules that have been applied change nothing when they are so again: what they change here, was scrubbed
  // by others.
  bool isOfOtherRules(const Scrubber& rules, const NearCall& near) const {
    const auto position = recording->position(near.message);
    if (!near.scrubbed || !position) return false;
    bool found = false;
    toldMessage(rules, {recording, calls, schema}, *position, [&](ScrubHit&& hit) {
      using Kind = ScrubAction::Kind;
      const Kind kind = rules.rules()[hit.rule].action.kind;
      if (hit.in != ScrubHit::In::Message || kind == Kind::ShiftTime || kind == Kind::Fake) return;
      for (const Difference& one : near.differences) found = found || toString(one.path) == hit.path;
    });
    return found;
  }

  NearCall describe(std::uint32_t call, const std::optional<std::uint32_t>& message, const MissedCall& missed,
                    const FieldPathSet& ignore) const {
    const Call found = (*calls)[call];
    NearCall near{.id = recording->info(found.first).id, .number = found.number};
    if (!message) return near;
    near.message = recording->info(*message).id;
    near.scrubbed = isScrubbed(*recording, *message) || isScrubbed(*recording, found.first);
    const auto entry = recording->entry(*message);
    if (!entry || !missed.sent) return near;
    const auto* type = messageTypeOf(*schema, entry->fields.typeUrl, entry->callMethod);
    // Neither side's values are told where the rules take them out.
    const auto told =
        missed.rules ? toldMessage(*missed.rules, {recording, calls, schema}, *message) : std::nullopt;
    const ByteView recorded = told ? ByteView(*told) : entry->fields.message;
    near.differences =
        differences(*schema, type, recorded, *missed.sent, ignore, kMaxDifferences, &near.more);
    near.equal = near.differences.empty() &&
                 compareMessages(*schema, type, recorded, *missed.sent, ignore) != Equality::Different;
    return near;
  }

  // By the method's type, else by that of the call it was compared with.
  void tellSent(const std::string& sent, Explanation& out) const {
    const auto& near = out.nearest;
    const std::string& method = out.method;
    const auto* type = messageTypeOf(*schema, {}, method);
    if (!type && near && near->message)
      if (const auto entry = recording->entry(*recording->position(near->message)))
        type = messageTypeOf(*schema, entry->fields.typeUrl, method);
    const std::string name = type ? type->full_name() : std::string();
    if (type && sent.size() <= kMaxDescribed) {
      if (const std::string damage = describeMessage(*schema, name, sent).damage; !damage.empty()) {
        out.sentDamage = "no " + name + ": " + damage;
        std::uint64_t size = 0;
        out.sentText = valueText(sent, false, size);
        return;
      }
    }
    out.sentText = toJsonPreview(*schema, name, sent, kMaxSentText);
  }
};

Explainer::Explainer(std::shared_ptr<const Recording> recording, std::shared_ptr<const Calls> calls,
                     std::shared_ptr<const Schema> schema)
    : m_state(new State{std::move(recording), std::move(calls), std::move(schema)}) {}
Explainer::~Explainer() = default;

Explanation Explainer::explain(const MissedCall& missed, const MatchPolicy& policy,
                               const std::function<bool(EntryId)>& isUsed,
                               const std::function<bool(std::uint32_t)>& isLeftOut) const {
  State& state = *m_state;
  const Miss& miss = missed.miss;
  Explanation out{.miss = miss, .method = missed.method, .sent = missed.sent};
  const FieldPathSet ignore = ignoredIn(policy, missed.method);
  switch (miss.why) {
    case Miss::Why::NotRecorded:
      out.methodsNearby = similarMethods(*state.recording, missed.method);
      break;
    case Miss::Why::NothingEqual: {
      if (!missed.sent) break;
      const auto requests = state.requests(missed.method, ignore, missed.rules);
      const auto keys = comparedMetadata(policy, missed.method);
      const auto otherMetadata = [&](std::uint32_t call) {
        return !state.otherMetadata(call, missed, keys).empty();
      };
      const bool compares = missed.metadata && !keys.empty() && state.recording->hasExtras();
      if (const auto call = requests->nearest(
              *missed.sent, isUsed, compares ? otherMetadata : std::function<bool(std::uint32_t)>())) {
        out.nearest =
            state.describe(*call, clientMessage(*state.recording, (*state.calls)[*call], 1), missed, ignore);
        if (missed.metadata) out.nearest->metadata = state.otherMetadata(*call, missed, keys);
        out.nearest->used = isUsed && isUsed(out.nearest->id);
        out.nearest->cutOff = isLeftOut && isLeftOut(*call);
      }
      if (!missed.rules) out.scrubbedCalls = requests->scrubbedCount();
      break;
    }
    case Miss::Why::Diverged:
    case Miss::Why::TooManyMessages:
    case Miss::Why::TooFewMessages: {
      if (miss.callNumber == 0 || miss.callNumber > state.calls->size()) break;
      const std::uint32_t call = miss.callNumber - 1;
      out.nearest = state.describe(call, clientMessage(*state.recording, (*state.calls)[call], miss.message),
                                   missed, ignore);
      out.nearest->used = true;
      break;
    }
    case Miss::Why::UsedUp:
    case Miss::Why::NoMessage:
      break;
  }
  const auto& near = out.nearest;
  const bool differs = !near || !near->equal || !near->metadata.empty();
  if (!missed.rules && differs && ((near && near->scrubbed) || out.scrubbedCalls > 0))
    out.scrubFit = ScrubFit::RulesOff;
  if (missed.rules && near && state.isOfOtherRules(*missed.rules, *near)) out.scrubFit = ScrubFit::OtherRules;
  if (missed.sent) state.tellSent(*missed.sent, out);
  return out;
}

}  // namespace retake
