"""The initial state as Go tests keep it: times that the real time.MarshalBinary and the real Recorder wrote, in two
dozen zones, are read, said as text, and written back byte for byte; and what is typed, Go reads. And a server's
initial state reaches its test."""

import json
import os
import subprocess
import tempfile

import replay_file
import report
from serving import CLI, cli, cli_ok, serve


def go_times(*arguments):
    program = report.tool("RETAKE_GO_TIMES", "Go program that writes times")
    done = subprocess.run([program, *arguments], capture_output=True, timeout=60, text=True)
    assert done.returncode == 0, f"gotimes {' '.join(arguments)}: {done.stderr.strip()}"
    return [line.split("\t") for line in done.stdout.splitlines()]


def content(path):
    with open(path, "rb") as f:
        return f.read()


def raw(path):
    """What `print --initial-state` prints, as bytes."""
    return subprocess.run([CLI, "print", path, "--initial-state"], capture_output=True, timeout=60, check=True).stdout


def each_zone_goes_through_text():
    with tempfile.TemporaryDirectory() as folder:
        rows = go_times("write", folder)
        assert len(rows) >= 12, f"expected a dozen zones, found {len(rows)}"
        versions = {row[1][:2] for row in rows}
        assert versions == {"01", "02"}, f"expected times of both versions, found {versions}"
        blank = os.path.join(folder, "blank.replay")
        again = os.path.join(folder, "again.replay")
        replay_file.write(blank, [])
        for path, state, text, zone in rows:
            assert raw(path).hex() == state, f"{zone}: expected {state}, found {raw(path).hex()}"
            printed = cli_ok("print", path, "--initial-state", "--as", "go-time")
            assert printed == text + "\n", f"{zone}: expected {text}, found {printed}"
            # Whatever stood there before.
            for original in (blank, rows[0][0]):
                cli_ok("edit", original, "-o", again, "--initial-state-as", "go-time=" + text)
                assert content(again) == content(path), f"{zone}: {text} was not written as Go writes it"
            read_state, _, _ = go_times("read", again)[0]
            assert read_state == state, f"{zone}: Go reads {read_state}, not {state}"


def times_are_guessed():
    with tempfile.TemporaryDirectory() as folder:
        for path, _, text, zone in go_times("write", folder):
            told = json.loads(cli_ok("print", path, "--initial-state", "--json")).get("guess")
            if zone.startswith("a year"):  # no clock says so
                assert told is None, f"{zone}: expected no guess, found {told}"
                continue
            assert told and (told["form"], told["text"]) == ("go-time", text), f"{zone}: found the guess {told}"
            assert "MarshalBinary" in told["reason"], told


def go_reads_what_is_typed():
    rows = [
        ("2031-12-24T23:59:59.123456789-03:30", "2031-12-24T23:59:59.123456789-03:30"),
        ("1999-12-31 23:59:59Z", "1999-12-31T23:59:59Z"),
        ("2000-02-29T00:00:00.1+14:00", "2000-02-29T00:00:00.1+14:00"),
        ("1911-03-11T00:00:00+00:09:21", "1911-03-11T00:00:00+00:09:21"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "typed.replay")
        replay_file.write(path, [])
        for typed, expected in rows:
            cli_ok("edit", path, "-i", "--initial-state-as", "go-time=" + typed)
            state, text, again = go_times("read", path)[0]
            assert text == expected, f"{typed}: Go reads {text}"
            assert state == again, f"{typed}: Go would write {again}, found {state}"


def what_is_no_time_is_refused():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "typed.replay")
        replay_file.write(path, [], b"seed")
        for typed, place in (("2031-02-29T00:00:00Z", "line 1, column 9"), ("now", "line 1, column 1")):
            code, _, errors = cli("edit", path, "-i", "--initial-state-as", "go-time=" + typed)
            assert code == 2 and place in errors, f"{typed}: exit {code}: {errors}"
            assert raw(path) == b"seed", "the file was changed all the same"


def every_form_leads_back():
    states = {
        "hex": bytes(range(256)),
        "base64": bytes(range(256)) + b"x",
        "utf8": "Seed\r\n\tä\n".encode(),
        "json": b'{"seed":7,"name":"a, b"}\n',
        "uint64le": bytes(range(1, 9)),
        "int16be": b"\xff\x00",
        "message": b"\x12\x01a\x08\x07",
    }
    with tempfile.TemporaryDirectory() as folder:
        path, text = os.path.join(folder, "state.replay"), os.path.join(folder, "state.txt")
        for form, state in states.items():
            replay_file.write(path, [], state)
            with open(text, "wb") as f:
                f.write(subprocess.run([CLI, "print", path, "--initial-state", "--as", form],
                                       capture_output=True, timeout=60, check=True).stdout)
            # From the text alone, where it says all there is; and in any case over what stood there.
            cli_ok("edit", path, "-i", "--initial-state-as", f"{form}=@{text}")
            assert raw(path) == state, f"{form}: {raw(path)} in place of {state}"
            if form in ("json", "message"):
                continue
            replay_file.write(path, [], b"another")
            cli_ok("edit", path, "-i", "--initial-state-as", f"{form}=@{text}")
            assert raw(path) == state, f"{form}: {raw(path)} in place of {state}"


def a_server_hands_it_to_its_test():
    with tempfile.TemporaryDirectory() as folder:
        path, state = os.path.join(folder, "served.replay"), os.path.join(folder, "state")
        time = bytes.fromhex("010000000ed46a22501dcd65000078")
        replay_file.write(path, [], time)
        with serve(path, "--initial-state-to", state):
            assert content(state) == time, content(state)
        with serve(path, "--initial-state-to", state, "--initial-state-as", "go-time"):
            assert content(state) == b"2019-05-12T16:18:56.5+02:00\n", content(state)
        for options, expected in (
                (("--initial-state-to", path), "expected another file than the recording"),
                (("--initial-state-to", "-"), "expected a file, found standard output"),
                (("--initial-state-to", os.path.join(folder, "no", "where")), "No such file or directory"),
                (("--initial-state-to", state, "--initial-state-as", "json"), "initial state as json: byte 5: expected UTF-8"),
                (("--initial-state-to", state, "--initial-state-as", "time"), "--initial-state-as: expected hex, "),
                (("--initial-state-as", "hex"), "expected --initial-state-to FILE with it")):
            code, _, errors = cli("serve", path, *options)
            assert code == 2 and expected in errors, f"{options}: exit {code}: {errors}"
        assert replay_file.read(path)[0] == time


TESTS = [
    ("times that Go wrote in two dozen zones go through text, byte for byte", each_zone_goes_through_text),
    ("times that Go wrote are guessed, with the reason", times_are_guessed),
    ("the Go package reads times that are typed", go_reads_what_is_typed),
    ("what is no time is refused, with its place", what_is_no_time_is_refused),
    ("every form of the initial state leads back to its bytes", every_form_leads_back),
    ("serve hands the initial state to its test", a_server_hands_it_to_its_test),
]

if __name__ == "__main__":
    report.run(TESTS)
