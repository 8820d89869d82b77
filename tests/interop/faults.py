"""What is killed without a word: a server, whose addresses are free for the next one, and a client, whose call
ends while others are served."""

import os
import signal
import subprocess
import sys
import tempfile

import client
import report
from client import unary
from endpoints import Target
from recordings import Recording
from serving import CLI, serve

GET, WATCH = "/test.S/Get", "/test.S/Watch"

# Opens a stream, says so, and waits to be killed.
HELD = """
import itertools
import queue
import sys
import grpc
more = iter(queue.SimpleQueue().get, None)
with grpc.insecure_channel(sys.argv[1]) as channel:
    watch = channel.stream_stream("/test.S/Watch", request_serializer=bytes, response_deserializer=bytes)
    answers = watch(itertools.chain([bytes([10, 1, 97])], more))
    next(answers)
    next(answers)
    print("open", flush=True)
    next(answers)
"""


def recorded(folder):
    recording = Recording()
    for _ in range(3):
        recording.unary(GET, "a", "b")
    recording.stream(WATCH, "send a; recv 1; recv 2")  # its end is not recorded: it is held
    path = os.path.join(folder, "calls.replay")
    recording.write(path)
    return path


def get(address):
    played = client.Python().play(Target(address), [unary(GET, "a")])
    assert str(played.calls[0]) == "b | OK", played.calls[0]


def a_server_is_killed(listen):
    with tempfile.TemporaryDirectory() as folder:
        path = recorded(folder)
        listen = listen.format(folder)
        for _ in range(3):
            process = subprocess.Popen([CLI, "serve", path, "--listen", listen], stdout=subprocess.PIPE, text=True)
            try:
                listen = process.stdout.readline().strip().removeprefix("listening on ")
                get(listen)
            finally:
                process.send_signal(signal.SIGKILL)
                process.communicate()
        with serve(path, listen=listen) as server:
            assert server.address == listen
            get(listen)
        assert os.listdir(folder) == ["calls.replay"], os.listdir(folder)


def a_client_is_killed():
    with tempfile.TemporaryDirectory() as folder, serve(recorded(folder)) as server:
        held = subprocess.Popen([sys.executable, "-c", HELD, server.address], stdout=subprocess.PIPE, text=True)
        try:
            assert held.stdout.readline() == "open\n"
            get(server.address)
        finally:
            held.send_signal(signal.SIGKILL)
            held.communicate()
        get(server.address)
        server.stop()
        # Its end was the client's to make, and so it is as recorded.
        assert "served 3, missed 0" in server.report, server.report


if __name__ == "__main__":
    report.run([
        ("a server that was killed leaves its port to the next one", lambda: a_server_is_killed("127.0.0.1:0")),
        ("a server that was killed leaves its path to the next one", lambda: a_server_is_killed("unix:{}/s.sock")),
        ("a client is killed, and others are served", a_client_is_killed)])
