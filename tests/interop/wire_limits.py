"""What gRPC's wire makes awkward, from a client in another language: large messages, odd status texts,
details, streams that the server begins, and many calls at once."""

import concurrent.futures
import functools
import os
import tempfile

import grpc

import player
import report
import wire
from replay_file import CREATE_STREAM, RECV, REQUEST, RESPONSE, SEND, Status, entry, read, write
from serving import serve

METHOD = "/test.v1.Wire/Call"


def served(entries):
    """Writes the entries, serves them, plays each call, wants each answer."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "test.replay")
        write(path, entries)
        _, _, calls = read(path)
        with serve(path, "--verify") as server, player.open_channel(server.address) as channel:
            for call in calls:
                wrong = player.difference(player.play(channel, call), call.answer())
                assert not wrong, f"call {call.number}: {wrong}"
            assert server.stop() == 0, server.report


def unary(answer, request=b"\x0a\x01q", at=1):
    return [entry(REQUEST, METHOD, request), entry(RESPONSE, message=answer, ref=at)]


def ended_with(status):
    return functools.partial(served, unary(status))


def detailed(code, text, *details):
    whole = wire.field(1, code) + wire.field(2, text)
    for type_name, value in details:
        whole += wire.field(3, wire.field(1, "type.googleapis.com/" + type_name) + wire.field(2, value))
    return Status(code, text, whole)


def large_messages_go_both_ways():
    big = wire.field(1, b"\x00\xff" * (3 << 20))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "big.replay")
        write(path, unary(big, big))
        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        with serve(path) as server, grpc.insecure_channel(server.address, options=options) as channel:
            call = channel.unary_unary(METHOD, request_serializer=bytes, response_deserializer=bytes)
            assert call(big, timeout=60) == big, "the large answer differs"


def empty_messages():
    served(unary(b"", b""))


def the_server_begins():
    served([entry(CREATE_STREAM, METHOD), entry(RECV, message=b"\x0a\x01a", ref=1), entry(RECV, message=b"\x0a\x01b", ref=1),
            entry(SEND, message=b"\x0a\x01q", ref=1), entry(RECV, message=b"\x0a\x01c", ref=1),
            entry(RECV, is_error=True, ref=1)])


def the_stream_cannot_be_created():
    served([entry(CREATE_STREAM, METHOD, Status(7, "not for you"))])


def a_stream_without_a_message():
    served([entry(CREATE_STREAM, METHOD), entry(RECV, is_error=True, ref=1)])


def a_stream_fails_half_way():
    served([entry(CREATE_STREAM, METHOD), entry(SEND, message=b"\x0a\x01q", ref=1),
            entry(RECV, message=b"\x0a\x01a", ref=1), entry(RECV, message=Status(14, "gone"), ref=1)])


def every_status_code():
    entries = []
    for code in range(1, 17):
        entries += unary(Status(code, f"code {code}"), wire.field(1, code), len(entries) + 1)
    served(entries)


def many_calls_at_once():
    count = 400
    entries = []
    for i in range(count):
        entries += unary(wire.field(1, f"answer {i}"), wire.field(1, f"question {i}"), len(entries) + 1)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "many.replay")
        write(path, entries)
        _, _, calls = read(path)
        with serve(path, "--verify") as server, player.open_channel(server.address) as channel:
            with concurrent.futures.ThreadPoolExecutor(32) as pool:
                for call, got in zip(calls, pool.map(functools.partial(player.play, channel), calls)):
                    wrong = player.difference(got, call.answer())
                    assert not wrong, f"call {call.number}: {wrong}"
            assert server.stop() == 0, server.report


TESTS = [
    ("messages of 6 MiB go both ways", large_messages_go_both_ways),
    ("empty messages", empty_messages),
    ("a stream that the server begins", the_server_begins),
    ("a stream that could not be created", the_stream_cannot_be_created),
    ("a stream without a message", a_stream_without_a_message),
    ("a stream that fails half way", a_stream_fails_half_way),
    ("every status code", every_status_code),
    ("a status without text", ended_with(Status(5))),
    ("a status text with line breaks, percent signs and letters of many alphabets",
     ended_with(Status(9, "50 % of Größe\n\tПривет, 世界 \U0001f4e6 %0A"))),
    ("a status with two details", ended_with(detailed(
        3, "two", ("google.rpc.DebugInfo", wire.field(2, "why")), ("not.known.Here", b"\x00\xff\x80raw")))),
    ("a status with 5 kB of details", ended_with(detailed(3, "long", ("google.rpc.DebugInfo", wire.field(2, "x" * 5000))))),
    ("400 calls, 32 at once", many_calls_at_once),
]

if __name__ == "__main__":
    report.run(TESTS)
