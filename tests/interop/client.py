"""A client's side of calls as a script, and who plays it: grpcio here, grpc-go in goclient/.

A script is data, so that both play the same. Steps of a stream:
    send TEXT, recv, close (half-close), cancel, end (read to the end)
    mark NAME, await NAME: calls that run side by side wait for each other
    note NAME: into Result.order, which is the order in which things happened
Texts stand for messages with one string field, number 1.
"""

import base64
import dataclasses
import json
import queue
import subprocess
import threading
import time

import grpc

import report
import wire

TIMEOUT = 60  # seconds a call; reached only when something hangs
OPTIONS = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", -1),
           ("grpc.max_send_message_length", -1)]


def text(value):
    """The message that a text stands for."""
    return wire.field(1, value)


@dataclasses.dataclass
class Call:
    method: str
    steps: list
    unary: bool = False
    metadata: tuple = ()
    timeout: float = TIMEOUT


def unary(method, request, **more):
    return Call(method, [("send", request if isinstance(request, bytes) else text(request))], unary=True, **more)


def stream(method, steps, **more):
    """Steps as in "send a; recv; close; end"."""
    parsed = []
    for part in filter(None, (p.strip() for p in steps.split(";"))):
        word, _, rest = part.partition(" ")
        parsed.append((word, text(rest) if word == "send" else rest))
    return Call(method, parsed, **more)


@dataclasses.dataclass
class Outcome:
    received: list
    code: str
    message: str
    details: bytes
    printed: str  # as an error is printed where nobody caught it
    headers: dict
    trailers: dict
    seconds: float

    def __str__(self):
        """As in "a b | NOT_FOUND: no such thing"."""
        shown = " ".join(wire.first(m, 1, b"").decode() if len(m) < 1000 else f"({len(m)} bytes)" for m in self.received)
        return f"{shown} | {self.code}" + (f": {self.message}" if self.message else "")


@dataclasses.dataclass
class Result:
    calls: list
    order: list


def _end_to_end(pairs):
    return {key: value if isinstance(value, bytes) else value.encode() for key, value in pairs or ()
            if not key.startswith("grpc-") and key not in ("content-type", "trailer")}


class Python:
    name = "Python"

    def __init__(self):
        self._marks = {}
        self._mutex = threading.Lock()

    def _mark(self, name):
        with self._mutex:
            return self._marks.setdefault(name, threading.Event())

    def open(self, target):
        if not target.ca:
            return grpc.insecure_channel(target.address, options=OPTIONS)
        read = lambda path: open(path, "rb").read() if path else None
        credentials = grpc.ssl_channel_credentials(read(target.ca), read(target.key), read(target.cert))
        options = OPTIONS + ([("grpc.ssl_target_name_override", target.name)] if target.name else [])
        return grpc.secure_channel(target.address, credentials, options=options)

    def play(self, target, calls, parallel=False):
        self._marks.clear()
        outcomes, order = [None] * len(calls), []

        def run(i):
            outcomes[i] = self._play(channel, calls[i], order)

        with self.open(target) as channel:
            threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
            for thread in threads:
                thread.start()
                if not parallel:
                    thread.join()
            for thread in threads:
                thread.join()
        return Result(outcomes, order)

    def _play(self, channel, call, order):
        began = time.monotonic()
        received, error = [], None
        if call.unary:
            method = channel.unary_unary(call.method, request_serializer=bytes, response_deserializer=bytes)
            try:
                answer, done = method.with_call(call.steps[0][1], timeout=call.timeout, metadata=call.metadata)
                received.append(answer)
            except grpc.RpcError as raised:
                done = error = raised
        else:
            done, error = self._stream(channel, call, received, order)
        code = grpc.StatusCode.OK if error is None else error.code()
        trailers = dict(done.trailing_metadata() or ())
        return Outcome(received, code.name, (done.details() or "") if error else "",
                       trailers.get("grpc-status-details-bin", b""), str(error or ""),
                       _end_to_end(done.initial_metadata()), _end_to_end(trailers.items()),
                       time.monotonic() - began)

    def _stream(self, channel, call, received, order):
        requests = queue.SimpleQueue()
        method = channel.stream_stream(call.method, request_serializer=bytes, response_deserializer=bytes)
        playing = method(iter(requests.get, None), timeout=call.timeout, metadata=call.metadata)
        try:
            for word, value in call.steps:
                if word == "send":
                    requests.put(value)
                elif word == "recv":
                    received.append(next(playing))
                elif word == "close":
                    requests.put(None)
                elif word == "cancel":
                    playing.cancel()
                elif word == "end":
                    received.extend(playing)
                elif word == "await":
                    assert self._mark(value).wait(TIMEOUT), f"nobody marks {value}"
                elif word == "mark":
                    self._mark(value).set()
                elif word == "note":
                    order.append(value)
        except StopIteration:
            pass
        except grpc.RpcError as error:
            return playing, error
        finally:
            requests.put(None)
        return playing, None


def _pairs(pairs):
    return {p["key"]: base64.b64decode(p["value"]) for p in pairs}


class Go:
    name = "Go"

    def __init__(self):
        self._program = report.tool("RETAKE_GO_CLIENT", "Go client")

    def play(self, target, calls, parallel=False):
        b64 = lambda data: base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()
        script = {
            "target": dataclasses.asdict(target), "parallel": parallel,
            "calls": [{"method": c.method, "unary": c.unary, "timeout": c.timeout,
                       "metadata": [{"key": k, "value": b64(v)} for k, v in c.metadata],
                       "steps": [{"do": word, "message": b64(value)} if word == "send" else {"do": word, "name": value}
                                 for word, value in c.steps]} for c in calls]}
        done = subprocess.run([self._program], input=json.dumps(script), capture_output=True, text=True,
                              timeout=4 * TIMEOUT)
        assert done.returncode == 0, f"the Go client: exit {done.returncode}: {done.stderr.strip()}"
        told = json.loads(done.stdout)
        codes = {code.value[0]: code.name for code in grpc.StatusCode}
        outcomes = [Outcome([base64.b64decode(m) for m in c["received"]], codes[c["code"]], c["message"],
                            base64.b64decode(c["details"] or ""), c["printed"], _pairs(c["headers"]),
                            _pairs(c["trailers"]), c["seconds"]) for c in told["calls"]]
        return Result(outcomes, told["order"])
