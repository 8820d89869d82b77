"""Each kind of call on each kind of endpoint, with a client in Python and one in Go: both get what was
recorded, to the status, its details and the metadata. The sentences are those of how Retake serves."""

import table
from client import stream, text, unary
from recordings import status_with_detail
from table import Row

GET, LIST, PUT, CHAT, WATCH = "/test.S/Get", "/test.S/List", "/test.S/Put", "/test.S/Chat", "/test.S/Watch"
DETAILED = status_with_detail("FAILED_PRECONDITION", "not now: über")
# Above gRPC's default limit of 4 MiB.
LARGE = text("x" * 6_000_000)


def carries(expected):
    def check(result, _):
        found = result.calls[0].details
        assert found == expected, f"expected the details {expected!r}, found {found!r}"
    return check


def metadata_came(result, _):
    got = result.calls[0]
    headers, trailers = {"x-served-by": b"shop-7", "x-raw-bin": b"\x00\xff"}, {"x-cost": b"12"}
    assert got.headers == headers, f"expected the headers {headers}, found {got.headers}"
    assert got.trailers == trailers, f"expected the trailers {trailers}, found {got.trailers}"


def took(least, most=20.0):
    def check(result, _):
        seconds = result.calls[0].seconds
        assert least <= seconds <= most, f"expected {least} to {most} s, found {seconds}"
    return check


def with_metadata(recording):
    headers = (("x-served-by", "shop-7"), ("x-raw-bin", b"\x00\xff"))
    recording.response(recording.request(GET, "a"), "b", headers=headers, trailers=(("x-cost", "12"),))


def stream_with_metadata(recording):
    ref = recording.stream(CHAT, "send a")
    recording.recv(ref, "b", headers=(("x-served-by", "shop-7"), ("x-raw-bin", b"\x00\xff")))
    recording.end(ref, "ABORTED enough", trailers=(("x-cost", "12"),))


def cut_in_the_middle(recording):
    ref = recording.stream(LIST, "send a; recv b; recv c")
    recording.recv(ref, DETAILED, is_error=True)


ROWS = [
    Row("a unary call answers as recorded", lambda r: r.unary(GET, "a", "b"), [unary(GET, "a")], ["b | OK"]),
    Row("a unary call fails as recorded, with details", lambda r: r.unary(GET, "a", DETAILED), [unary(GET, "a")],
        [" | FAILED_PRECONDITION: not now: über"], check=carries(DETAILED.details)),
    Row("message size limits fit the recording", lambda r: r.unary(GET, LARGE, LARGE), [unary(GET, LARGE)],
        ["(6000005 bytes) | OK"]),
    Row("a server stream answers as recorded", lambda r: r.stream(LIST, "send a; recv b; recv c; recv d; end"),
        [stream(LIST, "send a; close; end")], ["b c d | OK"]),
    Row("a server stream without messages ends as recorded", lambda r: r.stream(LIST, "send a; end"),
        [stream(LIST, "send a; close; end")], [" | OK"]),
    Row("a client stream answers as recorded", lambda r: r.stream(PUT, "send a; send b; send c; recv 3"),
        [stream(PUT, "send a; send b; send c; close; end")], ["3 | OK"]),
    Row("a bidirectional stream answers as recorded",
        lambda r: r.stream(CHAT, "send a; recv 1; send b; recv 2; recv 3; send c; recv 4; end"),
        [stream(CHAT, "send a; recv; send b; recv; recv; send c; recv; close; end")], ["1 2 3 4 | OK"]),
    Row("a stream that the server begins: the RECVs go out at once",
        lambda r: r.stream(WATCH, "recv 1; recv 2; send a; recv 3; end"),
        [stream(WATCH, "recv; recv; send a; recv; close; end")], ["1 2 3 | OK"]),
    Row("a half-close with no message prefers a stream without SENDs",
        lambda r: (r.stream(CHAT, "send a; recv 1; end"), r.stream(CHAT, "recv 0; end ABORTED nothing asked")),
        [stream(CHAT, "close; end")], ["0 | ABORTED: nothing asked"]),
    Row("a stream is cut by an error in its middle, with details", cut_in_the_middle,
        [stream(LIST, "send a; close; end")], ["b c | FAILED_PRECONDITION: not now: über"],
        check=carries(DETAILED.details)),
    Row("a recorded CANCELLED waits for the client's own", lambda r: r.stream(CHAT, "send a; recv 1; end CANCELLED gone"),
        [stream(CHAT, "send a; recv; cancel; end")], ["1 | CANCELLED*"]),
    Row("a recorded DEADLINE_EXCEEDED waits for the client's own",
        lambda r: r.stream(CHAT, "send a; recv 1; end DEADLINE_EXCEEDED late"),
        [stream(CHAT, "send a; recv; end", timeout=0.4)], ["1 | DEADLINE_EXCEEDED*"], check=took(0.3, 8)),
    Row("a failed CREATE_STREAM ends the stream with its status",
        lambda r: r.stream(CHAT, failure=status_with_detail("PERMISSION_DENIED", "not yours")),
        [stream(CHAT, "end")], [" | PERMISSION_DENIED: not yours"]),
    Row("headers and trailers of a unary call are replayed", with_metadata, [unary(GET, "a")], ["b | OK"],
        check=metadata_came),
    Row("headers and trailers of a stream are replayed", stream_with_metadata, [stream(CHAT, "send a; end")],
        ["b | ABORTED: enough"], check=metadata_came),
]

if __name__ == "__main__":
    table.main(ROWS, everywhere=True)
