"""What the C++ Recorder writes, judged by the real Go package: the same conversation, recorded by both."""

import contextlib
import os
import subprocess
import tempfile

import report
from oracle import judge, oracle


@contextlib.contextmanager
def int_store():
    """The real one, in Go: its address."""
    process = subprocess.Popen([oracle(), "serve", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline().strip()
        assert line.startswith("serving "), f"expected 'serving ADDR', found {line!r}"
        yield line.removeprefix("serving ")
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def recordings():
    """(what the Go Recorder wrote, what the C++ one did)"""
    client = report.tool("RETAKE_CPP_CLIENT", "client in C++")
    with tempfile.TemporaryDirectory() as folder, int_store() as address:
        by_go, by_cpp = os.path.join(folder, "go.replay"), os.path.join(folder, "cpp.replay")
        judge(oracle(), "record", by_go)
        judge(client, address, by_cpp)
        yield by_go, by_cpp


def entries(path):
    """What the Go package prints of them: all behind the initial state."""
    printed = judge(oracle(), "print", path)
    assert "#1: " in printed, printed
    return printed[printed.index("#1: "):]


def both_write_the_same():
    with recordings() as (by_go, by_cpp):
        expected, found = entries(by_go), entries(by_cpp)
        assert expected == found, f"the Go Recorder:\n{expected}\nthe C++ Recorder:\n{found}"


def go_loads_and_replays_it():
    with recordings() as (_, by_cpp):
        assert '"recorded in C++"' in judge(oracle(), "load", by_cpp)
        assert "script: ok" in judge(oracle(), "replay", by_cpp)


if __name__ == "__main__":
    report.run([
        ("the C++ Recorder writes what the Go Recorder writes, entry for entry", both_write_the_same),
        ("the Go package loads and replays what the C++ Recorder wrote", go_loads_and_replays_it),
    ])
