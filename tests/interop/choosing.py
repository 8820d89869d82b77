"""Which recorded call answers, and what a stream does when its client does something else: each sentence of
what "as recorded" means that a client can see, with a client in Python and one in Go."""

import table
from client import stream, unary
from kinds import CHAT, GET, LIST, PUT, WATCH, took
from recordings import status_with_detail
from table import Row
from wire import field

OTHER = "/test.S/Other"


def overlapping(recording):
    first = recording.request(GET, "a")
    second = recording.request(GET, "a")
    recording.response(second, "of the second").response(first, "of the first")


def entry_of(key, value):
    """Of a map with string keys, field 3."""
    return field(3, field(1, key) + field(2, value))


MAP_ONE_WAY = field(1, "a") + entry_of("x", "1") + entry_of("y", "2")
MAP_THE_OTHER = field(1, "a") + entry_of("y", "2") + entry_of("x", "1")
LONG_VARINT = b"\x10\x85\x80\x00"  # field 2 is 5, in three bytes


def says(*sentences):
    def check(_, report):
        for sentence in sentences:
            assert sentence in report, f"expected serve to say {sentence!r}, found {report!r}"
    return check


def two_streams(recording):
    recording.stream(CHAT, "send a; recv from the first; end")
    recording.stream(CHAT, "send b; recv from the second; end")
    recording.stream(CHAT, "send a; recv from the third; end")


def interleaved(recording):
    first = recording.stream(CHAT)
    second = recording.stream(CHAT)
    recording.send(first, "a").send(second, "b").recv(second, "to b").recv(first, "to a")
    recording.end(first).end(second)


def sends_that_failed(recording):
    ref = recording.stream(PUT, "send a")
    recording.send_failed(ref).recv(ref, "1")


ROWS = [
    # Unary calls.
    Row("identical requests are answered in recorded order", lambda r: (r.unary(GET, "a", "1"), r.unary(GET, "a", "2")),
        [unary(GET, "a")] * 2, ["1 | OK", "2 | OK"]),
    Row("that of their RESPONSEs, where they overlap", overlapping, [unary(GET, "a")] * 2,
        ["of the second | OK", "of the first | OK"]),
    Row("other requests do not stand in the way", lambda r: (r.unary(GET, "a", "1"), r.unary(GET, "b", "2")),
        [unary(GET, "b"), unary(GET, "a")], ["2 | OK", "1 | OK"]),
    Row("without a schema the order of fields does not count",
        lambda r: r.unary(GET, field(1, "a") + field(2, 5), "1"), [unary(GET, field(2, 5) + field(1, "a"))], ["1 | OK"]),
    Row("nor does the form of varints", lambda r: r.unary(GET, field(2, 5), "1"), [unary(GET, LONG_VARINT)], ["1 | OK"]),
    Row("map order is a guess, marked in the log", lambda r: r.unary(GET, MAP_ONE_WAY, "1"),
        [unary(GET, MAP_THE_OTHER)], ["1 | OK"], check=says("call 1 /test.S/Get: ")),
    Row("a method recorded both as unary and as a stream: unary first",
        lambda r: (r.stream(GET, "send a; recv of the stream; end"), r.unary(GET, "a", "of the unary call")),
        [stream(GET, "send a; close; end")] * 2, ["of the unary call | OK", "of the stream | OK"]),
    # Which stream.
    Row("streams of one method are told apart by their first message, then by order", two_streams,
        [stream(CHAT, f"send {m}; recv; close; end") for m in "baa"],
        ["from the second | OK", "from the first | OK", "from the third | OK"]),
    Row("also at the same time, in any order", interleaved,
        [stream(CHAT, "send b; mark b is there; recv; close; end"),
         stream(CHAT, "await b is there; send a; recv; close; end")],
        ["to b | OK", "to a | OK"], parallel=True),
    Row("a recorded stream without SENDs fits any first message",
        lambda r: r.stream(WATCH, "recv 1; recv 2; end"), [stream(WATCH, "send what; close; end")],
        ["1 2 | OK"]),
    Row("streams that begin alike give what they share, and are told apart at the first message",
        lambda r: (r.stream(WATCH, "recv hello; send a; recv 1; end"), r.stream(WATCH, "recv hello; send b; recv 2; end")),
        [stream(WATCH, "recv; send b; recv; close; end")], ["hello 2 | OK"]),
    Row("where they differ before, it is the first",
        lambda r: (r.stream(WATCH, "recv hello; recv 1; end"), r.stream(WATCH, "recv hello; recv 2; end")),
        [stream(WATCH, "recv; recv; close; end")], ["hello 1 | OK"]),
    Row("if they are mixed: the one that begins with a RECV after 250 ms",
        lambda r: (r.stream(WATCH, "send a; recv 1; end"), r.stream(WATCH, "recv 2; end")),
        [stream(WATCH, "recv; close; end")], ["2 | OK"], check=took(0.2)),
    # What it does.
    Row("fewer SENDs than recorded still get the reply: the half-close releases everything",
        lambda r: r.stream(PUT, "send a; send b; send c; recv 3"), [stream(PUT, "send a; close; end")], ["3 | OK"],
        check=took(0, 0.9)),
    Row("one second without a message releases message RECVs",
        lambda r: r.stream(CHAT, "send a; send b; recv 1; end"), [stream(CHAT, "send a; recv; close; end")], ["1 | OK"],
        check=took(0.9, 9)),
    Row("a RECV waits for the SENDs that stand before it",
        lambda r: r.stream(CHAT, "send a; recv 1; send b; send c; recv 2; end"),
        [stream(CHAT, "send a; recv; send b; send c; recv; close; end")], ["1 2 | OK"], check=took(0, 0.9)),
    Row("SENDs marked is_error are neither awaited nor matched", sends_that_failed,
        [stream(PUT, "send a; close; end")], ["1 | OK"], check=took(0, 0.9)),
    Row("one message too many ends the stream with UNKNOWN", lambda r: r.stream(CHAT, "send a; recv 1; send b; recv 2; recv 3"),
        [stream(CHAT, "send a; recv; send b; recv; recv; send c; end")], ["1 2 3 | UNKNOWN: *"]),
    Row("a later SEND that differs is logged", lambda r: r.stream(CHAT, "send a; recv 1; send b; recv 2; end"),
        [stream(CHAT, "send a; recv; send x; recv; close; end")], ["1 2 | OK"], check=says("diverged at message 2")),
    Row("and fails the call with --strict-streams", lambda r: r.stream(CHAT, "send a; recv 1; send b; recv 2; end"),
        [stream(CHAT, "send a; recv; send x; recv; close; end")], ["1 | UNKNOWN: *"], options=("--strict-streams",)),
    Row("a stream without an end: one RECV as the last entry is a client stream, OK at the half-close",
        lambda r: r.stream(PUT, "send a; send b; recv 2"), [stream(PUT, "send a; send b; close; end")], ["2 | OK"]),
    Row("a stream without an end: otherwise it is held until the client ends",
        lambda r: r.stream(CHAT, "send a; recv 1; recv 2"), [stream(CHAT, "send a; recv; recv; cancel; end")],
        ["1 2 | CANCELLED*"]),
    Row("a cut stream gives what was recorded before the cut",
        lambda r: r.stream(LIST, "send a; recv 1; end UNAVAILABLE lost"), [stream(LIST, "send a; close; end")],
        ["1 | UNAVAILABLE: lost"]),
    Row("a failed CREATE_STREAM uses the stream up",
        lambda r: (r.stream(CHAT, failure=status_with_detail("ABORTED", "no")), r.stream(CHAT, "send a; recv 1; end")),
        [stream(CHAT, "send a; end"), stream(CHAT, "send a; recv; close; end")], [" | ABORTED: no", "1 | OK"]),
    Row("used means matched, also if the client then vanishes",
        lambda r: (r.stream(CHAT, "send a; recv 1; send b; recv 2; end"), r.stream(CHAT, "send a; recv 3; end")),
        [stream(CHAT, "send a; recv; cancel; end"), stream(CHAT, "send a; recv; close; end")],
        ["1 | CANCELLED*", "3 | OK"]),
    # Reuse.
    Row("used up, with --reuse once, is a miss", lambda r: r.unary(GET, "a", "1"), [unary(GET, "a")] * 2,
        ["1 | OK", " | UNKNOWN: *"]),
    Row("with --reuse last the last answer is repeated", lambda r: (r.unary(GET, "a", "1"), r.unary(GET, "a", "2")),
        [unary(GET, "a")] * 4, ["1 | OK", "2 | OK", "2 | OK", "2 | OK"], options=("--reuse", "last")),
    Row("with --reuse cycle they start again", lambda r: (r.unary(GET, "a", "1"), r.unary(GET, "a", "2")),
        [unary(GET, "a")] * 5, ["1 | OK", "2 | OK", "1 | OK", "2 | OK", "1 | OK"], options=("--reuse", "cycle")),
    Row("streams with --reuse last", lambda r: (r.stream(LIST, "send a; recv 1; end"), r.stream(LIST, "send a; recv 2; end")),
        [stream(LIST, "send a; close; end")] * 3, ["1 | OK", "2 | OK", "2 | OK"], options=("--reuse", "last")),
    Row("streams with --reuse cycle", lambda r: (r.stream(LIST, "send a; recv 1; end"), r.stream(LIST, "send a; recv 2; end")),
        [stream(LIST, "send a; close; end")] * 3, ["1 | OK", "2 | OK", "1 | OK"], options=("--reuse", "cycle")),
    # Ignoring.
    Row("an ignored field is not compared", lambda r: r.unary(GET, field(1, "a") + field(2, "id 1"), "1"),
        [unary(GET, field(1, "a") + field(2, "id 2"))], ["1 | OK"], options=("--ignore", "/test.S/Get:2")),
    Row("the others are", lambda r: r.unary(GET, field(1, "a") + field(2, "id 1"), "1"),
        [unary(GET, field(1, "b") + field(2, "id 2"))], [" | UNKNOWN: *"], options=("--ignore", "/test.S/Get:2")),
    Row("a wildcard reaches into elements, and any method",
        lambda r: r.unary(GET, field(1, field(2, "x")) + field(1, field(2, "y")), "1"),
        [unary(GET, field(1, field(2, "p")) + field(1, field(2, "q")))], ["1 | OK"], options=("--ignore", "*:1[*].2")),
    Row("a rule of another method changes nothing", lambda r: (r.unary(GET, "a", "1"), r.unary(OTHER, "a", "1")),
        [unary(GET, "b")], [" | UNKNOWN: *"], options=("--ignore", "/test.S/Other:1")),
    Row("metadata is not compared", lambda r: r.response(r.request(GET, "a", request_metadata=(("x-tenant", "t"),)), "1"),
        [unary(GET, "a", metadata=(("x-tenant", "u"),))], ["1 | OK"]),
    Row("unless a rule asks for it",
        lambda r: (r.response(r.request(GET, "a", request_metadata=(("x-tenant", "t"),)), "of t"),
                   r.response(r.request(GET, "a", request_metadata=(("x-tenant", "u"),)), "of u")),
        [unary(GET, "a", metadata=(("x-tenant", tenant),)) for tenant in "uv"], ["of u | OK", " | UNKNOWN: *"],
        options=("--compare-metadata", "test.S/*:x-tenant")),
    # Calls that are there all the same.
    Row("a method that is not there is UNIMPLEMENTED", lambda r: r.unary(GET, "a", "1"), [unary(OTHER, "a")],
        [" | UNIMPLEMENTED: *"]),
    Row("what cannot be sent is a problem, not a crash",
        lambda r: r.response(r.request(GET, "a"), "1", trailers=(("Not Legal", "x"), ("x-fine", "y"))),
        [unary(GET, "a")] * 2, ["1 | OK", " | UNKNOWN: *"]),
]

if __name__ == "__main__":
    table.main(ROWS)
