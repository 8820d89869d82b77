#include "edit/origins.h"

#include <algorithm>
#include <string>
#include <utility>

#include "recording/entry.h"

namespace retake {
namespace {

Error doNotFit(const std::string& expected, const std::string& found) {
  return Error{"what was edited does not belong to this recording: expected " + expected + ", found " +
               found};
}

// Where each entry of `edited` stands in `file`.
Result<std::vector<std::optional<std::uint32_t>>> placesOf(const Recording& edited,
                                                           std::span<const OriginRun> origins,
                                                           const Recording& file) {
  std::vector<std::optional<std::uint32_t>> places;
  std::uint64_t next = 0;  // entries stay in their order
  for (const OriginRun& run : origins) {
    if (run.count > edited.size() - places.size())
      return doNotFit(std::to_string(edited.size()) + " entries", "more");
    if (run.first && (*run.first < next || std::uint64_t{*run.first} + run.count > file.size()))
      return doNotFit("entries " + std::to_string(next + 1) + " to " + std::to_string(file.size()),
                      std::to_string(run.count) + " from " + std::to_string(std::uint64_t{*run.first} + 1));
    if (run.first) next = std::uint64_t{*run.first} + run.count;
    for (std::uint32_t i = 0; i < run.count; ++i)
      places.push_back(run.first ? std::optional(*run.first + i) : std::nullopt);
  }
  if (places.size() != edited.size())
    return doNotFit(std::to_string(edited.size()) + " entries", std::to_string(places.size()));
  return places;
}

// Where the call of an entry begins has moved with what was inserted or removed before it, which is no edit.
bool isSame(ByteView a, ByteView b) { return a == b || withRefIndex(a, 1) == withRefIndex(b, 1); }

}  // namespace

std::vector<OriginRun> originsOf(const Recording& edited, const Recording& file) {
  // By id, from 1; 0: it is not there.
  std::vector<std::uint32_t> places(std::max(file.idLimit(), edited.idLimit()));
  for (std::uint32_t position = 0; position < file.size(); ++position)
    places[file.info(position).id.value] = position + 1;
  std::vector<OriginRun> runs;
  for (std::uint32_t position = 0; position < edited.size(); ++position) {
    const std::uint32_t place = places[edited.info(position).id.value];
    const auto first = place > 0 ? std::optional(place - 1) : std::nullopt;
    const bool goesOn = !runs.empty() && first.has_value() == runs.back().first.has_value() &&
                        (!first || *first == *runs.back().first + runs.back().count);
    if (goesOn)
      ++runs.back().count;
    else
      runs.push_back({.first = first, .count = 1});
  }
  return runs;
}

Result<Recording> withOrigins(const Recording& edited, std::span<const OriginRun> origins,
                              const Recording& file) {
  const auto places = placesOf(edited, origins, file);
  if (!places) return places.error();

  std::vector<bool> kept(file.size());
  std::vector<std::pair<std::uint32_t, std::string>> changed;
  std::uint32_t place = 0;  // among those that are kept
  for (std::uint32_t position = 0; position < edited.size(); ++position) {
    const auto origin = (*places)[position];
    if (!origin) continue;
    kept[*origin] = true;
    const auto was = file.bytes(*origin);
    if (!was) return was.error();
    const auto is = edited.bytes(position);
    if (!is) return is.error();
    if (!isSame(was->view, is->view)) {
      // What it belongs to stands where it stood in the file, also where that is nothing.
      const auto entry = file.entry(*origin);
      const auto ref = entry ? static_cast<std::uint32_t>(entry->fields.refIndex) : 0;
      changed.emplace_back(place, withRefIndex(is->view, ref));
    }
    ++place;
  }

  Recording made = file;
  for (std::uint32_t position = file.size(); position-- > 0;)
    if (!kept[position]) made = made.withoutEntry(position);
  made = made.withEntries(std::move(changed));
  for (std::uint32_t position = 0; position < edited.size(); ++position) {
    if ((*places)[position]) continue;
    const auto bytes = edited.bytes(position);
    if (!bytes) return bytes.error();
    // What it refers to stands before it.
    const auto begin = edited.position(edited.info(position).ref);
    made = made.withInserted(position, std::string(bytes->view), begin ? made.info(*begin).id : EntryId());
  }

  const auto was = file.initialState();
  if (!was) return was.error();
  const auto is = edited.initialState();
  if (!is) return is.error();
  if (edited.hasHeader() && (was->view != is->view || !file.hasHeader()))
    made = made.withInitialState(std::string(is->view));
  if (edited.tailSize() == 0 && made.tailSize() != 0) made = made.withoutTail();
  return made;
}

}  // namespace retake
