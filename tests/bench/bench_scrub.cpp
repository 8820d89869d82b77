#include <benchmark/benchmark.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/wire.h"
#include "schema/sources.h"
#include "scrub/scrub_recording.h"
#include "support/replay_file.h"

// Counting and applying scrub rules over a recording of 32 MB: bytes a second, on one core. What is scanned
// is nearly all there is to do where nothing is hit. Contents are made up here, but for one: the real
// recordings (RETAKE_RECORDINGS), one after the other, again and again.
using namespace retake;
using test::field;

namespace {

constexpr std::size_t kBytes = 32u << 20;
// Of Entry (proto/retake/replay_file.proto).
constexpr std::uint32_t kRefIndex = 5;

enum class Content { Records, Documents, Json, Base64, Prose, Binary };

std::string number(std::uint64_t& state, std::uint64_t limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return std::to_string((state >> 33) % limit);
}

std::string words(std::uint64_t& state, std::size_t bytes) {
  static constexpr const char* kWords[] = {"order ",    "shipped to ", "warehouse ", "quantity ", "pending, ",
                                           "customer ", "the ",        "item was ",  "returned ", "invoice "};
  std::string out;
  while (out.size() < bytes) out += kWords[std::stoul(number(state, 10))] + number(state, 1000) + " ";
  return out;
}

std::string message(Content content, std::uint64_t& state, bool hit) {
  const std::string secret = hit ? "token sk_live_" + number(state, 1u << 30) + "abcdefgh" : std::string();
  switch (content) {
    case Content::Records: {
      std::string child = field(1, "SKU-" + number(state, 100'000)) + field(3, 7);
      return field(1, words(state, 60) + secret) + field(3, 42) + field(11, child) + field(12, child) +
             field(12, child) + field(13, "tag" + number(state, 50)) +
             field(16, field(1, "region") + field(2, "eu-west-" + number(state, 4)));
    }
    case Content::Documents: {
      // As a document store answers: long names of resources, times, numbers and short texts in maps.
      std::string fields;
      for (int i = 0; i < 6; ++i)
        fields += field(16, field(1, "Field" + number(state, 40)) + field(2, words(state, 10)));
      const std::string name = "projects/shop-" + number(state, 1'000'000) +
                               "/databases/(default)/documents/orders/" + number(state, 1'000'000'000);
      const std::string time = field(1, std::uint64_t{1'700'000'000}) + field(2, std::uint64_t{123'456'000});
      return field(1, name) + fields + field(11, field(1, "etag " + number(state, 1u << 30) + secret)) +
             field(22, time) + field(4, std::uint64_t{77});
    }
    case Content::Binary: {
      // As an image or ciphertext.
      std::string raw(1024, '\0');
      for (char& c : raw) c = static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
      return field(2, raw) + field(1, secret);
    }
    case Content::Json:
      return field(1, "{\"id\": " + number(state, 100'000) + ", \"note\": \"" + words(state, 200) + secret +
                          "\", \"tags\": [\"a\", \"b\"]}");
    case Content::Base64: {
      std::string raw(1024, '\0');
      for (char& c : raw) c = static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
      static constexpr std::string_view kAlphabet =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      for (char& c : raw) c = kAlphabet[static_cast<unsigned char>(c) & 63u];
      return field(2, raw) + field(1, secret);
    }
    case Content::Prose:
      return field(1, words(state, 4000) + secret);
  }
  return {};
}

const std::shared_ptr<const Schema>& schemaAt(const std::string& path) {
  static std::map<std::string, std::shared_ptr<const Schema>> known;
  auto& schema = known[path];
  if (!schema) schema = *loadSchema(std::vector<std::string>{path});
  return schema;
}

FilterInput inputOf(std::shared_ptr<const Recording> recording, const std::string& schema) {
  FilterInput input{.recording = std::move(recording), .calls = nullptr, .schema = schemaAt(schema)};
  input.calls = std::make_shared<const Calls>(groupCalls(*input.recording));
  return input;
}

// Their calls behind each other, each entry as it is but for the place of the one it refers to.
FilterInput realInput() {
  const std::filesystem::path folder = std::filesystem::path(test::recordingsFolder()) / "go-cloud";
  std::vector<std::shared_ptr<const Recording>> recordings;
  std::vector<std::filesystem::path> paths;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".replay") paths.push_back(file.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    recordings.push_back(test::readRecording(bytes.str()));
  }
  test::ReplayFile file;
  std::uint32_t before = 0;
  while (file.bytes().size() < kBytes)
    for (const auto& recording : recordings) {
      for (std::uint32_t i = 0; i < recording->size(); ++i) {
        const auto entry = recording->bytes(i);
        std::string moved;
        WireCursor cursor(entry->view);
        for (WireField one; cursor.next(one);)
          if (one.number == kRefIndex)
            appendVarintField(moved, kRefIndex, one.value + before);
          else
            moved += one.raw;
        file.record(moved);
      }
      before += recording->size();
    }
  return inputOf(file.recording(), (folder / "googleapis.protoset").string());
}

// Every `hitEvery`th request has something that the patterns find; 0: none has.
FilterInput inputOf(Content content, unsigned hitEvery) {
  test::ReplayFile file;
  std::uint64_t state = 7;
  for (unsigned i = 1; file.bytes().size() < kBytes; ++i)
    file.unary("/kinds.Service/Unary",
               {"kinds.Kinds", message(content, state, hitEvery && i % hitEvery == 0)},
               test::Message{"kinds.Kinds", message(content, state, false)});
  return inputOf(file.recording(), RETAKE_SOURCE_DIR "/tests/core/scrub/kinds.proto");
}

ScrubRule pattern(const char* name, const char* regex) {
  return {.name = name, .where = {.pattern = regex}, .action = {.kind = ScrubAction::Kind::Hash}};
}
ScrubRule path(const char* where, ScrubAction::Kind action = ScrubAction::Kind::Hash) {
  return {.name = where, .where = {ScrubWhere::Place::Field, where, {}}, .action = {.kind = action}};
}

// What a person would have: secrets by shape, fields by name, a header.
ScrubRules usual() {
  return {pattern("stripe", "sk_live_[0-9a-zA-Z]{8,}"),
          pattern("aws", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
          pattern("jwt", "\\beyJ[\\w-]{10,}\\.[\\w-]{10,}\\.[\\w-]{10,}"),
          pattern("e-mail", "\\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}\\b"),
          pattern("card", "\\b(?:\\d[ -]?){12,18}\\d\\b"),
          pattern("bearer", "(?i)\\bbearer +([\\w.~+/-]{12,}=*)"),
          path("**.email"),
          path("**.password", ScrubAction::Kind::Redact),
          {.name = "authorization",
           .where = {ScrubWhere::Place::MetadataKey, "authorization", {}},
           .action = {.kind = ScrubAction::Kind::Hash}}};
}

ScrubRules many() {
  ScrubRules rules = usual();
  for (int i = 0; i < 300; ++i) {
    rules.push_back(pattern("", ""));
    rules.back().name = "many" + std::to_string(i);
    rules.back().where.pattern = "\\bcompany" + std::to_string(i) + "-[0-9a-f]{16}\\b";
  }
  return rules;
}

ScrubRules inEachMessage() { return {path("children[*].text", ScrubAction::Kind::Redact)}; }

void run(benchmark::State& state, const FilterInput& input, const ScrubRules& rules, bool applies) {
  const auto key = ScrubKey::fromBytes("a key of sixteen bytes or more");
  const auto scrubber = Scrubber::create(rules, input.schema, &*key);
  if (!scrubber) {
    state.SkipWithError(scrubber.error().message.c_str());
    return;
  }
  std::uint64_t hits = 0;
  for (auto _ : state) {
    hits = 0;
    const auto count = [&](const ScrubReport& report) {
      for (const auto& rule : report.rules) hits += rule.hits;
    };
    if (applies)
      count(scrubRecording(input, **scrubber)->report);
    else
      count(*countScrubHits(input, **scrubber));
  }
  state.counters["hits"] = static_cast<double>(hits);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kBytes));
}

template <typename Input>
void add(const char* name, const Input& input, const ScrubRules& rules) {
  for (const bool applies : {false, true})
    benchmark::RegisterBenchmark((std::string(name) + (applies ? "/apply" : "/count")).c_str(),
                                 [=](benchmark::State& state) { run(state, input(), rules, applies); })
        ->Unit(benchmark::kMillisecond);
}

void add(const char* name, Content content, unsigned hitEvery, const ScrubRules& rules) {
  add(
      name, [=] { return inputOf(content, hitEvery); }, rules);
}

}  // namespace

int main(int argc, char** argv) {
  add("records, nothing hit", Content::Records, 0, usual());
  add("records, 1 in 100 hit", Content::Records, 100, usual());
  add("documents, 1 in 100 hit", Content::Documents, 100, usual());
  add("JSON, 1 in 100 hit", Content::Json, 100, usual());
  add("prose, 1 in 100 hit", Content::Prose, 100, usual());
  add("base64, 1 in 100 hit", Content::Base64, 100, usual());
  add("binary, 1 in 100 hit", Content::Binary, 100, usual());
  if (test::recordingsFolder().empty())
    std::fprintf(stderr, "SKIPPED: there are no real recordings (set RETAKE_RECORDINGS)\n");
  else
    add("real recordings", realInput, usual());
  add("records, 300 rules", Content::Records, 100, many());
  add("records, a field of each", Content::Records, 0, inEachMessage());
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
