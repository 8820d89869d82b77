#include "scrub/scrubber.h"

#include <google/protobuf/descriptor.h>

#include <mutex>

#include "scrub/compiled_rules.h"
#include "scrub/scrub_run.h"

namespace retake {

struct Scrubber::State {
  CompiledRules rules;
  // What runs have found out is of use to the next.
  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<ScrubRun>> idle;

  template <typename Work>
  auto withRun(const Work& work) const {
    std::unique_ptr<ScrubRun> run;
    {
      const std::scoped_lock lock(mutex);
      if (!idle.empty()) {
        run = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (!run) run = std::make_unique<ScrubRun>(rules);
    auto result = work(*run);
    const std::scoped_lock lock(mutex);
    idle.push_back(std::move(run));
    return result;
  }
};

Scrubber::Scrubber() = default;
Scrubber::~Scrubber() = default;

Result<std::shared_ptr<const Scrubber>> Scrubber::create(const ScrubRules& rules,
                                                         std::shared_ptr<const Schema> schema,
                                                         const ScrubKey* key) {
  auto compiled = CompiledRules::compile(rules, std::move(schema), key);
  if (!compiled) return compiled.error();
  auto state = std::make_unique<State>();
  state->rules = *std::move(compiled);
  std::shared_ptr<Scrubber> scrubber(new Scrubber);
  scrubber->m_state = std::move(state);
  return std::shared_ptr<const Scrubber>(std::move(scrubber));
}

const ScrubRules& Scrubber::rules() const { return m_state->rules.all; }
const std::shared_ptr<const Schema>& Scrubber::schema() const { return m_state->rules.schema; }
const CompiledRules& Scrubber::compiled() const { return m_state->rules; }

std::vector<std::uint32_t> Scrubber::rulesWithoutLiveScope() const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < m_state->rules.rules.size(); ++i)
    if (const auto& rule = m_state->rules.rules[i]; rule && !rule->scope.needsOnlyRequest()) out.push_back(i);
  return out;
}

Result<std::optional<std::string>> Scrubber::entry(const FilterInput& input, std::uint32_t position,
                                                   const ScrubHits& hits) const {
  return m_state->withRun([&](ScrubRun& run) { return run.entry(input, position, hits); });
}

std::optional<std::string> Scrubber::initialState(ByteView state, const ScrubHits& hits) const {
  return m_state->withRun([&](ScrubRun& run) { return run.initialState(state, false, hits); });
}

Result<std::optional<std::string>> Scrubber::initialState(const Recording& recording,
                                                          const ScrubHits& hits) const {
  return m_state->withRun([&](ScrubRun& run) { return run.initialState(recording, hits); });
}

const google::protobuf::Descriptor* Scrubber::Live::type(const Schema& schema) const {
  if (!typeName.empty()) return schema.message(typeName);
  const auto* declared = schema.method(method);
  if (!declared) return nullptr;
  return isRequest ? declared->input_type() : declared->output_type();
}

std::optional<std::string> Scrubber::message(const Live& live, ByteView message,
                                             const ScrubHits& hits) const {
  return m_state->withRun([&](ScrubRun& run) { return run.message(live, message, hits); });
}

std::optional<Metadata> Scrubber::metadata(const Live& live, const Metadata& metadata, bool trailers,
                                           const ScrubHits& hits) const {
  return m_state->withRun([&](ScrubRun& run) { return run.metadata(live, metadata, trailers, hits); });
}

}  // namespace retake
