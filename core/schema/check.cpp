#include "schema/check.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <unordered_map>

#include "schema/message_tree.h"

namespace retake {
namespace {

using google::protobuf::Message;

struct Type {
  std::unique_ptr<Message> message;  // null where the schema does not know it
  std::uint32_t first = 0;           // position of the first entry that has it
  std::uint64_t count = 0;
};

std::string placeOf(const Recording& recording, std::uint32_t position) {
  const EntryInfo info = recording.info(position);
  std::string text = "entry " + std::to_string(position + 1);
  if (!info.edited) text += " at byte " + std::to_string(info.offset);
  text += " (" + std::string(entryKindName(info.kind));
  if (const auto& method = recording.methodName(info.method); !method.empty()) text += " " + method;
  return text + "): ";
}

Problem problemAt(const Recording& recording, std::uint32_t position, const std::string& what) {
  return {.text = placeOf(recording, position) + what,
          .offset = recording.info(position).offset,
          .position = position,
          .repair = {}};
}

}  // namespace

std::vector<Problem> checkTypes(const Recording& recording, const Schema& schema, const Task& task) {
  if (schema.isBuiltinOnly()) return {};
  const google::protobuf::LogSilencer quiet;  // of strings that are no UTF-8
  std::vector<Problem> problems;
  std::unordered_map<std::string, Type> types;
  const std::uint32_t size = recording.size();
  for (std::uint32_t position = 0; position < size; ++position) {
    if (position % 4096 == 0) {
      if (task.stopped()) return problems;
      task.report(position, size);
    }
    if (!recording.info(position).hasMessage) continue;
    const auto entry = recording.entry(position);
    if (!entry) continue;  // findProblems() says so
    const std::string name(typeNameOf(entry->fields.typeUrl));
    if (name.empty()) continue;  // likewise
    const auto [at, isNew] = types.try_emplace(name);
    Type& type = at->second;
    if (isNew) {
      type.first = position;
      if (const auto* known = schema.message(name)) type.message = schema.newMessage(*known);
    }
    ++type.count;
    const ByteView bytes = entry->fields.message;
    if (!type.message || type.message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size())))
      continue;
    const std::string damage = describeMessage(schema, name, bytes).damage;
    problems.push_back(problemAt(recording, position,
                                 "expected a message of type " + name + ", found bytes that are none" +
                                     (damage.empty() ? "" : ": " + damage)));
  }
  for (const auto& [name, type] : types) {
    if (type.message) continue;
    std::string text = "expected a type of the schema, found \"" + name + "\"";
    if (type.count > 1)
      text += ", here and in " + std::to_string(type.count - 1) + " more " +
              (type.count == 2 ? "entry" : "entries");
    problems.push_back(problemAt(recording, type.first, text));
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.position < b.position; });
  return problems;
}

}  // namespace retake
