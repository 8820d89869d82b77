"""Recordings for the tables, in words: what a client did, as its recorder would have written it."""

import struct

import replay_file
import wire
from client import text
from replay_file import CREATE_STREAM, RECV, REQUEST, RESPONSE, SEND, Status


def metadata(pairs):
    """A Metadata message of proto/retake/replay_file.proto."""
    return b"".join(wire.field(1, wire.field(1, key) + wire.field(2, value)) for key, value in pairs)


def extras(time=None, request_metadata=None, timeout=None, headers=None, trailers=None, half_closed=False,
           canceller=0):
    """The fields of Entry that the Go packages do not have; times in seconds."""
    out = b""
    if time is not None:
        out += wire.encode_varint(1000 << 3 | 1) + struct.pack("<q", int(time * 1e9))
    if request_metadata is not None:
        out += wire.field(1001, metadata(request_metadata))
    if timeout is not None:
        out += wire.field(1002, int(timeout * 1e9))
    if headers is not None:
        out += wire.field(1003, metadata(headers))
    if trailers is not None:
        out += wire.field(1004, metadata(trailers))
    if half_closed:
        out += wire.field(1005, 1)
    return out + (wire.field(1006, canceller) if canceller else b"")


class Recording:
    def __init__(self):
        self.entries = []

    def _add(self, kind, method="", message=None, ref=0, is_error=False, **more):
        if isinstance(message, str):
            message = text(message)
        self.entries.append(replay_file.entry(kind, method, message, is_error, ref) + extras(**more))
        return len(self.entries)

    def request(self, method, message, **more):
        return self._add(REQUEST, method, message, **more)

    def response(self, ref, message, **more):
        self._add(RESPONSE, "", message, ref, **more)
        return self

    def unary(self, method, message, answer):
        return self.response(self.request(method, message), answer)

    def stream(self, method, steps="", failure=None, **more):
        """Steps as in "send a; recv b; end"; "end NOT_FOUND no" ends with a status. Gives the stream's ref."""
        ref = self._add(CREATE_STREAM, method, failure, is_error=failure is not None, **more)
        for part in filter(None, (p.strip() for p in steps.split(";"))):
            word, _, rest = part.partition(" ")
            if word == "send":
                self.send(ref, rest)
            elif word == "recv":
                self.recv(ref, rest)
            else:
                self.end(ref, rest)
        return ref

    def send(self, ref, message, **more):
        self._add(SEND, "", message, ref, **more)
        return self

    def send_failed(self, ref):
        """As Go records it: io.EOF, with no message."""
        self._add(SEND, "", None, ref, is_error=True)
        return self

    def recv(self, ref, message, **more):
        self._add(RECV, "", message, ref, **more)
        return self

    def end(self, ref, status="", **more):
        """The end of a stream: as it should be, or as in "NOT_FOUND no such thing"."""
        name, _, message = status.partition(" ")
        ended = Status(CODES[name], message) if name else None
        self._add(RECV, "", ended, ref, is_error=True, **more)
        return self

    def write(self, path):
        replay_file.write(path, self.entries)
        return path


CODES = {name: number for number, name in enumerate(
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED "
    "RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS "
    "UNAUTHENTICATED".split())}


def status_with_detail(name, message, detail=b"\x08\x01", type_name="test.Detail"):
    """A Status with one detail."""
    whole = wire.field(1, CODES[name]) + wire.field(2, message) + \
        wire.field(3, wire.field(1, "type.googleapis.com/" + type_name) + wire.field(2, detail))
    return Status(CODES[name], message, whole)
