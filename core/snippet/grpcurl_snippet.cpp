#include <algorithm>

#include "recording/entry.h"
#include "schema/json.h"
#include "schema/text.h"
#include "snippet/quoting.h"
#include "snippet/snippet.h"

#include <google/protobuf/descriptor.h>

// A command of grpcurl (github.com/fullstorydev/grpcurl): it takes requests as JSON, and knows their types by
// the server's reflection.
namespace retake {
namespace {

// Where `retake-cli serve` is told to listen, in the comment above the command.
constexpr std::string_view kAddress = "127.0.0.1:50051";

// The requests as JSON documents; an Error where the schema cannot say one.
Result<std::vector<std::string>> documents(const SnippetCall& call, const Schema& schema) {
  const auto* method = schema.method(call.method);
  std::vector<std::string> all;
  for (const SnippetCall::Step& step : call.steps) {
    if (step.what != SnippetCall::Do::Send) continue;
    const std::string type = method ? std::string(method->input_type()->full_name()) : step.typeName;
    const auto json = toJson(schema, type, step.message);
    if (!json) return json.error();
    if (!method || json->isWire)
      return Error{"the schema does not have " + (method ? "the type " + type : call.method)};
    all.push_back(json->text);
  }
  return all;
}

// A word that no line of `text` is.
std::string delimiterOf(const std::string& text) {
  std::string word = "END";
  while (("\n" + text).find("\n" + word + "\n") != std::string::npos) word += "_";
  return word;
}

std::string commented(const std::string& lines) {
  std::string out = "# ";
  for (const char c : lines) {
    out += c;
    if (c == '\n') out += "# ";
  }
  return out;
}

Result<std::string> writeGrpcurl(const SnippetCall& call, const Schema& schema) {
  const std::string name = call.method.substr(call.method.starts_with('/') ? 1 : 0);
  if (name.find('\0') != std::string::npos)
    return Error{"call " + std::to_string(call.number) +
                 ": expected a method that a command can name, found a "
                 "NUL in it"};
  std::string command = "grpcurl -plaintext";
  for (const MetadataEntry& entry : call.metadata)
    command += " \\\n  -H " +
               shellWord(entry.key + ": " + (isBinaryKey(entry.key) ? toBase64(entry.value) : entry.value));
  const std::string target = " \\\n  " + std::string(kAddress) + " " + shellWord(name);

  std::string text = "# Call " + std::to_string(call.number) + " of " + inComment(call.fileName) + ", " +
                     inComment(call.method) + ". To have it answered as recorded:\n#   retake-cli serve " +
                     inComment(shellWord(call.path)) + " --schema API.proto --listen " +
                     std::string(kAddress) + "\n";
  if (call.equalBefore > 0)
    text +=
        "# Equal calls were recorded before it, and are answered first: this gets its own answer at turn " +
        std::to_string(call.equalBefore + 1) + ".\n";
  const auto json = documents(call, schema);
  if (!json)
    return text + "# grpcurl takes requests as JSON, for which the schema is needed: " +
           inComment(json.error().message) + ".\n# With a schema loaded this is a whole command; by hand:\n" +
           commented(command + " -protoset API.protoset \\\n  -d '{}'" +
                     (" \\\n  " + std::string(kAddress) + " " + shellWord(inComment(name)))) +
           "\n";
  if (!call.isStream && json->size() == 1)
    return text + command + " \\\n  -d " + shellWord(json->front()) + target + "\n";
  std::string input;
  for (const std::string& document : *json) input += document + "\n";
  const std::string end = delimiterOf(input);
  return text + command + " \\\n  -d @" + target + " <<'" + end + "'\n" + input + end + "\n";
}

}  // namespace

extern const Snippet kGrpcurlSnippet;
const Snippet kGrpcurlSnippet = {"grpcurl", "grpcurl command", writeGrpcurl, false};

}  // namespace retake
