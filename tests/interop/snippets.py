"""What calls are copied as, run: Python and Go tests, C++ programs, and grpcurl's command line."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

import report

PROTO = report.here("snippets", "calls.proto")
SAMPLE = report.here("..", "..", "resources", "samples", "depot.replay")
SAMPLE_PROTO = report.here("..", "..", "resources", "samples", "depot.proto")
# Stands in for grpcurl, which Debian does not have: tells what it was started with.
GRPCURL = """#!/usr/bin/python3
import json, sys
print(json.dumps({"argv": sys.argv[1:], "input": sys.stdin.read() if "@" in sys.argv else None}))
"""


def cli(*arguments):
    program = report.tool("RETAKE_CLI", "retake-cli")
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60)


def copied(path, call, kind, *options):
    done = cli("copy", path, "--call", str(call), "--as", kind, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def edges():
    return os.path.join(os.environ["RETAKE_SNIPPETS"], "calls.replay")


def calls_of(path):
    return range(1, json.loads(cli("info", path, "--json").stdout)["calls"] + 1)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def run_python(folder, path, call):
    name = write(os.path.join(folder, f"test_{call}.py"), copied(path, call, "python"))
    return subprocess.run([sys.executable, "-W", "error", "-B", name], capture_output=True, text=True, timeout=120)


def python(path):
    def test():
        with tempfile.TemporaryDirectory() as folder:
            for call in calls_of(path):
                done = run_python(folder, path, call)
                assert done.returncode == 0 and "Ran 1 test" in done.stderr, f"call {call}: {done.stderr}"
    return test


def go(path):
    def test():
        if not shutil.which("go"):
            raise report.Skip("no Go")
        with tempfile.TemporaryDirectory() as folder:
            for call in calls_of(path):
                write(os.path.join(folder, "src", "calls", f"call{call}", "recorded_test.go"), copied(path, call, "go"))
            cache = os.environ.get("GOCACHE") or os.path.join(tempfile.gettempdir(), "go-build-cache")
            environment = {**os.environ, "GOPATH": folder + ":/usr/share/gocode", "GO111MODULE": "off", "GOFLAGS": "",
                           "GOCACHE": cache}
            done = subprocess.run(["go", "test", "calls/..."], capture_output=True, text=True, timeout=600,
                                  env=environment)
            passed = [line for line in done.stdout.splitlines() if line.startswith("ok")]
            assert done.returncode == 0 and len(passed) == len(calls_of(path)), done.stdout + done.stderr
    return test


def cpp():
    folder = os.environ["RETAKE_SNIPPETS"]
    programs = [name for name in os.listdir(folder) if name.startswith("snippet_cpp_")]
    assert len(programs) == 4, programs
    for program in programs:
        done = subprocess.run([os.path.join(folder, program)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{program}: {done.stderr}"


def a_changed_answer_is_noticed():
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(edges(), os.path.join(folder, "calls.replay"))
        for call, change in ((1, ("--status", "UNAVAILABLE:x")), (5, ("--message", "2", '{"text": "z"}')),
                             (7, ("--status", "ABORTED:x"))):
            assert run_python(folder, path, call).returncode == 0
            done = cli("edit", path, "-i", "--schema", PROTO, "--call", str(call), *change)
            assert done.returncode == 0, done.stderr
            name = os.path.join(folder, f"test_{call}.py")
            done = subprocess.run([sys.executable, "-B", name], capture_output=True, text=True, timeout=120)
            assert done.returncode == 1 and "AssertionError" in done.stderr, done.stderr


def run_grpcurl(folder, text):
    with open(os.path.join(folder, "grpcurl"), "w", encoding="ascii") as file:
        file.write(GRPCURL)
    os.chmod(file.name, 0o755)
    name = write(os.path.join(folder, "command.sh"), text)
    done = subprocess.run(["sh", name], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def documents(text):
    found, at, decoder = [], 0, json.JSONDecoder()
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        found.append(value)
    return found


def grpcurl():
    awkward = 'it\'s "so" $HOME `id` \\n ??/ 100% #\n\tEND\n'
    every = bytes(range(255, -1, -1)) + bytes(range(256))
    with tempfile.TemporaryDirectory() as folder:
        got = run_grpcurl(folder, copied(edges(), 12, "grpcurl", "--schema", PROTO))
        assert got["argv"] == ["-plaintext", "-H", "key: it's $1 \\", "-H", "key-bin: " + base64.b64encode(every).decode(),
                               "-H", "key: again", "-d", got["argv"][8], "127.0.0.1:50051", "edge.S/Get"], got
        assert json.loads(got["argv"][8]) == {"text": "metadata"}, got
        for call, method, sent in ((1, "Get", [{"raw": base64.b64encode(every).decode()}]),
                                   (6, "Fill", [{"text": "a"}, {"text": awkward}]),
                                   (7, "Chat", [{"text": "a"}, {"text": "d"}]), (10, "Greet", []),
                                   (5, "List", [{"text": awkward}])):
            got = run_grpcurl(folder, copied(edges(), call, "grpcurl", "--schema", PROTO))
            data = got["argv"][got["argv"].index("-d") + 1]
            assert got["argv"][-2:] == ["127.0.0.1:50051", "edge.S/" + method], got
            assert documents(got["input"] if data == "@" else data) == sent, got
        for call in calls_of(SAMPLE):
            got = run_grpcurl(folder, copied(SAMPLE, call, "grpcurl", "--schema", SAMPLE_PROTO))
            assert got["argv"][-1].startswith("depot.v1.Depot/"), got


def without_a_schema():
    with tempfile.TemporaryDirectory() as folder:
        name = write(os.path.join(folder, "command.sh"), copied(edges(), 1, "grpcurl"))
        done = subprocess.run(["sh", name], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done


def what_cannot_be_copied():
    for arguments, sentence in ((("--call", "1", "--as", "rust"), 'expected grpcurl, cpp, go or python, found "rust"'),
                                (("--call", "17", "--as", "go"), "expected a call from 1 to 16, found 17"),
                                (("--call", "x", "--as", "go"), "--call: expected a number")):
        done = cli("copy", edges(), *arguments)
        assert done.returncode == 2 and sentence in done.stderr and not done.stdout, done
    done = cli("copy", "-", "--call", "1", "--as", "go")
    assert done.returncode == 2 and "expected a file" in done.stderr, done


if __name__ == "__main__":
    report.run([("each call as a Python test", python(edges())),
                ("each call of the sample as a Python test", python(SAMPLE)),
                ("each call as a Go test", go(edges())),
                ("calls as C++ programs", cpp),
                ("a test notices another answer", a_changed_answer_is_noticed),
                ("grpcurl gets what was recorded", grpcurl),
                ("a command without a schema does nothing", without_a_schema),
                ("what cannot be copied is said", what_cannot_be_copied)])
