"""What serve is told to do besides: pace, forwarding, a workspace file; with a client in Python and one in Go."""

import contextlib
import functools
import json
import os
import tempfile

import client
import report
import table
import wire
from client import stream, unary
from endpoints import Certificates, Endpoint, Target
from kinds import CHAT, DETAILED, GET, LIST, PUT, WATCH, took
from recordings import Recording
from serving import cli, serve
from table import Row, TCP, served
from wire import field

PUBLISH = "/test.S/Publish"


def timed(recording):
    """Half a second before the answer, and 1.5 s between two messages of a stream."""
    ref = recording.request(GET, "a", time=1000.0)
    recording.response(ref, "1", time=1000.5)
    ref = recording.stream(LIST, time=1010.0)
    recording.send(ref, "a", time=1010.0).recv(ref, "1", time=1010.0).recv(ref, "2", time=1011.5)
    recording.end(ref, time=1011.5)


def published(recording):
    """A subscriber hears what somebody else publishes, on another connection."""
    subscriber = recording.stream(WATCH)
    recording.send(subscriber, "from the start")
    recording.unary(PUBLISH, "news", "done")
    recording.recv(subscriber, "news").end(subscriber)


SUBSCRIBER = "send from the start; mark subscribed; recv; note heard; mark heard; close; end"


def causal_rows():
    publisher = stream(PUBLISH, "await subscribed; note published; send news; close; end")
    hears_first = stream(PUBLISH, "await heard; note published; send news; close; end")

    def bound_told(result, told):
        assert "call 1" in told, f"expected a note about call 1, found {told!r}"
        assert result.calls[0].seconds >= 0.4, f"expected to wait 0.5 s, found {result.calls[0].seconds}"

    def as_streams(recording):
        subscriber = recording.stream(WATCH)
        recording.send(subscriber, "from the start")
        recording.stream(PUBLISH, "send news; recv done; end")
        recording.recv(subscriber, "news").end(subscriber)

    both = ["news | OK", "done | OK"]
    return [
        Row("causal: a subscriber does not hear of what has not been published", as_streams,
            [stream(WATCH, SUBSCRIBER), publisher], both, options=("--pace", "causal"), parallel=True,
            order=["published", "heard"]),
        Row("without it, it hears at once", as_streams, [stream(WATCH, SUBSCRIBER), hears_first], both,
            parallel=True, order=["heard", "published"]),
        Row("a causal wait is bounded; on running out it answers and says so", published,
            [stream(WATCH, SUBSCRIBER)], ["news | OK"], options=("--pace", "causal", "--causal-bound", "0.5"),
            check=bound_told),
    ]


ROWS = [
    Row("immediate: recorded times do not count", timed, [stream(LIST, "send a; close; end")], ["1 2 | OK"],
        check=took(0, 1.2)),
    Row("at the recorded times", timed, [stream(LIST, "send a; close; end")], ["1 2 | OK"],
        options=("--pace", "recorded"), check=took(1.3, 6)),
    Row("at the recorded times, with a speed", timed, [stream(LIST, "send a; close; end")], ["1 2 | OK"],
        options=("--pace", "recorded", "--speed", "3"), check=took(0.4, 1.4)),
    Row("a unary call at the recorded times", timed, [unary(GET, "a")], ["1 | OK"],
        options=("--pace", "recorded"), check=took(0.4, 5)),
    *causal_rows(),
]


# Forwarding: the upstream is another stand-in, with a recording of its own.

def real_service(recording):
    asked = (("x-tenant", "t"), ("x-raw-bin", b"\x00\xff"))
    told, cost = (("x-served-by", "real"), ("x-raw-bin", b"\xff\x00")), (("x-cost", "7"),)
    recording.response(recording.request(GET, "new", request_metadata=asked), "real", headers=told, trailers=cost)
    recording.response(recording.request(GET, "bad"), DETAILED, is_error=True, trailers=cost)
    recording.stream(CHAT, "send a; recv 1; send b; recv 2; recv 3; end ABORTED enough")
    recording.stream(PUT, "send a; send b; recv 2")
    recording.stream(WATCH, "recv 0; send a; recv 1; end")
    recording.stream(LIST, "send held; recv 1; recv 2")


FORWARDED = [
    ("a unary call, with metadata both ways", unary(GET, "new", metadata=(("x-tenant", "t"), ("x-raw-bin", b"\x00\xff"))),
     "real | OK"),
    ("an error, with details and trailers", unary(GET, "bad"), " | FAILED_PRECONDITION: not now: über"),
    ("a bidirectional stream, cut by an error", stream(CHAT, "send a; recv; send b; recv; recv; end"),
     "1 2 3 | ABORTED: enough"),
    ("a client stream", stream(PUT, "send a; send b; close; end"), "2 | OK"),
    ("a cancel by the client", stream(LIST, "send held; recv; recv; cancel; end"), "1 2 | CANCELLED*"),
    ("a deadline", stream(LIST, "send held; recv; recv; end", timeout=0.5), "1 2 | DEADLINE_EXCEEDED*"),
    ("what is missed there too", unary(GET, "unheard of"), " | UNKNOWN: *"),
]


@contextlib.contextmanager
def forwarding(upstream_endpoint, build, client_options=()):
    """(target, server, upstream) of a stand-in that forwards to another one."""
    upstream_options = ("--compare-metadata", "*:x-tenant", "--compare-metadata", "*:x-raw-bin")
    with served(real_service, upstream_endpoint, upstream_options) as (there, upstream):
        options = ("--extra", "forward", "--upstream", there.address, "--log", "json", *client_options)
        with served(build, TCP, options) as (target, server):
            yield target, server, upstream


def forwards(player, call, expected):
    with forwarding(TCP, lambda r: r.unary(GET, "old", "recorded")) as (target, server, _):
        result = player().play(target, [unary(GET, "old"), call])
        server.process.send_signal(15)
        log, server.report = server.process.communicate(timeout=30)
    found = [str(outcome) for outcome in result.calls]
    wanted = expected[:-1] if expected.endswith("*") else expected
    assert found[0] == "recorded | OK" and found[1].startswith(wanted) and (found[1] == wanted or expected[-1] == "*"), \
        f"expected {expected!r}, found {found}; serve said {server.report}"
    outcomes = [json.loads(line)["outcome"] for line in log.splitlines()]
    assert outcomes[0] == "served" and outcomes[1] in ("forwarded", "aborted"), f"found {outcomes}"
    if call.metadata:
        got = result.calls[1]
        assert got.headers == {"x-served-by": b"real", "x-raw-bin": b"\xff\x00"}, f"headers: found {got.headers}"
        assert got.trailers == {"x-cost": b"7"}, f"trailers: found {got.trailers}"
    if "not now" in expected:
        assert result.calls[1].details == DETAILED.details, f"details: found {result.calls[1].details!r}"
        assert result.calls[1].trailers == {"x-cost": b"7"}, f"trailers: found {result.calls[1].trailers}"


def forwards_over_mutual_tls(player):
    with tempfile.TemporaryDirectory() as folder:
        made = Certificates(folder)
        there = Endpoint("mutual TLS", "127.0.0.1:0", ("--tls-cert", made.path("server.pem"), "--tls-key",
                                                       made.path("server.key"), "--tls-client-ca", made.ca))
        shown = ("--upstream-ca", made.ca, "--upstream-cert", made.path("client.pem"), "--upstream-key",
                 made.path("client.key"), "--upstream-name", "localhost")
        with forwarding(there, lambda r: r.unary(GET, "old", "1"), shown) as (target, _, _upstream):
            found = str(player().play(target, [stream(PUT, "send a; send b; close; end")]).calls[0])
    assert found == "2 | OK", f"expected the upstream's answer, found {found!r}"


def upstream_that_is_not_there(player):
    with tempfile.TemporaryDirectory() as folder:
        options = ("--extra", "forward", "--upstream", "unix:" + os.path.join(folder, "nobody"))
        with served(lambda r: r.unary(GET, "old", "1"), TCP, options) as (target, _):
            found = [str(o) for o in player().play(target, [unary(GET, "new"), unary(GET, "old")]).calls]
    assert found[0].startswith(" | UNAVAILABLE: ") and found[1] == "1 | OK", f"found {found}"


# A workspace file says it all; the command line counts more.

WORKSPACE = """
match {
  reuse: LAST
  ignore: "/test.S/Get:2"
  strict_streams: true
}
listen { address: "unix:w.sock" }
"""


def workspace_is_obeyed(player):
    with tempfile.TemporaryDirectory() as folder:
        recording = Recording()
        recording.unary(GET, field(1, "a") + field(2, "id 1"), "1")
        path = recording.write(os.path.join(folder, "calls.replay"))
        workspace = os.path.join(folder, "calls.retake")
        with open(workspace, "w", encoding="utf-8") as f:
            f.write(WORKSPACE)
        call = unary(GET, field(1, "a") + field(2, "id 2"))
        for options, expected in (((), ["1 | OK", "1 | OK"]), (("--reuse", "once"), ["1 | OK", " | UNKNOWN"])):
            with serve(path, "--workspace", workspace, *options, listen=None) as server:
                assert server.address == "unix:" + os.path.join(folder, "w.sock"), f"found {server.address}"
                found = [str(o) for o in player().play(Target(server.address), [call, call]).calls]
            assert [f.split(":")[0] for f in found] == expected, f"expected {expected}, found {found}"


def wrong_workspace_is_told_by_the_line():
    with tempfile.TemporaryDirectory() as folder:
        path = Recording().write(os.path.join(folder, "calls.replay"))
        workspace = os.path.join(folder, "calls.retake")
        with open(workspace, "w", encoding="utf-8") as f:
            f.write("match {\n  reuse: LATS\n}\n")
        code, out, err = cli("serve", path, "--workspace", workspace)
    assert (code, out) == (2, ""), f"expected exit 2 and no output, found {code}: {out!r}"
    assert err.startswith(f"retake-cli: {workspace}:2:10: expected ONCE, LAST or CYCLE"), f"found {err!r}"


# What tools ask of a server by themselves.

def reflection_and_health(player):
    schema = report.here("..", "..", "resources", "samples", "depot")
    ask = field(7, "")  # list_services
    calls = [client.Call(f"/grpc.reflection.{v}.ServerReflection/ServerReflectionInfo",
                         [("send", ask), ("recv", ""), ("send", field(4, "depot.v1.Depot.GetQuote")), ("recv", ""),
                          ("close", ""), ("end", "")]) for v in ("v1", "v1alpha")]
    with serve(schema + ".replay", "--schema", schema + ".proto") as server:
        got = player().play(Target(server.address), [*calls, unary("/grpc.health.v1.Health/Check", b"")]).calls
        server.stop()
    for listed in got[:2]:
        services = [wire.first(value, 1) for number, _, value, _ in wire.fields(wire.first(listed.received[0], 6, b""))]
        assert b"depot.v1.Depot" in services, f"expected depot.v1.Depot, found {services}: {listed.message}"
        files = wire.first(listed.received[1], 4, b"")
        assert b"GetQuote" in files and listed.code == "OK", f"expected the file of GetQuote, found {listed}"
    assert got[2].received == [field(1, 1)], f"expected SERVING, found {got[2].received}, {got[2]}"
    assert server.report.startswith("served 0, missed 0,"), f"expected none of it to count, found {server.report!r}"


def tests():
    yield from table.tests(ROWS)
    for player in (client.Python, client.Go):
        for what, call, expected in FORWARDED:
            yield (f"{player.name}: an extra call is forwarded intact: {what}",
                   functools.partial(forwards, player, call, expected))
        for what, test in (("over mutual TLS", forwards_over_mutual_tls),
                           ("an upstream that is not there is UNAVAILABLE", upstream_that_is_not_there)):
            yield f"{player.name}: extra calls are forwarded: {what}", functools.partial(test, player)
        yield (f"{player.name}: reflection (v1, v1alpha) serves the schema, health says SERVING",
               functools.partial(reflection_and_health, player))
        yield (f"{player.name}: a workspace file is obeyed, the command line counts more",
               functools.partial(workspace_is_obeyed, player))
    yield "what is wrong with a workspace file is told by the line", wrong_workspace_is_told_by_the_line


if __name__ == "__main__":
    report.run(tests())
