"""`retake-cli record` between clients and services that nobody here wrote: what it writes is judged by the real Go
package, and replays to the same clients with the service gone."""

import contextlib
import functools
import json
import os
import queue
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

import grpc

import player
import replay_file
import report
from endpoints import Certificates
from oracle import intstore, judge, oracle, real_files
from replay_all import play_in_order
from serving import CLI, cli, cli_ok, info, record, serve

SAMPLE = report.here("..", "..", "resources", "samples", "depot.replay")
SAMPLE_SCHEMA = SAMPLE.replace(".replay", ".proto")


@contextlib.contextmanager
def int_store():
    """The real service, with the real client's script; gives its address."""
    process = subprocess.Popen([oracle(), "serve", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[1]
    finally:
        process.kill()
        process.communicate()


def script_recorded(out, *options):
    with int_store() as service, record(out, service, *options) as proxy:
        assert "script: ok" in judge(oracle(), "client", proxy.address)


def printed(path):
    """What Go prints of it, but for the initial state."""
    return judge(oracle(), "print", path).split("\n", 1)[1]


def writes_what_the_go_recorder_writes(*options):
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = os.path.join(folder, "ours.replay"), os.path.join(folder, "theirs.replay")
        script_recorded(ours, "--schema", intstore()[1], *options)
        judge(oracle(), "record", theirs)
        assert printed(ours) == printed(theirs), f"expected\n{printed(theirs)}found\n{printed(ours)}"
        judge(oracle(), "load", ours)
        assert "script: ok" in judge(oracle(), "replay", ours)
        with open(ours, "rb") as file:
            has_extras = re.search(rb"\xc1\x3e", file.read()) is not None  # field 1000, 64 bits
        assert has_extras == ("--plain" not in options), f"extra fields: {has_extras}"


def replays_to_the_go_client(*options):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        script_recorded(out, *options)
        with serve(out, "--verify") as server:
            assert "script: ok" in judge(oracle(), "client", server.address)
            assert server.stop() == 0, server.report


def types_come_later():
    with tempfile.TemporaryDirectory() as folder:
        out, typed = os.path.join(folder, "out.replay"), os.path.join(folder, "typed.replay")
        script_recorded(out)
        assert len(info(out)["problems"]) == 1, info(out)["problems"]
        cli_ok("edit", out, "-o", typed, "--types", "--schema", intstore()[1])
        assert not info(typed)["problems"], info(typed)["problems"]
        judge(oracle(), "load", typed)


def the_service_tells_its_types():
    """A stand-in with a schema answers reflection: what is recorded of it needs no schema."""
    with tempfile.TemporaryDirectory() as folder:
        for options, problems in (((), 0), (("--no-reflection",), 1)):
            out = os.path.join(folder, "out%d.replay" % problems)
            with serve(SAMPLE, "--schema", SAMPLE_SCHEMA) as service:
                with record(out, service.address, *options) as proxy:
                    with player.open_channel(proxy.address) as channel:
                        play_in_order(SAMPLE, channel)
                    assert proxy.stop() == 0 and "inferred" not in proxy.report, proxy.report
            assert len(info(out)["problems"]) == problems, info(out)["problems"]


def a_service_without_reflection_is_told():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        with int_store() as service:
            for options, told in (((), True), (("--no-reflection",), False)):
                with record(out, service, "--mode", "all", *options) as proxy:
                    assert proxy.stop() == 0, proxy.report
                    sentence = "types and kinds are inferred: the service gave no schema by reflection"
                    assert (sentence in proxy.report) == told, proxy.report


def a_service_that_starts_later_is_asked():
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as early:
        out = os.path.join(folder, "out.replay")
        upstream = "127.0.0.1:%d" % early.getsockname()[1]
        early.settimeout(60)
        process = subprocess.Popen([CLI, "record", "-o", out, "--upstream", upstream, "--listen", "127.0.0.1:0"],
                                   stdout=subprocess.PIPE, text=True)
        try:
            early.accept()[0].close()  # it has asked, in vain
            early.close()
            with serve(SAMPLE, "--schema", SAMPLE_SCHEMA, listen=upstream):
                with player.open_channel(process.stdout.readline().strip().removeprefix("listening on ")) as channel:
                    play_in_order(SAMPLE, channel)
                process.terminate()
                assert process.wait(60) == 0
        finally:
            process.kill()
            process.communicate()
        assert not info(out)["problems"], info(out)["problems"]


def a_signal_ends_it_while_types_are_asked_for():
    """SIGINT and SIGTERM are for the first thread, which lets them end it at once while the service is asked for types.
    gRPC's threads stay for a while, and one that took them then would lose the report."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        process = subprocess.Popen([CLI, "record", "-o", os.path.join(folder, "out.replay"), "--mode", "all",
                                    "--upstream", "127.0.0.1:%d" % silent.getsockname()[1]])
        try:
            with silent.accept()[0]:
                tasks = f"/proc/{process.pid}/task"
                for task in os.listdir(tasks):
                    try:
                        with open(f"{tasks}/{task}/status", encoding="utf-8") as file:
                            blocked = int(re.search(r"SigBlk:\s*(\w+)", file.read())[1], 16)
                    except (FileNotFoundError, ProcessLookupError):
                        continue  # it has ended meanwhile
                    for number in (signal.SIGINT, signal.SIGTERM):
                        assert (blocked >> (number - 1) & 1 == 0) == (task == str(process.pid)), f"{task}: {blocked:x}"
                process.terminate()
                assert process.wait(60) == -signal.SIGTERM
        finally:
            process.kill()
            process.wait()


def the_mode_is_kept_with_the_recording():
    with tempfile.TemporaryDirectory() as folder:
        out, workspace = os.path.join(folder, "out.replay"), os.path.join(folder, "out.retake")
        with open(workspace, "w", encoding="utf-8") as file:
            file.write("record { mode: NONE }")
        code, _, err = cli("record", "-o", out, "--workspace", workspace)
        assert code == 2 and "--mode none: expected a recording" in err, err


def a_recording_through_the_proxy(path, schema):
    """A stand-in is the service, the proxy records it, and replays without it."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        with serve(path, "--schema", schema) as service, record(out, service.address, "--schema", schema) as proxy:
            with player.open_channel(proxy.address) as channel:
                calls = play_in_order(path, channel)
        told = info(out)
        assert told["calls"] == len(calls) and not told["problems"], told
        if path != SAMPLE:  # whose types the Go program does not link
            judge(oracle(), "load", out)
        with serve(out, "--verify", "--schema", schema) as replay:
            with player.open_channel(replay.address) as channel:
                play_in_order(path, channel)
            assert replay.stop() == 0, replay.report


def kill_leaves_what_was_recorded():
    _, _, calls = replay_file.read(SAMPLE)
    stream = next(call for call in calls if call.is_stream and len(call.sends) > 1)
    unary = next(call for call in calls if not call.is_stream)
    with tempfile.TemporaryDirectory() as folder:
        out, mended = os.path.join(folder, "out.replay"), os.path.join(folder, "mended.replay")
        with serve(SAMPLE) as service:
            try:
                with record(out, service.address, "--schema", SAMPLE_SCHEMA) as proxy:
                    with player.open_channel(proxy.address) as channel:
                        player.unary(channel, unary)
                        under_way = player.Stream(channel, stream)
                        for message in stream.sends[:1]:
                            under_way.send(message)
                        under_way.receive()
                        wait_for_entries(out, 2 + 2)
                        proxy.process.kill()
                        proxy.process.wait(timeout=20)
            except AssertionError as gone:
                assert "exit -9" in str(gone), gone
        told = info(out)
        assert told["calls"] == 2, told
        # The next episode replays what was over, and asks the service for what was not.
        with serve(SAMPLE) as service, \
                record(out, service.address, "--mode", "new_episodes", "--schema", SAMPLE_SCHEMA) as proxy:
            with player.open_channel(proxy.address) as channel:
                assert player.unary(channel, unary)[1].code == unary.answer()[1].code
                assert player.stream(channel, stream) == stream.answer()
            assert proxy.stop() == 0 and "recorded 1 call" in proxy.report, proxy.report
        with serve(out, "--verify") as replay:
            with player.open_channel(replay.address) as channel:
                player.unary(channel, unary)
                assert player.stream(channel, stream) == stream.answer()
            assert replay.stop() == 0, replay.report
        cli_ok("edit", out, "-o", mended, "--repair", "--schema", SAMPLE_SCHEMA)
        assert not info(mended)["problems"], info(mended)["problems"]


def a_full_disk_ends_the_recording_and_not_the_calls():
    if os.geteuid() != 0:
        raise report.Skip("only root can mount a small disk")
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode:
            raise report.Skip("no small disk can be mounted here")
        try:
            out = os.path.join(folder, "out.replay")
            method = "/intstore.IntStore/Set"
            with int_store() as service:
                try:
                    with record(out, service, "--schema", intstore()[1]) as proxy:
                        with player.open_channel(proxy.address) as channel:
                            call = channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)
                            name = b"n" * 1000
                            for _ in range(200):
                                call(b"\x0a\xe8\x07" + name, timeout=20)
                        code = proxy.stop()
                        assert code == 2, f"expected exit 2, found {code}"
                        raise AssertionError(proxy.report)
                except AssertionError as told:
                    text = str(told)
                    assert "No space left on device" in text and "calls go on" in text, text
                    assert text.count("nothing is recorded from here on") == 1, text
            told = info(out)
            assert 20 < told["calls"] < 60, told["calls"]
            assert "tail" not in json.dumps(told["problems"]), told["problems"]
        finally:
            subprocess.run(["umount", folder], check=True)


@contextlib.contextmanager
def silent():
    """A service that takes connections and never says a word."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield "127.0.0.1:%d" % taken.getsockname()[1]


def wait_for_entries(path, count):
    """Asks again and again: nothing tells when a proxy has written."""
    end = time.monotonic() + 60
    while info(path)["entries"] < count:
        assert time.monotonic() < end, f"{path}: expected {count} entries, found {info(path)['entries']}"


def outcome_of(address, method, request, timeout):
    with player.open_channel(address) as channel:
        call = channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)
        try:
            call(request, timeout=timeout)
        except grpc.RpcError as error:
            return error.code(), error.details()
    return grpc.StatusCode.OK, ""


def the_service_dies_in_the_middle_of_a_call():
    _, _, calls = replay_file.read(SAMPLE)
    chat = next(call for call in calls if call.is_stream and len(call.sends) > 1)
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        process = subprocess.Popen([CLI, "serve", SAMPLE, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            service = process.stdout.readline().split()[-1]
            with record(out, service, "--schema", SAMPLE_SCHEMA) as proxy, player.open_channel(proxy.address) as channel:
                call = channel.stream_stream(chat.method, request_serializer=bytes, response_deserializer=bytes)
                left = queue.SimpleQueue()
                left.put(chat.sends[0])
                answers = call(iter(left.get, None), timeout=60)
                # A reader of its own: nothing may come before the service is gone.
                seen = queue.SimpleQueue()
                threading.Thread(target=lambda: seen.put(ending(answers)), daemon=True).start()
                wait_for_entries(out, 2)
                process.kill()
                code, text = seen.get(timeout=30)
                left.put(None)
                assert code == grpc.StatusCode.UNAVAILABLE, (code, text)
                proxy.stop()
            assert f"the upstream {service} is gone" in proxy.report, proxy.report
        finally:
            process.kill()
            process.communicate()
        told = info(out)
        assert told["calls"] == 1 and not told["problems"], told


def ending(answers):
    try:
        for _ in answers:
            pass
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


def a_service_that_never_answers():
    with tempfile.TemporaryDirectory() as folder, silent() as service:
        out = os.path.join(folder, "out.replay")
        with record(out, service, "--schema", intstore()[1]) as proxy:
            code, _ = outcome_of(proxy.address, "/intstore.IntStore/Get", b"", 0.5)
            assert code == grpc.StatusCode.DEADLINE_EXCEEDED, code
        printed_ = cli_ok("print", out)
        assert "DEADLINE_EXCEEDED" in printed_ and "cancelled by the deadline" in printed_, printed_
        assert not info(out)["problems"], info(out)["problems"]


def a_service_that_is_not_there():
    with tempfile.TemporaryDirectory() as folder:
        with silent() as service:
            pass
        out = os.path.join(folder, "out.replay")
        with record(out, service, "--schema", intstore()[1]) as proxy:
            code, text = outcome_of(proxy.address, "/intstore.IntStore/Get", b"", 20)
            assert code == grpc.StatusCode.UNAVAILABLE and f"{service} cannot be reached" in text, (code, text)
            proxy.stop()
        assert "cannot be reached" in proxy.report, proxy.report
        assert not info(out)["problems"], info(out)["problems"]


def a_certificate_of_somebody_else():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        for name in ("mine", "other"):
            os.mkdir(os.path.join(folder, name))
        mine, other = Certificates(os.path.join(folder, "mine")), Certificates(os.path.join(folder, "other"))
        with serve(SAMPLE, "--tls-cert", mine.path("server.pem"), "--tls-key", mine.path("server.key")) as service:
            for trusted, expected in ((mine, grpc.StatusCode.OK), (other, grpc.StatusCode.UNAVAILABLE)):
                _, _, calls = replay_file.read(SAMPLE)
                call = next(c for c in calls if not c.is_stream and not c.answer()[1].code)
                with record(out, service.address, "--mode", "all", "--upstream-ca", trusted.path("ca.pem"), "--schema",
                            SAMPLE_SCHEMA) as proxy:
                    code, text = outcome_of(proxy.address, call.method, call.sends[0], 20)
                    assert code == expected, (code, text)
                    proxy.stop()
                if expected != grpc.StatusCode.OK:
                    assert "certificate" in text.lower() or "handshake" in text.lower() or "ssl" in text.lower(), text
                    assert "cannot be reached" in proxy.report, proxy.report
                assert not info(out)["problems"], info(out)["problems"]


def a_client_that_vanishes():
    _, _, calls = replay_file.read(SAMPLE)
    chat = next(call for call in calls if call.is_stream and len(call.sends) > 1)
    code = (f"import sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})\n"
            "import grpc, queue, sys, os\n"
            "channel = grpc.insecure_channel(sys.argv[1])\n"
            "call = channel.stream_stream(sys.argv[2], request_serializer=bytes, response_deserializer=bytes)\n"
            "left = queue.SimpleQueue(); left.put(bytes.fromhex(sys.argv[3]))\n"
            "answers = call(iter(left.get, None)); next(answers); print('got', flush=True); sys.stdin.read()\n")
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        with serve(SAMPLE) as service, record(out, service.address, "--schema", SAMPLE_SCHEMA) as proxy:
            client = subprocess.Popen(["/usr/bin/python3", "-c", code, proxy.address, chat.method, chat.sends[0].hex()],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert client.stdout.readline().strip() == "got"
            client.kill()
            client.communicate()
            wait_for_entries(out, 4)
        printed_ = cli_ok("print", out)
        assert "cancelled by the client" in printed_, printed_
        assert not info(out)["problems"], info(out)["problems"]


def first_calls_at_once():
    """A process that has not called anybody yet gets many calls together."""
    _, _, calls = replay_file.read(SAMPLE)
    call = next(c for c in calls if not c.is_stream and not c.answer()[1].code)
    with tempfile.TemporaryDirectory() as folder, serve(SAMPLE, "--reuse", "cycle") as service:
        for turn in range(8):
            out = os.path.join(folder, f"{turn}.replay")
            with record(out, service.address, "--schema", SAMPLE_SCHEMA) as proxy:
                clients, found = [], queue.SimpleQueue()
                for _ in range(12):
                    clients.append(threading.Thread(target=lambda: found.put(
                        outcome_of(proxy.address, call.method, call.sends[0], 30)[0])))
                for one in clients:
                    one.start()
                for one in clients:
                    one.join()
                codes = [found.get_nowait() for _ in clients]
                assert codes == [grpc.StatusCode.OK] * len(clients), codes
            assert info(out)["calls"] == 12, info(out)


def a_file_that_is_taken_away_is_exit_2():
    _, _, calls = replay_file.read(SAMPLE)
    unary = next(call for call in calls if not call.is_stream)
    with tempfile.TemporaryDirectory() as folder, serve(SAMPLE) as service:
        out = os.path.join(folder, "out.replay")
        try:
            with record(out, service.address, "--schema", SAMPLE_SCHEMA) as proxy:
                with player.open_channel(proxy.address) as channel:
                    player.unary(channel, unary)
                os.remove(out)
                code = proxy.stop()
                raise AssertionError(f"exit {code}: {proxy.report}")
        except AssertionError as told:
            assert "exit 2" in str(told) and "expected the file that is recorded into, found none" in str(told), told


def modes():
    _, _, calls = replay_file.read(SAMPLE)
    unary = [call for call in calls if not call.is_stream][:2]

    def ask_for(address, *wanted):
        with player.open_channel(address) as channel:
            return [player.unary(channel, call)[1].code for call in wanted]

    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        where = ("--listen", "127.0.0.1:0", "--schema", SAMPLE_SCHEMA)
        code, _, err = cli("record", "-o", out, "--mode", "none", *where)
        assert code == 2 and "expected a recording at" in err, err
        with serve(SAMPLE, "--reuse", "cycle") as service:
            # The second time it is replayed, by the same command line.
            for told in ("is not there: the service is recorded", "is there: it is replayed"):
                with record(out, service.address, "--mode", "once", *where[2:]) as proxy:
                    ask_for(proxy.address, unary[0])
                    proxy.stop()
                assert f"once: {out} {told}" in proxy.report, proxy.report
            with open(out, "rb") as file:
                first = file.read()
            assert info(out)["calls"] == 1
            code, _, err = cli("record", "-o", out, "--upstream", service.address, *where)
            assert code == 2 and "--mode all" in err, err
            with record(out, service.address, "--mode", "new_episodes", *where[2:]) as proxy:
                ask_for(proxy.address, unary[0], unary[1])
                assert proxy.stop() == 0 and "recorded 1 call" in proxy.report, proxy.report
            with open(out, "rb") as file:
                assert file.read().startswith(first), "expected what was recorded first to stay"
            assert info(out)["calls"] == 2
        with record(out, None, "--mode", "once", *where[2:]) as proxy:
            assert ask_for(proxy.address, unary[0], unary[1], unary[1])[2] == 2  # missed
        with serve(SAMPLE) as service, record(out, service.address, "--mode", "all", *where[2:]) as proxy:
            ask_for(proxy.address, unary[1])
        assert info(out)["calls"] == 1


def what_makes_no_sense_is_exit_2():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        for expected, options in (
                ("-o", ["--upstream", "127.0.0.1:1"]),
                ("--upstream: expected the address of the service that is recorded, found none", ["-o", out]),
                ("cannot use nowhere as an upstream", ["-o", out, "--upstream", "nowhere"]),
                ("expected all, none, once or new_episodes", ["-o", out, "--upstream", "127.0.0.1:1", "--mode", "x"]),
                ("-o -: expected a file", ["-o", "-", "--upstream", "127.0.0.1:1"]),
                ("expected a file, found a folder", ["-o", folder, "--upstream", "127.0.0.1:1"]),
                ("--plain: expected a schema", ["-o", out, "--upstream", "127.0.0.1:1", "--plain", "--no-reflection"]),
                ("cannot record into it", ["-o", os.path.join(folder, "no", "x"), "--upstream", "127.0.0.1:1"]),
                ("expected one of them, found both", ["-o", out, "--upstream", "127.0.0.1:1", "--initial-state", "a",
                                                      "--initial-state-as", "hex=00"])):
            code, printed_, err = cli("record", *options)
            assert (code, printed_) == (2, "") and expected in err, f"{options}: exit {code}: {err!r}"
        # A mistake leaves no file behind, and the one that was there.
        assert not os.path.exists(out), "expected no file"
        with serve(SAMPLE) as service:
            with open(out, "wb") as file:
                file.write(b"RPCReplay\0\0\0\0")
            code, _, err = cli("record", "-o", out, "--mode", "all", "--upstream", service.address,
                               "--listen", service.address)
            assert code == 2 and os.path.getsize(out) == 13, f"exit {code}: {err!r}"


def keeps_the_initial_state():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.replay")
        with int_store() as service:
            with record(out, service, "--schema", intstore()[1], "--initial-state-as",
                        "go-time=2026-01-02T03:04:05.000000006Z") as proxy:
                assert "script: ok" in judge(oracle(), "client", proxy.address)
        theirs = judge(oracle(), "load", intstore()[0]).splitlines()
        ours = judge(oracle(), "load", out).splitlines()
        assert [l for l in ours if "initial" in l] == [l for l in theirs if "initial" in l], (ours, theirs)


def tests():
    for options in ((), ("--plain",)):
        name = "Go's recorder and client, " + (" ".join(options) or "with extra fields")
        yield f"{name}: the same text", functools.partial(writes_what_the_go_recorder_writes, *options)
        for schema in (True,) if options else (True, False):
            yield (f"{name}, {'a' if schema else 'no'} schema: replays",
                   lambda o=options, s=schema: replays_to_the_go_client(*o, *(("--schema", intstore()[1]) if s else ())))
    yield "types come from a schema later", types_come_later
    yield "types come from the service's reflection", the_service_tells_its_types
    yield "a service without reflection is told", a_service_without_reflection_is_told
    yield "a service that starts later is asked for its types", a_service_that_starts_later_is_asked
    yield "a signal ends it while types are asked for", a_signal_ends_it_while_types_are_asked_for
    yield "the mode is kept with the recording", the_mode_is_kept_with_the_recording
    yield "the initial state is kept", keeps_the_initial_state
    yield "kill -9", kill_leaves_what_was_recorded
    yield "a full disk", a_full_disk_ends_the_recording_and_not_the_calls
    yield "the service dies in the middle of a call", the_service_dies_in_the_middle_of_a_call
    yield "the service never answers", a_service_that_never_answers
    yield "the service is not there", a_service_that_is_not_there
    yield "the service has somebody else's certificate", a_certificate_of_somebody_else
    yield "the client vanishes", a_client_that_vanishes
    yield "many first calls at once", first_calls_at_once
    yield "the file is taken away", a_file_that_is_taken_away_is_exit_2
    yield "modes", modes
    yield "options that make no sense", what_makes_no_sense_is_exit_2
    try:
        files = real_files() + [(SAMPLE, SAMPLE_SCHEMA)]
    except report.Skip:
        files = [(SAMPLE, SAMPLE_SCHEMA)]
    for path, schema in files:
        yield (f"{os.path.basename(path)} through the proxy and replayed",
               functools.partial(a_recording_through_the_proxy, path, schema))


if __name__ == "__main__":
    report.run(tests())
