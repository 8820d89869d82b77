#include "snippet/quoting.h"
#include "snippet/snippet.h"

// A program against the library itself: a ReplayServer in memory, no port and no other process.
namespace retake {
namespace {

std::string boolOf(bool value) { return value ? "true" : "false"; }

std::string scriptOf(const ClientScript& script) {
  std::string text = "  const retake::ClientScript script = {\n      .method = " + cppString(script.method) +
                     ",\n      .isStream = " + boolOf(script.isStream) + ",\n      .steps = {";
  for (const ClientScript::Step& step : script.steps)
    text +=
        "\n          {.isSend = " + boolOf(step.isSend) + ", .message = " + cppString(step.message) + "},";
  if (!script.steps.empty()) text += "\n      ";
  text += "},\n      .end = {.code = " + std::to_string(script.end.code) +
          ", .message = " + cppString(script.end.message) + ", .details = {";
  for (const Any& detail : script.end.details)
    text += "{" + cppString(detail.typeUrl) + ", " + cppString(detail.value) + "}, ";
  if (!script.end.details.empty()) text.resize(text.size() - 2);
  return text + "}},\n      .endRecorded = " + boolOf(script.endRecorded) + "};\n";
}

Result<std::string> writeCpp(const SnippetCall& call, const Schema&) {
  std::string text = "// Call " + std::to_string(call.number) + " of " + inComment(call.fileName) + ", " +
                     inComment(call.method) +
                     ", made again; exits 0 when it is answered as recorded.\n"
                     "// Link retake::core and gRPC::grpc++.\n"
                     "#include <cstdio>\n#include <string>\n\n"
                     "#include \"client/recorded_client.h\"\n#include \"format/format.h\"\n"
                     "#include \"serve/replay_server.h\"\n\n"
                     "int main() {\n"
                     "  const auto opened = retake::openRecording(" +
                     cppString(call.path) +
                     ");\n"
                     "  if (!opened) {\n"
                     "    std::fprintf(stderr, \"%s\\n\", opened.error().message.c_str());\n"
                     "    return 2;\n"
                     "  }\n"
                     "  const auto server = retake::ReplayServer::start(opened->recording);\n"
                     "  if (!server) {\n"
                     "    std::fprintf(stderr, \"%s\\n\", server.error().message.c_str());\n"
                     "    return 2;\n"
                     "  }\n"
                     "  // In memory; a generated stub takes it as well.\n"
                     "  const auto channel = (*server)->channel();\n\n";
  text += scriptOf(call.script);
  if (call.equalBefore > 0)
    text += "  // Equal calls were recorded before it, and are answered first.\n  for (int i = 0; i < " +
            std::to_string(call.equalBefore) + "; ++i) retake::play(channel, script);\n";
  if (!call.metadata.empty())
    text += "  // The recorded metadata is not sent: a stand-in compares none unless it is told to.\n";
  return text +
         "  const retake::ClientOutcome outcome = retake::play(channel, script);\n"
         "  const auto differences = retake::compare(*retake::Schema::builtin(), script, outcome);\n"
         "  for (const std::string& difference : differences) std::fprintf(stderr, \"%s\\n\", "
         "difference.c_str());\n"
         "  return differences.empty() ? 0 : 1;\n"
         "}\n";
}

}  // namespace

extern const Snippet kCppSnippet;
const Snippet kCppSnippet = {"cpp", "C++ program", writeCpp};

}  // namespace retake
