"""Recordings that Retake has scrubbed: their original clients, with real values, before `retake-cli serve` with the
same rules; and before the Go package itself, with a BeforeFunc."""

import collections
import contextlib
import functools
import os
import re
import tempfile

import player
import recordings
import replay_all
import replay_file
import report
import wire
from oracle import judge, intstore
from serving import cli, cli_ok, serve

TOKEN = re.compile(rb"scrubbed-[0-9a-hjkmnp-z]{32}")

# What goes over the recordings, from all of their text to a little of it.
RULES = {
    "every text is hashed": 'rule { name: "all" any: STRING hash {} }',
    "names within texts are hashed": 'rule { name: "projects" pattern: "projects/[\\\\w-]+" hash {} }',
    "what requests hold is hashed": 'rule { name: "requests" scope: "dir:out" any: STRING hash {} }',
}


@contextlib.contextmanager
def scrubbed(path, rules, *options):
    """(the scrubbed file, what to serve it with)."""
    with tempfile.TemporaryDirectory() as folder:
        rule_file, key_file = os.path.join(folder, "rules.txt"), os.path.join(folder, "key")
        with open(rule_file, "w", encoding="utf-8") as f:
            f.write(rules)
        with open(key_file, "w", encoding="utf-8") as f:
            f.write("a key of this test alone")
        with_rules = ("--rules", rule_file, "--key-file", key_file)
        out = os.path.join(folder, "scrubbed.replay")
        # What is left of short or unrelated values is no matter here.
        cli_ok("scrub", path, "-o", out, *with_rules, *options, "--force")
        yield out, with_rules


def is_in_terms(got, original, token):
    """Whether each field of an answer is the original one, or the one that the scrubbed recording has."""
    if got in (original, token):
        return True
    try:
        fields = [wire.fields(data) for data in (got, original, token)]
    except wire.NotProtobuf:
        fields = []
    if not fields or len({tuple((n, k) for n, k, _, _ in one) for one in fields}) != 1:
        # Text: what has been put back stands where a token stood.
        return all(part in original for part in TOKEN.split(got))
    return all(g == o or (kind == 2 and is_in_terms(g, o, t))
               for (_, kind, g, _), (_, _, o, _), (_, _, t, _) in zip(*fields))


def original_client(path, rules, *options):
    """Entry by entry, with the messages of the original recording."""
    _, entries, calls = replay_file.read(path)
    by_entry = {e.index: call for call in calls for e in call.entries}
    with scrubbed(path, rules, *options) as (file, with_rules):
        changed = {c.number: c for c in replay_file.read(file)[2]}
        assert any(c.answer() != changed[c.number].answer() or c.sends != changed[c.number].sends for c in calls), \
            "the rules have changed nothing"
        answers = collections.defaultdict(collections.deque)
        for call in sorted((c for c in calls if not c.is_stream), key=lambda c: c.entries[-1].index):
            answers[call.key()].append(call)
        back = collections.Counter()

        def check(call, got):
            place = f"{os.path.basename(path)}: call {call.number} {call.method}"
            (messages, end), (others, other_end) = call.answer(), changed[call.number].answer()
            assert len(got[0]) == len(messages), f"{place}: {player.difference(got, call.answer())}"
            for g, o, t in zip(got[0], messages, others):
                assert is_in_terms(g, o, t), f"{place}: expected {o!r} or {t!r}, found {g!r}"
                back["whole" if g == o else "with tokens"] += 1
                assert not (TOKEN.search(g) and not TOKEN.search(t)), f"{place}: a token that is not recorded: {g!r}"
            assert (got[1] is None) == (end is None) and (end is None or got[1].code == end.code), \
                f"{place}: {player.difference(got, call.answer())}"
            assert end is None or is_in_terms(got[1].message.encode(), end.message.encode(),
                                              other_end.message.encode()), \
                f"{place}: expected {end.message!r}, found {got[1].message!r}"

        streams = {}
        with serve(file, *options, *with_rules) as server, player.open_channel(server.address) as channel:
            for entry in entries:
                call = by_entry[entry.index]
                if entry.kind == replay_file.REQUEST:
                    answered = answers[call.key()].popleft()
                    check(answered, player.unary(channel, call))
                elif entry.kind == replay_file.CREATE_STREAM:
                    streams[call.number] = player.Stream(channel, call)
                elif call.is_stream:
                    streams[call.number].step(entry)
                if call.is_stream and entry is call.entries[-1]:
                    check(call, streams[call.number].finish())
            server.stop()
            replay_all.assert_all_served(server, calls)
        if any(c.sends != changed[c.number].sends for c in calls):
            without_rules(file, calls, changed, *options)
        return back


def without_rules(file, calls, changed, *options):
    """What the rules have changed is missed, and the miss says so."""
    call = next(c for c in calls if c.sends[:1] != changed[c.number].sends[:1])
    with serve(file, *options) as server, player.open_channel(server.address) as channel:
        _, end = player.play(channel, call)
        assert end.code == 2 and "scrub rules are off" in end.message, \
            f"expected UNKNOWN that says that scrub rules are off, found {end}"
        server.stop()
        assert "scrub rules are off" in server.report, server.report


def the_real_recordings_are_mostly_put_back():
    """Every text is hashed, and a service mostly answers with what it was told."""
    path, schema = intstore()
    back = original_client(path, RULES["every text is hashed"], "--schema", schema)
    assert back["with tokens"] == 0, back


def nothing_real_is_told():
    """A miss, in the client's text and in the log, has nothing that the rules take out."""
    recording = recordings.Recording()
    recording.unary("/t.S/M", "alice@shop.test", "fine")
    with tempfile.TemporaryDirectory() as folder:
        path = recording.write(os.path.join(folder, "calls.replay"))
        rules = 'rule { name: "mail" pattern: "\\\\w+@[\\\\w.]+" hash {} }'
        with scrubbed(path, rules) as (file, with_rules):
            for served in (file, path):
                with serve(served, *with_rules, "--log", "json") as server, \
                        player.open_channel(server.address) as channel:
                    call = replay_file.read(path)[2][0]
                    call.entries[0].message = wire.field(1, "bob@shop.test")
                    _, end = player.unary(channel, call)
                    assert end.code == 2 and "scrubbed-" in end.message, end
                    server.process.terminate()
                    log, server.report = server.process.communicate(timeout=30)
                    for told in (end.message, log, server.report):
                        assert "@shop.test" not in told, told


def the_go_package_replays_it():
    program = os.path.join(os.path.dirname(report.tool("RETAKE_GO_CLIENT", "Go client")), "scrubbed")
    path, schema = intstore()
    rules = """
      rule { name: "names" scope: "kind=unary" field: "name" hash {} }
      rule { name: "listed" scope: "method:ListItems" field: "name" hash {} }"""
    for how in ((), ("--plain",)):
        with scrubbed(path, rules, "--schema", schema, *how) as (file, with_rules):
            assert "scrubbed: ok" in judge(program, file, with_rules[-1])


def tests():
    yield "a miss tells nothing that the rules take out", nothing_real_is_told
    sample = report.here("..", "..", "resources", "samples", "depot")
    files = [(sample + ".replay", sample + ".proto")]
    try:
        files += replay_all.real_recordings()
    except report.Skip as why:
        message = str(why)

        def skip():
            raise report.Skip(message)

        yield "real recordings", skip
    else:
        yield "what the client has sent is put back", the_real_recordings_are_mostly_put_back
        yield "the Go package replays a scrubbed recording with a BeforeFunc", the_go_package_replays_it
    for i, (path, schema) in enumerate(files):
        for k, (name, rules) in enumerate(RULES.items()):
            if "projects/" in rules and "go-cloud" not in path:
                continue
            # In turns with its schema and without.
            for options in ((("--schema", schema), ()) if i < 2 else ((("--schema", schema),) if (i + k) % 2 else ((),))):
                with_schema = " with its schema" if options else ""
                yield f"{os.path.basename(path)}: {name}{with_schema}", \
                    functools.partial(original_client, path, rules, *options)


if __name__ == "__main__":
    report.run(tests())
