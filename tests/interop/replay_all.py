"""Sends every recorded request of every recording to `retake-cli serve`, and wants every recorded answer:
message, code, text and details. A client without a schema, written against gRPC in another language."""

import collections
import functools
import glob
import os
import random

import player
import replay_file
import report
from serving import serve

SEEDS = (1, 2, 3)


def play_in_order(path, channel):
    """Entry by entry: streams stay open as long as they did, and interleave as they did. Gives the calls."""
    _, entries, calls = replay_file.read(path)
    by_entry = {e.index: call for call in calls for e in call.entries}
    # Equal requests get their answers in the order of the RESPONSEs.
    answers = collections.defaultdict(collections.deque)
    for call in sorted((c for c in calls if not c.is_stream), key=lambda c: c.entries[-1].index):
        answers[call.key()].append(call.answer())
    streams = {}
    for entry in entries:
        call = by_entry[entry.index]
        place = f"{os.path.basename(path)}: call {call.number} {call.method}"
        if entry.kind == replay_file.REQUEST:
            wrong = player.difference(player.unary(channel, call), answers[call.key()].popleft())
            assert not wrong, f"{place}: {wrong}"
        elif entry.kind == replay_file.CREATE_STREAM:
            streams[call.number] = player.Stream(channel, call)
        elif call.is_stream:
            streams[call.number].step(entry)
        if call.is_stream and entry is call.entries[-1]:
            wrong = player.difference(streams[call.number].finish(), call.answer())
            assert not wrong, f"{place}: {wrong}"
    return calls


def in_recorded_order(path, *options):
    with serve(path, *options) as server, player.open_channel(server.address) as channel:
        calls = play_in_order(path, channel)
        server.stop()
        assert_all_served(server, calls)


def shuffled(path, seed, *options):
    """Any answer that is left of an equal request is right."""
    _, _, calls = replay_file.read(path)
    left = collections.defaultdict(list)
    for call in calls:
        left[call.key()].append(call.answer())
    order = random.Random(seed).sample(calls, len(calls))
    with serve(path, *options) as server, player.open_channel(server.address) as channel:
        for call in order:
            got = player.play(channel, call)
            candidates = left[call.key()]
            place = f"{os.path.basename(path)}, seed {seed}: call {call.number} {call.method}"
            if got in candidates:
                candidates.remove(got)
            else:
                raise AssertionError(f"{place}: {player.difference(got, candidates[0])}; {len(candidates)} answers left")
        server.stop()
        assert_all_served(server, calls)


def assert_all_served(server, calls):
    # The client leaves a call whose end is not recorded; a server that had not read it by then never counts it.
    unended = sum(call.answer()[1] is None for call in calls)
    words = f"served {len(calls) - unended}, missed 0, forwarded 0, aborted "
    assert words in server.report, f"expected {words!r} in the report, found {server.report.strip()!r}"
    aborted = int(server.report.split(words)[1].split("\n")[0])
    assert aborted <= unended, f"expected at most {unended} aborted calls, found {server.report.strip()!r}"
    if not unended:
        words = "every recorded call was asked for"
        assert words in server.report, f"expected {words!r} in the report, found {server.report.strip()!r}"


def real_recordings():
    folder = report.recordings()
    files = sorted(glob.glob(os.path.join(folder, "go-cloud", "*.replay")))
    assert len(files) == 32, f"{folder}/go-cloud: expected 32 recordings, found {len(files)}"
    return [(f, os.path.join(folder, "go-cloud", "googleapis.protoset")) for f in files] + [
        (os.path.join(folder, "intstore.replay"), os.path.join(folder, "intstore.protoset"))]


def tests():
    sample = report.here("..", "..", "resources", "samples", "depot")
    files = [(sample + ".replay", sample + ".proto")]
    try:
        files += real_recordings()
    except report.Skip as why:
        message = str(why)

        def skip():
            raise report.Skip(message)

        yield "real recordings", skip
    for path, schema in files:
        name = os.path.basename(path)
        for mode, options in (("", ()), (" with its schema", ("--schema", schema))):
            yield f"{name} in recorded order{mode}", functools.partial(in_recorded_order, path, *options)
        for seed in SEEDS:
            options = ("--schema", schema) if seed == SEEDS[-1] else ()
            yield f"{name} shuffled, seed {seed}{' with its schema' if options else ''}", \
                functools.partial(shuffled, path, seed, *options)


if __name__ == "__main__":
    report.run(tests())
