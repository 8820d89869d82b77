"""The real Go package judges: it opens what Retake wrote, replays it, counts the same entries, and its
client talks to `retake-cli serve`."""

import collections
import functools
import glob
import os
import re
import subprocess
import tempfile

import replay_file
import report
from serving import cli_ok, info, serve

PRINTED = re.compile(r"^#\d+: kind: (\w+), method: (\S*), ref index: (\d+)", re.M)


def ask(program, *arguments):
    """Runs a Go program: (exit code, output)."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=120)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def judge(program, *arguments):
    code, output = ask(program, *arguments)
    assert code == 0, f"{os.path.basename(program)} {' '.join(map(str, arguments))}: exit {code}: {output.strip()}"
    return output


def oracle():
    return report.tool("RETAKE_ORACLE", "oracle")


def intstore():
    folder = report.recordings()
    return os.path.join(folder, "intstore.replay"), os.path.join(folder, "intstore.protoset")


def real_files():
    folder = report.recordings()
    schema = os.path.join(folder, "go-cloud", "googleapis.protoset")
    return [(f, schema) for f in sorted(glob.glob(os.path.join(folder, "go-cloud", "*.replay")))] + [intstore()]


def records(path):
    with open(path, "rb") as f:
        return list(replay_file.records(f.read()))


def go_client_passes_again_after_a_restart():
    program, (recording, schema) = oracle(), intstore()
    for options in ((), ("--schema", schema), ()):
        with serve(recording, "--verify", *options) as server:
            assert "script: ok" in judge(program, "client", server.address)
            assert server.stop() == 0, server.report


def go_client_of_the_sample_passes():
    program = report.tool("RETAKE_DEPOT", "client of the sample")
    sample = report.here("..", "..", "resources", "samples", "depot")
    for options in ((), ("--schema", sample + ".proto")):
        with serve(sample + ".replay", "--verify", *options) as server:
            try:
                judge(program, "client", server.address)
            except AssertionError as failed:
                # It books one parcel twice, with a map that Go writes in any order. Only a schema tells a map from
                # a list: without one, the recorded request of the same order comes first, and may be the second.
                if options or not str(failed).rstrip().endswith("Tidewater Café: got OK (<nil>), want ResourceExhausted"):
                    raise
                continue
            assert server.stop() == 0, server.report


def counts_agree(path):
    printed = PRINTED.findall(judge(oracle(), "print", path))
    told = info(path)
    begun = collections.Counter(method for kind, method, _ in printed if kind in ("REQUEST", "CREATE_STREAM"))
    assert told["entries"] == len(printed), f"entries: expected {len(printed)}, found {told['entries']}"
    calls = sum(begun.values())
    assert told["calls"] == calls, f"calls: expected {calls}, found {told['calls']}"
    assert told["problems"] == [], f"problems: expected none, found {told['problems']}"
    initial = len(replay_file.read(path)[0])
    assert told["initial_state_bytes"] == initial, f"initial state: expected {initial} B, found {told}"
    methods = collections.Counter()
    for row in told["methods"]:
        methods[row["method"]] += row["calls"]
    assert methods == begun, f"methods: expected {dict(begun)}, found {methods}"


def edits_of(path, schema):
    """(edit options, index of the record that changes) for the first unary call, the last, and the first stream
    message that was received. An empty message fits every type."""
    _, _, calls = replay_file.read(path)
    unary = [c for c in calls if not c.is_stream]
    for call in unary[:1] + unary[-1:]:
        place = call.entries[-1].index
        if not call.entries[-1].is_error:
            yield ("--schema", schema, "--call", call.number, "--response", "{}"), place
        yield ("--call", call.number, "--status", "ABORTED:edited"), place
    for call in [c for c in calls if c.is_stream][:1]:
        messages = [e for e in call.entries if e.kind in (replay_file.SEND, replay_file.RECV) and not e.is_error]
        for k, entry in enumerate(messages, 1):
            yield ("--schema", schema, "--call", call.number, "--message", k, "{}"), entry.index


def go_loads_what_is_saved(path, schema):
    program = oracle()
    with tempfile.TemporaryDirectory() as folder:
        saved = os.path.join(folder, "saved.replay")
        cli_ok("edit", path, "-o", saved)
        with open(path, "rb") as a, open(saved, "rb") as b:
            assert a.read() == b.read(), "saved without an edit, the bytes differ"
        judge(program, "load", saved)
        before = records(path)
        changes = 0
        for options, changed in edits_of(path, schema):
            cli_ok("edit", path, "-o", saved, *options)
            judge(program, "load", saved)
            after = records(saved)
            differing = [i for i, pair in enumerate(zip(before, after)) if pair[0] != pair[1]]
            # An edit to what was there already changes nothing.
            assert len(before) == len(after) and differing in ([], [changed]), \
                f"edit {options}: expected a change of record {changed} alone, found {differing}"
            changes += len(differing)
        assert changes > 0, "no edit changed anything"


def go_replays_an_edited_recording():
    program, (path, schema) = oracle(), intstore()
    with tempfile.TemporaryDirectory() as folder:
        edited = os.path.join(folder, "edited.replay")
        cli_ok("edit", path, "-o", edited, "--schema", schema, "--call", 2, "--response", '{"name": "a", "value": 99}')
        cli_ok("edit", edited, "-i", "--call", 3, "--status", "NOT_FOUND:gone, says the editor")
        cli_ok("edit", edited, "-i", "--schema", schema, "--call", 4, "--message", 2, '{"name": "renamed", "value": 7}')
        outputs = [judge(program, "replay", edited)]
        with serve(edited, "--verify") as server:
            outputs.append(judge(program, "client", server.address))
        for output in outputs:
            for line in ("Get a: 99", "Get x: gone, says the editor", "ListItems: renamed 7", "script: ok"):
                assert line in output, f"expected {line!r}, found {output!r}"
        # The script notices an edit that it does look at: the judge is awake.
        cli_ok("edit", path, "-o", edited, "--schema", schema, "--call", 1, "--response", '{"prevValue": 5}')
        code, output = ask(program, "replay", edited)
        assert code == 1 and "Set a" in output, f"expected a complaint about Set a, found exit {code}: {output}"


def tests():
    yield "the Go client passes against serve, and again after a restart", go_client_passes_again_after_a_restart
    yield "the Go client of the sample passes against serve", go_client_of_the_sample_passes
    yield "the Go package replays an edited recording", go_replays_an_edited_recording
    try:
        files = real_files()
    except report.Skip as why:
        message = str(why)

        def skip():
            raise report.Skip(message)

        yield "the Go package on every real recording", skip
        return
    for path, schema in files:
        name = os.path.basename(path)
        yield f"info counts what the Go package prints: {name}", functools.partial(counts_agree, path)
        yield f"the Go package loads what is saved: {name}", functools.partial(go_loads_what_is_saved, path, schema)


if __name__ == "__main__":
    report.run(tests())
