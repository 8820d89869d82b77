"""Reads binary replay files: a second reader, to judge the first one by."""

import dataclasses
import struct

import wire

MAGIC = b"RPCReplay"
REQUEST, RESPONSE, CREATE_STREAM, SEND, RECV = range(1, 6)


@dataclasses.dataclass(frozen=True)
class Status:
    code: int = 0
    message: str = ""
    details: bytes = b""  # the whole google.rpc.Status where it has details, else nothing


OK = Status()


@dataclasses.dataclass
class Entry:
    index: int  # from 1
    kind: int
    method: str
    type_url: str
    message: object  # bytes, or None
    is_error: bool
    ref: int

    def status(self):
        """The status that this entry ends its call with; None when it does not."""
        if not self.is_error:
            return None
        if self.message is None:
            return OK
        message = wire.first(self.message, 2, b"").decode()
        has_details = wire.first(self.message, 3) is not None
        return Status(wire.first(self.message, 1, 0), message, self.message if has_details else b"")


@dataclasses.dataclass
class Call:
    number: int  # from 1, in the order of REQUEST and CREATE_STREAM
    method: str
    entries: list

    @property
    def is_stream(self):
        return self.entries[0].kind == CREATE_STREAM

    @property
    def sends(self):
        """What the client sent, where sending worked."""
        if not self.is_stream:
            return [self.entries[0].message]
        return [e.message for e in self.entries if e.kind == SEND and not e.is_error]

    def answer(self):
        """(messages, end): what the client got; the end is None where it is not recorded."""
        got = [e for e in self.entries if e.kind in (RESPONSE, RECV)]
        messages = tuple(e.message for e in got if not e.is_error)
        if self.entries[0].is_error:
            return messages, self.entries[0].status()
        ends = [e.status() for e in got if e.is_error]
        if ends:
            return messages, ends[0]
        one_reply = self.is_stream and len(got) == 1 and self.entries[-1] is got[0]
        return messages, OK if one_reply or not self.is_stream else None

    def key(self):
        """The same for calls that a server cannot tell apart when they begin."""
        sends = self.sends
        return self.method, self.is_stream, wire.canonical(sends[0]) if sends else None


def parse_entry(index, data):
    any_bytes = wire.first(data, 3)
    return Entry(
        index=index,
        kind=wire.first(data, 1, 0),
        method=wire.first(data, 2, b"").decode(),
        type_url=wire.first(any_bytes, 1, b"").decode() if any_bytes is not None else "",
        message=wire.first(any_bytes, 2, b"") if any_bytes is not None else None,
        is_error=bool(wire.first(data, 4, 0)),
        ref=wire.first(data, 5, 0),
    )


def records(data):
    """The records behind the magic: the initial state first."""
    if not data.startswith(MAGIC):
        raise ValueError("not a binary replay file")
    at = len(MAGIC)
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
        if at + length > len(data):
            raise ValueError(f"the record at byte {at - 4} runs past the end")
        yield data[at:at + length]
        at += length


def read(path):
    """(initial state, entries, calls)."""
    with open(path, "rb") as f:
        initial, *rest = records(f.read())
    entries = [parse_entry(i, record) for i, record in enumerate(rest, 1)]
    calls = {}
    for e in entries:
        if e.kind in (REQUEST, CREATE_STREAM):
            calls[e.index] = Call(len(calls) + 1, e.method, [e])
        else:
            calls[e.ref].entries.append(e)
    return initial, entries, list(calls.values())


def entry(kind, method="", message=None, is_error=False, ref=0, type_name="test.Bytes"):
    """The bytes of an Entry. A Status in place of a message is written as one."""
    if isinstance(message, Status):
        type_name, is_error = "google.rpc.Status", True
        message = message.details or wire.field(1, message.code) + wire.field(2, message.message)
    data = wire.field(1, kind)
    if method:
        data += wire.field(2, method)
    if message is not None:
        data += wire.field(3, wire.field(1, "type.googleapis.com/" + type_name) + wire.field(2, message))
    if is_error:
        data += wire.field(4, 1)
    return data + (wire.field(5, ref) if ref else b"")


def write(path, entries, initial=b""):
    with open(path, "wb") as f:
        f.write(MAGIC)
        for record in (initial, *entries):
            f.write(struct.pack("<I", len(record)) + record)
