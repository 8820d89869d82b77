"""Plays the client's side of recorded calls over grpcio, on raw bytes: no schema on this side."""

import queue

import grpc

from replay_file import RECV, SEND, Status

TIMEOUT = 30  # seconds a call; reached only when something hangs


def _raw(data):
    return data


def open_channel(address):
    return grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])


def status_of(call):
    """The end as the client saw it; waits for it."""
    trailers = dict(call.trailing_metadata() or ())
    return Status(call.code().value[0], call.details() or "", trailers.get("grpc-status-details-bin", b""))


def unary(channel, call):
    """(messages, end) of a unary call."""
    method = channel.unary_unary(call.method, request_serializer=_raw, response_deserializer=_raw)
    try:
        answer, done = method.with_call(call.sends[0], timeout=TIMEOUT)
        return (answer,), status_of(done)
    except grpc.RpcError as error:
        return (), status_of(error)


class Stream:
    """A stream under way. Without a schema every kind of stream is played as a bidirectional one:
    the bytes on the wire are the same."""

    def __init__(self, channel, call):
        self.recorded = call
        self.received = []
        self.end = None
        self._closed = False
        self._queue = queue.SimpleQueue()
        method = channel.stream_stream(call.method, request_serializer=_raw, response_deserializer=_raw)
        self._call = method(iter(self._queue.get, None), timeout=TIMEOUT)
        kinds = [e.kind for e in call.entries[1:]]
        # The file does not say when the client half-closed. One SEND and then RECVs is a server stream,
        # one RECV at the end a client stream: those do it after the last SEND. Else before the end.
        self._close_early = kinds[:1] == [SEND] and SEND not in kinds[1:] or kinds.count(RECV) == 1
        self._sends_left = len(call.sends)
        if self._sends_left == 0:
            self.half_close()

    def send(self, message):
        self._queue.put(message)
        self._sends_left -= 1
        if self._sends_left == 0 and self._close_early:
            self.half_close()

    def half_close(self):
        if not self._closed:
            self._closed = True
            self._queue.put(None)

    def receive(self):
        """Reads one message, or the end."""
        if self.end is not None:
            return
        try:
            self.received.append(next(self._call))
        except StopIteration:
            self.end = status_of(self._call)
        except grpc.RpcError:
            self.end = status_of(self._call)

    def finish(self):
        """Half-closes and reads to the end; where none is recorded the client goes away instead."""
        if self.end is None and self.recorded.answer()[1] is None:
            wanted = len(self.recorded.answer()[0])
            while self.end is None and len(self.received) < wanted:
                self.receive()
            self._call.cancel()
            self._queue.put(None)
            return tuple(self.received), self.end
        self.half_close()
        while self.end is None:
            self.receive()
        return tuple(self.received), self.end

    def step(self, entry):
        """What the client did when `entry` was recorded."""
        if entry.kind == SEND and not entry.is_error and self.end is None:
            self.send(entry.message)
        elif entry.kind == RECV:
            if entry.is_error and entry.message is None:
                self.half_close()
            self.receive()


def stream(channel, call):
    """(messages, end) of a stream, played alone."""
    playing = Stream(channel, call)
    for entry in call.entries[1:]:
        playing.step(entry)
    return playing.finish()


def play(channel, call):
    return stream(channel, call) if call.is_stream else unary(channel, call)


def describe(answer):
    messages, end = answer
    sizes = ", ".join(f"{len(m)} B" for m in messages)
    ended = "no end" if end is None else f"{end.code} {end.message!r} and {len(end.details)} B of details"
    return f"[{sizes}] {ended}"


def difference(got, want):
    """One sentence where an answer is not the recorded one, else nothing."""
    if got == want:
        return ""
    if len(got[0]) != len(want[0]):
        return f"expected {describe(want)}, found {describe(got)}"
    for k, (g, w) in enumerate(zip(got[0], want[0]), 1):
        if g != w:
            at = next((i for i, pair in enumerate(zip(g, w)) if pair[0] != pair[1]), min(len(g), len(w)))
            return f"message {k} differs at byte {at}: expected {w[at:at + 12]!r}, found {g[at:at + 12]!r}"
    return f"expected the end {want[1]}, found {got[1]}"
