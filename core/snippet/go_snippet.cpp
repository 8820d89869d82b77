#include "snippet/quoting.h"
#include "snippet/snippet.h"

// A test for Go's testing and google.golang.org/grpc: messages are bytes, so no generated code is needed.
namespace retake {
namespace {

using Do = SnippetCall::Do;

constexpr std::string_view kServe = R"(
// raw passes messages on as they are.
type raw struct{}

func (raw) Marshal(v interface{}) ([]byte, error) { return *v.(*[]byte), nil }
func (raw) Unmarshal(data []byte, v interface{}) error {
	*v.(*[]byte) = append([]byte{}, data...)
	return nil
}
func (raw) Name() string { return "proto" }

// serve starts the stand-in, and gives a connection to it.
func serve(t *testing.T) *grpc.ClientConn {
	cli := os.Getenv("RETAKE_CLI")
	if cli == "" {
		cli = "retake-cli"
	}
	server := exec.Command(cli, "serve", recording, "--listen", "127.0.0.1:0")
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Signal(os.Interrupt)
		server.Wait()
	})
	line, _ := bufio.NewReader(out).ReadString('\n')
	if !strings.HasPrefix(line, "listening on ") {
		t.Fatalf("expected \"listening on ADDR\", found %q", line)
	}
	connection, err := grpc.Dial("passthrough:///"+strings.TrimSpace(line[len("listening on "):]), grpc.WithInsecure(),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(math.MaxInt32)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}
)";

constexpr std::string_view kGoUnary = R"(
func exchange(connection *grpc.ClientConn) (received [][]byte, err error) {
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(context.Background(), sent), timeout)
	defer cancel()
	message := []byte(request)
	var answer []byte
	if err := connection.Invoke(ctx, method, &message, &answer); err != nil {
		return nil, err
	}
	return [][]byte{answer}, nil
}
)";

constexpr std::string_view kGoStream = R"(
func exchange(connection *grpc.ClientConn) (received [][]byte, err error) {
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(context.Background(), sent), timeout)
	defer cancel()
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err != nil {
		return nil, err
	}
	receive := func() error {
		var message []byte
		err := stream.RecvMsg(&message)
		if err == nil {
			received = append(received, message)
		}
		return err
	}
	for _, step := range steps {
		switch step.what {
		case "send":
			message := []byte(step.message)
			stream.SendMsg(&message) // where it fails, what is received tells why
		case "half-close":
			stream.CloseSend()
		case "cancel":
			cancel()
		case "receive":
			if err = receive(); err != nil {
				return received, ended(err)
			}
		}
	}
	for err == nil {
		err = receive()
	}
	return received, ended(err)
}

// ended is the error of a stream's end: none where it ended well.
func ended(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
)";

std::string metadataOf(const SnippetCall& call) {
  std::string text = "var sent = metadata.Pairs(";
  for (const MetadataEntry& entry : call.metadata)
    text += goString(entry.key) + ", " + goString(entry.value) + ", ";
  if (!call.metadata.empty()) text.resize(text.size() - 2);
  return text + ")\n";
}

std::string goSteps(const SnippetCall& call) {
  std::string text = "var steps = []struct{ what, message string }{\n";
  for (const SnippetCall::Step& step : call.steps) {
    switch (step.what) {
      case Do::Send:
        text += "\t{\"send\", " + goString(step.message) + "},\n";
        break;
      case Do::Receive:
        text += "\t{\"receive\", " + goString(step.message) + "},\n";
        break;
      case Do::HalfClose:
        text += "\t{\"half-close\", \"\"},\n";
        break;
      case Do::Cancel:
        text += "\t{\"cancel\", \"\"},\n";
        break;
    }
  }
  return text + "}\n";
}

std::string importsOf(bool isStream) {
  std::string text = "package recorded\n\nimport (\n\t\"bufio\"\n\t\"context\"\n";
  if (isStream) text += "\t\"io\"\n";
  return text +
         "\t\"math\"\n\t\"os\"\n\t\"os/exec\"\n\t\"strings\"\n\t\"testing\"\n\t\"time\"\n\n"
         "\t\"google.golang.org/grpc\"\n\t\"google.golang.org/grpc/metadata\"\n"
         "\t\"google.golang.org/grpc/status\"\n)\n\n";
}

Result<std::string> writeGo(const SnippetCall& call, const Schema&) {
  std::string text = "// Call " + std::to_string(call.number) + " of " + inComment(call.fileName) + ", " +
                     inComment(call.method) +
                     ", made again: a file recorded_test.go.\n"
                     "// Needs google.golang.org/grpc, and retake-cli in PATH or named by RETAKE_CLI.\n" +
                     importsOf(call.isStream) + "const recording = " + goString(call.path) +
                     "\nconst method = " + goString(call.method) + "\n";
  text += call.hasDeadline ? "const timeout = 1500 * time.Millisecond // which it ended by\n\n"
                           : "const timeout = 30 * time.Second\n\n";
  text += metadataOf(call);
  text += call.isStream ? goSteps(call) : "\nconst request = " + goString(call.steps.front().message) + "\n";
  text += kServe;
  text += call.isStream ? kGoStream : kGoUnary;

  text += "\nfunc TestCall" + std::to_string(call.number) + "(t *testing.T) {\n\tconnection := serve(t)\n";
  if (call.equalBefore > 0)
    text += "\t// Equal calls were recorded before it, and are answered first.\n\tfor i := 0; i < " +
            std::to_string(call.equalBefore) + "; i++ {\n\t\texchange(connection)\n\t}\n";
  text += "\treceived, err := exchange(connection)\n\texpected := []string{";
  bool any = false;
  for (const SnippetCall::Step& step : call.steps) {
    if (step.what != Do::Receive) continue;
    text += "\n\t\t" + goString(step.message) + ",";
    any = true;
  }
  text +=
      std::string(any ? "\n\t" : "") +
      "}\n\tif len(received) != len(expected) {\n"
      "\t\tt.Fatalf(\"expected %d messages, found %d: %v\", len(expected), len(received), err)\n\t}\n"
      "\tfor i := range expected {\n\t\tif string(received[i]) != expected[i] {\n"
      "\t\t\tt.Errorf(\"message %d: expected %q, found %q\", i+1, expected[i], received[i])\n\t\t}\n\t}\n";
  if (call.checksCode)
    text += "\tif code := status.Code(err); code != " + std::to_string(call.script.end.code) +
            " {\n\t\tt.Errorf(\"expected " + statusCodeName(call.script.end.code) +
            ", found %v: %v\", code, err)\n\t}\n";
  else
    text += "\tt.Log(status.Code(err)) // no end is recorded\n";
  if (call.checksMessage)
    text += "\tif text := status.Convert(err).Message(); text != " + goString(call.script.end.message) +
            " {\n\t\tt.Errorf(\"expected another text than %q\", text)\n\t}\n";
  return text + "}\n";
}

}  // namespace

extern const Snippet kGoSnippet;
const Snippet kGoSnippet = {"go", "Go test", writeGo};

}  // namespace retake
