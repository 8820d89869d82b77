#include "recording/status.h"
#include "snippet/quoting.h"
#include "snippet/snippet.h"

// A test for Python's unittest and grpcio: messages are bytes, so no generated code is needed.
namespace retake {
namespace {

using Do = SnippetCall::Do;

constexpr std::string_view kServer = R"(

class RecordedCall(unittest.TestCase):
    def setUp(self):
        cli = os.environ.get("RETAKE_CLI", "retake-cli")
        self.server = subprocess.Popen([cli, "serve", RECORDING, "--listen", "127.0.0.1:0"],
                                       stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        line = self.server.stdout.readline()
        self.assertTrue(line.startswith("listening on "), line)
        self.channel = grpc.insecure_channel(line[len("listening on "):].strip(),
                                             options=[("grpc.max_receive_message_length", -1),
                                                      ("grpc.enable_http_proxy", 0)])
        self.addCleanup(self.channel.close)

    def stop(self):
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()

)";

constexpr std::string_view kPythonUnary = R"(    def exchange(self):
        try:
            call = self.channel.unary_unary(METHOD).with_call(REQUEST, timeout=TIMEOUT, metadata=METADATA)
            return [call[0]], call[1].code(), call[1].details()
        except grpc.RpcError as error:
            return [], error.code(), error.details()

)";

constexpr std::string_view kPythonStream = R"(    def exchange(self):
        requests = queue.SimpleQueue()
        call = self.channel.stream_stream(METHOD)(iter(requests.get, None), timeout=TIMEOUT, metadata=METADATA)
        received = []
        try:
            for step, message in STEPS:
                if step == "send":
                    requests.put(message)
                elif step == "half-close":
                    requests.put(None)
                elif step == "cancel":
                    call.cancel()
                else:
                    received.append(next(call))
            received.extend(call)
        except (grpc.RpcError, StopIteration):
            pass  # the status tells
        requests.put(None)
        return received, call.code(), call.details()

)";

std::string pythonSteps(const SnippetCall& call) {
  std::string text = "STEPS = [\n";
  for (const SnippetCall::Step& step : call.steps) {
    switch (step.what) {
      case Do::Send:
        text += "    (\"send\", " + pythonBytes(step.message) + "),\n";
        break;
      case Do::Receive:
        text += "    (\"receive\", " + pythonBytes(step.message) + "),\n";
        break;
      case Do::HalfClose:
        text += "    (\"half-close\", None),\n";
        break;
      case Do::Cancel:
        text += "    (\"cancel\", None),\n";
        break;
    }
  }
  return text + "]\n";
}

std::string expectedOf(const SnippetCall& call) {
  if (call.isStream) return "[message for step, message in STEPS if step == \"receive\"]";
  for (const SnippetCall::Step& step : call.steps)
    if (step.what == Do::Receive) return "[" + pythonBytes(step.message) + "]";
  return "[]";
}

Result<std::string> writePython(const SnippetCall& call, const Schema&) {
  std::string text = "# Call " + std::to_string(call.number) + " of " + inComment(call.fileName) + ", " +
                     inComment(call.method) +
                     ", made again.\n# Needs grpcio, and retake-cli in PATH or named by RETAKE_CLI.\n";
  text += call.isStream ? "import os\nimport queue\nimport subprocess\nimport unittest\n\nimport grpc\n\n"
                        : "import os\nimport subprocess\nimport unittest\n\nimport grpc\n\n";
  text += "RECORDING = " +
          (pythonText(call.path).ends_with(".decode()") ? "os.fsdecode(" + pythonBytes(call.path) + ")"
                                                        : pythonText(call.path)) +
          "\nMETHOD = " + pythonText(call.method) + "\n";
  text += "METADATA = [";
  for (const MetadataEntry& entry : call.metadata)
    text += "(" + pythonText(entry.key) + ", " +
            (isBinaryKey(entry.key) ? pythonBytes(entry.value) : pythonText(entry.value)) + "), ";
  if (!call.metadata.empty()) text.resize(text.size() - 2);
  text += "]\n";
  text += call.hasDeadline ? "TIMEOUT = 1.5  # seconds, which it ended by\n" : "TIMEOUT = 30  # seconds\n";
  text += call.isStream ? pythonSteps(call) : "REQUEST = " + pythonBytes(call.steps.front().message) + "\n";
  text += kServer;
  text += call.isStream ? kPythonStream : kPythonUnary;

  text += "    def test_call_" + std::to_string(call.number) + "(self):\n";
  if (call.equalBefore > 0)
    text +=
        "        # Equal calls were recorded before it, and are answered first.\n"
        "        for _ in range(" +
        std::to_string(call.equalBefore) + "):\n            self.exchange()\n";
  text += "        received, code, details = self.exchange()\n        self.assertEqual(received, " +
          expectedOf(call) + ")\n";
  if (call.checksCode)
    text += "        self.assertEqual(code, grpc.StatusCode." + statusCodeName(call.script.end.code) +
            ", details)\n";
  if (call.checksMessage)
    text += "        self.assertEqual(details, " + pythonText(call.script.end.message) + ")\n";
  return text + "\n\nif __name__ == \"__main__\":\n    unittest.main()\n";
}

}  // namespace

extern const Snippet kPythonSnippet;
const Snippet kPythonSnippet = {"python", "Python test", writePython};

}  // namespace retake
