"""gRPC's own interop cases, and more like them, with a client in Python and one in Go: what each gets of
grpc.testing.TestService itself, it gets of what stands before it, to the last trailer."""

import contextlib
import dataclasses
import functools
import os
import subprocess
import tempfile
import threading

import client
import report
from client import Call
from endpoints import Certificates, Target, endpoints
from recordings import Recording, status_with_detail
from serving import record, serve
from wire import field

SERVICE = "/grpc.testing.TestService/"
ECHO = (("x-grpc-test-echo-initial", "test_initial_metadata_value"),
        ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
SPECIAL = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
DETAILS = status_with_detail("UNKNOWN", "test status message").details


def payload(number, size):
    return field(number, field(2, bytes(size)))


def simple(request=0, response=0, status=b""):
    """A SimpleRequest."""
    return field(2, response) + payload(3, request) + status


def output(*sizes, request=0, status=b""):
    """A StreamingOutputCallRequest."""
    return b"".join(field(2, field(1, size)) for size in sizes) + payload(3, request) + status


def echo_status(code, message):
    return field(7, field(1, code) + field(2, message))


def unary(method, request=b"", **more):
    return Call(SERVICE + method if "/" not in method else method, [("send", request)], unary=True, **more)


def stream(method, *steps, **more):
    return Call(SERVICE + method, [step if isinstance(step, tuple) else (step, "") for step in steps], **more)


def send(request):
    return ("send", request)


def duplex(*steps, **more):
    return stream("FullDuplexCall", *steps, **more)


@dataclasses.dataclass
class Case:
    name: str
    calls: list
    expected: list  # of each call: bytes of each message, and the status
    parallel: bool = False
    text_is_ours: bool = True  # the status text is the service's, not the client library's own


CASES = [
    Case("empty_unary", [unary("EmptyCall")], ["0 OK"]),
    Case("large_unary", [unary("UnaryCall", simple(271828, 314159))], ["314167 OK"]),
    Case("client_streaming", [stream("StreamingInputCall", *(send(payload(1, n)) for n in (27182, 8, 1828, 45904)),
                                     "close", "end")], ["4 OK"]),
    Case("server_streaming", [stream("StreamingOutputCall", send(output(31415, 9, 2653, 58979)), "close", "end")],
         ["31423 13 2659 58987 OK"]),
    Case("ping_pong", [duplex(send(output(31415, request=27182)), "recv", send(output(9, request=8)), "recv",
                              send(output(2653, request=1828)), "recv", send(output(58979, request=45904)), "recv",
                              "close", "end")], ["31423 13 2659 58987 OK"]),
    Case("empty_stream", [duplex("close", "end")], ["OK"]),
    Case("cancel_after_begin", [stream("StreamingInputCall", "cancel", "end")], ["CANCELLED"], text_is_ours=False),
    Case("cancel_after_first_response", [duplex(send(output(31415, request=27182)), "recv", "cancel", "end")],
         ["31423 CANCELLED"], text_is_ours=False),
    Case("timeout_on_sleeping_server", [duplex(send(output(request=27182)), "end", timeout=0.2)],
         ["DEADLINE_EXCEEDED"], text_is_ours=False),
    Case("status_code_and_message", [
        unary("UnaryCall", simple(status=echo_status(2, "test status message"))),
        duplex(send(output(status=echo_status(2, "test status message"))), "close", "end")], ["UNKNOWN", "UNKNOWN"]),
    Case("special_status_message", [unary("UnaryCall", simple(status=echo_status(2, SPECIAL))),
                                    duplex(send(output(status=echo_status(2, SPECIAL))), "close", "end")],
         ["UNKNOWN", "UNKNOWN"]),
    Case("custom_metadata", [unary("UnaryCall", simple(271828, 314159), metadata=ECHO),
                             duplex(send(output(314159, request=271828)), "close", "end", metadata=ECHO)],
         ["314167 OK", "314167 OK"]),
    Case("unimplemented_method", [unary("UnimplementedCall")], ["UNIMPLEMENTED"]),
    Case("unimplemented_service", [unary("/grpc.testing.UnimplementedService/UnimplementedCall")], ["UNIMPLEMENTED"]),
    Case("status details, and a stream that fails behind a message", [
        unary("UnaryCall", simple(status=echo_status(2, "test status message")),
              metadata=(("x-test-details-bin", DETAILS),)),
        duplex(send(output(3, status=echo_status(2, "test status message"))), "close", "end",
               metadata=(("x-test-details-bin", DETAILS),))], ["UNKNOWN", "7 UNKNOWN"]),
    Case("every kind of metadata", [unary("UnaryCall", simple(1, 1), metadata=(
        ("h-text", "one"), ("h-empty", ""), ("h-raw-bin", b"\0\xff\x80, "), ("h-empty-bin", b""), ("t-comma", "a, b"),
        ("t-empty", ""), ("t-raw-bin", b"\xff\0"), ("x-test-trailer-bytes", "7000")))], ["5 OK"]),
    Case("the service speaks first", [duplex("recv", "recv", "close", "end", metadata=(
        ("x-test-first", "3"), ("x-test-headers-first", "1")))], ["5 6 7 OK"]),
    Case("half-close is seen", [duplex(send(output(1)), "recv", "close", "end", metadata=(("x-test-last", "2"),))],
         ["5 5 6 OK"]),
    Case("the service ends first", [duplex(send(output(4, status=echo_status(10, "enough"))), "end")], ["8 ABORTED"]),
    Case("20 MB", [unary("UnaryCall", simple(20 << 20, 20 << 20))], ["20971530 OK"]),
]


def sizes_and_code(outcome):
    return " ".join([*(str(len(message)) for message in outcome.received), outcome.code])


def comparable(case, outcome):
    """All that the client was told."""
    told = [outcome.received, outcome.code, outcome.headers, outcome.trailers, outcome.details]
    return told + [outcome.message] if case.text_is_ours else told


@contextlib.contextmanager
def live():
    """The service itself: its address."""
    program = report.tool("RETAKE_TEST_SERVICE", "grpc.testing.TestService")
    with subprocess.Popen([program], stdout=subprocess.PIPE, text=True) as process:
        watchdog = threading.Timer(800, process.kill)
        watchdog.start()
        try:
            yield process.stdout.readline().strip().removeprefix("listening on ")
        finally:
            watchdog.cancel()
            process.terminate()


def as_the_service(case, player, own, target):
    """`own` is what the service itself answered."""
    found = [sizes_and_code(outcome) for outcome in own.calls]
    assert found == case.expected, f"of the service itself: expected {case.expected}, found {found}"
    result = player.play(target, case.calls, parallel=case.parallel)
    for expected, outcome in zip(own.calls, result.calls):
        expected, outcome = comparable(case, expected), comparable(case, outcome)
        assert outcome == expected, f"expected {str(expected)[:600]}, found {str(outcome)[:600]}"


def skip(why):
    raise why


def ways(upstream, folder, endpoint):
    """(name, target) of what stands before the service, or in for it, while it is asked for."""
    path = Recording().write(os.path.join(folder, "empty.replay"))
    with serve(path, "--extra", "forward", "--upstream", upstream, *endpoint.options,
               listen=endpoint.listen) as server:
        yield "forwarded", endpoint.target_of(server.address)
    recorded = os.path.join(tempfile.mkdtemp(dir=folder), "recorded.replay")
    with record(recorded, upstream, *endpoint.options, listen=endpoint.listen) as proxy:
        yield "through the recording proxy", endpoint.target_of(proxy.address)
    with serve(recorded, *endpoint.options, listen=endpoint.listen) as server:
        yield "replayed", endpoint.target_of(server.address)


def tests():
    """(name, function) of each case with each client on three kinds of endpoint, each way. What is recorded with one
    client is replayed for it, in the same order."""
    with tempfile.TemporaryDirectory() as folder, live() as upstream:
        answers = {}
        for endpoint in endpoints(folder, Certificates(folder)):
            if endpoint.name not in ("127.0.0.1", "unix", "mutual TLS"):
                continue
            for make_player in (client.Python, client.Go):
                begin = f"{make_player.name}, {endpoint.name}"
                try:
                    endpoint.need()
                    player = make_player()
                except report.Skip as why:
                    yield begin, functools.partial(skip, why)
                    continue

                def run(case, target, player=player):
                    key = (player.name, case.name)
                    if key not in answers:
                        answers[key] = player.play(Target(address=upstream), case.calls, parallel=case.parallel)
                    as_the_service(case, player, answers[key], target)

                for way, target in ways(upstream, folder, endpoint):
                    for case in CASES:
                        yield f"{begin}, {way}: {case.name}", functools.partial(run, case, target)


if __name__ == "__main__":
    report.run(tests())
