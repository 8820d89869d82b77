"""`retake-cli serve` as a process: its lines, its signals, its exit codes."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time

import grpc

import player
import replay_file
import report
from serving import CLI, cli, serve

SAMPLE = report.here("..", "..", "resources", "samples", "depot.replay")


def play_all(server, calls):
    with player.open_channel(server.address) as channel:
        for call in calls:
            player.play(channel, call)


def ends_on(which):
    def test():
        _, _, calls = replay_file.read(SAMPLE)
        with serve(SAMPLE) as server:
            play_all(server, calls[:1])
            assert server.stop(which) == 0, server.report
        assert server.report.strip(), "expected a report on standard error, found nothing"
        assert server.process.stdout.closed or server.process.stdout.read() == ""
    return test


def ends_on_sigint_when_started_with_it_ignored():
    # As a non-interactive shell starts what it puts in the background.
    process = subprocess.Popen([CLI, "serve", SAMPLE, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    try:
        process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0, f"expected exit 0, found {process.returncode}"


def hanging_up_is_ignored_under_nohup():
    process = subprocess.Popen([CLI, "serve", SAMPLE, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
        ignored = int(re.search(r"SigIgn:\s*(\w+)", file.read())[1], 16)
    process.terminate()
    try:
        process.communicate(timeout=20)
    finally:
        process.kill()
    assert ignored >> (signal.SIGHUP - 1) & 1, f"{ignored:x}"
    assert process.returncode == 0, f"expected exit 0, found {process.returncode}"


def verify_wants_every_call():
    _, _, calls = replay_file.read(SAMPLE)
    with serve(SAMPLE, "--verify") as server:
        play_all(server, calls)
        assert server.stop() == 0, f"every call was asked for: {server.report}"
    with serve(SAMPLE, "--verify") as server:
        play_all(server, calls[1:])
        assert server.stop() == 1, f"call 1 was not asked for: {server.report}"
    with serve(SAMPLE, "--verify") as server:
        play_all(server, calls + calls[:1])
        assert server.stop() == 1, f"call 1 was asked for twice: {server.report}"


def an_unasked_call_is_no_failure_without_verify():
    with serve(SAMPLE) as server:
        assert server.stop() == 0, server.report


def an_address_in_use_is_exit_2():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        code, out, err = cli("serve", SAMPLE, "--listen", address)
    assert (code, out) == (2, ""), f"expected exit 2 and no output, found {code}: {out!r}"
    assert address in err and len(err.strip().splitlines()) == 1, f"expected one sentence with {address}, found {err!r}"


def a_second_server_on_the_same_port_is_exit_2():
    with serve(SAMPLE) as server:
        code, out, err = cli("serve", SAMPLE, "--listen", server.address)
        assert (code, out) == (2, ""), f"expected exit 2, found {code}: {out!r} {err!r}"


def several_endpoints_answer():
    _, _, calls = replay_file.read(SAMPLE)
    with serve(SAMPLE, "--listen", "127.0.0.1:0") as server:
        second = server.process.stdout.readline().strip().removeprefix("listening on ")
        assert second and second != server.address, f"expected a second address, found {second!r}"
        for address, call in ((server.address, calls[0]), (second, calls[1])):
            with player.open_channel(address) as channel:
                wrong = player.difference(player.unary(channel, call), call.answer())
                assert not wrong, wrong


def a_miss_says_why():
    _, _, calls = replay_file.read(SAMPLE)
    with serve(SAMPLE) as server, player.open_channel(server.address) as channel:
        method = channel.unary_unary("/depot.v1.Depot/Close", request_serializer=bytes, response_deserializer=bytes)
        for send, method, code in ((b"", "/depot.v1.Depot/Close", grpc.StatusCode.UNIMPLEMENTED),
                                   (b"\x0a\x01x", calls[0].method, grpc.StatusCode.UNKNOWN)):
            call = channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)
            try:
                call(send, timeout=20)
                raise AssertionError(f"{method}: expected {code}, found an answer")
            except grpc.RpcError as error:
                assert error.code() == code, f"{method}: expected {code}, found {error.code()}: {error.details()}"
                assert method in error.details() or error.details(), f"{method}: expected a reason, found none"


def a_client_after_the_end_gets_unavailable():
    _, _, calls = replay_file.read(SAMPLE)
    with serve(SAMPLE) as server, player.open_channel(server.address) as channel:
        player.unary(channel, calls[0])
        server.stop()
        code = player.unary(channel, calls[1])[1].code
        assert code == grpc.StatusCode.UNAVAILABLE.value[0], f"expected UNAVAILABLE, found {code}"


def what_cannot_be_served_is_exit_2():
    for path in ("/nonexistent.replay", os.path.dirname(SAMPLE), SAMPLE.replace(".replay", ".proto")):
        code, out, err = cli("serve", path, "--listen", "127.0.0.1:0")
        assert (code, out) == (2, ""), f"{path}: expected exit 2 and no output, found {code}: {out!r}"
        assert path in err and len(err.strip().splitlines()) == 1, f"{path}: expected one sentence, found {err!r}"


def killed_and_started_again(where):
    """kill -9 leaves the port in TIME_WAIT and the socket file behind; neither is in anybody's way."""
    def test():
        _, _, calls = replay_file.read(SAMPLE)
        with tempfile.TemporaryDirectory() as folder:
            listen = where.replace("FOLDER", folder)
            for _ in range(3):
                process = subprocess.Popen([CLI, "serve", SAMPLE, "--listen", listen], stdout=subprocess.PIPE, text=True)
                listen = process.stdout.readline().strip().removeprefix("listening on ")
                try:
                    with player.open_channel(listen) as channel:
                        wrong = player.difference(player.unary(channel, calls[0]), calls[0].answer())
                        assert not wrong, wrong
                        # A call under way, so that there is a connection to be cut.
                        stream = next(call for call in calls if call.is_stream)
                        under_way = player.Stream(channel, stream)
                        for message in stream.sends[:1]:
                            under_way.send(message)
                        under_way.receive()
                        process.kill()
                        process.wait(timeout=20)
                finally:
                    process.kill()
                    process.communicate()
            if listen.startswith("unix:"):
                path = listen.removeprefix("unix:")
                assert os.path.exists(path), f"expected a socket left behind at {path}, found none"
                with serve(SAMPLE, listen=listen):
                    pass
                assert not os.path.exists(path), f"expected {path} to go with the server, found it"
    return test


def a_unix_path_in_use_is_exit_2():
    with tempfile.TemporaryDirectory() as folder:
        address = "unix:" + os.path.join(folder, "serve.sock")
        with serve(SAMPLE, listen=address) as server:
            code, out, err = cli("serve", SAMPLE, "--listen", address)
            assert (code, out) == (2, "") and address in err, f"expected exit 2, found {code}: {out!r} {err!r}"
            _, _, calls = replay_file.read(SAMPLE)
            with player.open_channel(server.address) as channel:
                wrong = player.difference(player.unary(channel, calls[0]), calls[0].answer())
                assert not wrong, f"the first one does not serve any more: {wrong}"


def a_second_signal_ends_at_once():
    _, _, calls = replay_file.read(SAMPLE)
    held = next(call for call in calls if call.is_stream and len(call.sends) > 1)
    process = subprocess.Popen([CLI, "serve", SAMPLE, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip().removeprefix("listening on ")
    try:
        with player.open_channel(address) as channel:
            under_way = player.Stream(channel, held)
            under_way.send(held.sends[0])
            probe = player.unary(channel, calls[0])
            assert probe[1].code == 0, f"expected an answer, found {probe}"
            process.send_signal(signal.SIGINT)
            # Once new calls are refused, the first signal has been taken, and the stream is waited for.
            while player.unary(channel, calls[1])[1].code != grpc.StatusCode.UNAVAILABLE.value[0]:
                pass
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
            took = time.monotonic() - began
        assert process.returncode == -signal.SIGINT, f"expected to end by the signal, found {process.returncode}"
        assert took < 4, f"expected the end at once, found {took:.1f} s"
    finally:
        process.kill()
        process.communicate()


def a_warning_for_what_others_can_reach():
    with serve(SAMPLE, listen="0.0.0.0:0") as server:
        server.stop()
        assert "warning: 0.0.0.0:" in server.report, f"expected a warning, found {server.report!r}"
    with serve(SAMPLE) as server:
        server.stop()
        assert "warning" not in server.report, f"expected no warning, found {server.report!r}"


def nobody_who_does_not_read_stops_it():
    """A test may look at the log when all is over: 20,000 misses fill every pipe."""
    with serve(SAMPLE, "--log", "json") as server, player.open_channel(server.address) as channel:
        call = channel.unary_unary("/nobody/Knows", request_serializer=bytes, response_deserializer=bytes)
        for _ in range(40):
            for asked in [call.future(b"") for _ in range(500)]:
                assert asked.exception(timeout=60) is not None
        server.process.send_signal(signal.SIGTERM)
        log, server.report = server.process.communicate(timeout=60)
        assert len(log.splitlines()) == 20_000, f"expected 20000 lines, found {len(log.splitlines())}"
        assert "missed 20000," in server.report, f"found {server.report[-300:]!r}"


def it_ends_though_nobody_ever_reads():
    """terminate() and wait(), as tests do that do not care for the log: pipes hold 64 KiB."""
    with serve(SAMPLE, "--log", "json") as server, player.open_channel(server.address) as channel:
        call = channel.unary_unary("/nobody/Knows", request_serializer=bytes, response_deserializer=bytes)
        for asked in [call.future(b"") for _ in range(2000)]:
            assert asked.exception(timeout=60) is not None
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=60) == 0, f"expected exit 0, found {server.process.returncode}"
        log, server.report = server.process.communicate()
        assert log.startswith('{"call": '), f"expected what pipes hold of the log, found {log[:40]!r}"


TESTS = [
    ("SIGTERM ends serve with a report", ends_on(signal.SIGTERM)),
    ("SIGINT ends serve with a report", ends_on(signal.SIGINT)),
    ("SIGHUP ends serve with a report", ends_on(signal.SIGHUP)),
    ("SIGHUP is ignored where nohup has it so", hanging_up_is_ignored_under_nohup),
    ("SIGINT ends serve that a shell put in the background", ends_on_sigint_when_started_with_it_ignored),
    ("--verify wants every call and no other", verify_wants_every_call),
    ("without --verify an unasked call is no failure", an_unasked_call_is_no_failure_without_verify),
    ("an address in use is exit 2", an_address_in_use_is_exit_2),
    ("a second server on the same port is exit 2", a_second_server_on_the_same_port_is_exit_2),
    ("several endpoints answer", several_endpoints_answer),
    ("a miss says why", a_miss_says_why),
    ("a client after the end gets UNAVAILABLE", a_client_after_the_end_gets_unavailable),
    ("what cannot be served is exit 2", what_cannot_be_served_is_exit_2),
    ("killed while serving, it starts again on the same port", killed_and_started_again("127.0.0.1:0")),
    ("killed while serving, it starts again on the same Unix path", killed_and_started_again("unix:FOLDER/serve.sock")),
    ("a Unix path that answers is in use, and stays so", a_unix_path_in_use_is_exit_2),
    ("a second signal ends it at once", a_second_signal_ends_at_once),
    ("what other machines can reach is warned of", a_warning_for_what_others_can_reach),
    ("nobody who does not read the log stops it", nobody_who_does_not_read_stops_it),
    ("terminated, it ends though nobody ever reads its log", it_ends_though_nobody_ever_reads),
]

if __name__ == "__main__":
    report.run(TESTS)
