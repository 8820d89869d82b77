"""Runs retake-cli, and its server, for the interop tests."""

import contextlib
import json
import os
import signal
import subprocess
import threading

CLI = os.environ.get("RETAKE_CLI", "retake-cli")


def cli(*arguments, stdin=b""):
    """Runs retake-cli to its end: (exit code, standard output, standard error)."""
    done = subprocess.run([CLI, *map(str, arguments)], input=stdin, capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def cli_ok(*arguments):
    code, out, err = cli(*arguments)
    assert code == 0, f"retake-cli {' '.join(map(str, arguments))}: exit {code}: {err.strip()}"
    return out


def info(path):
    return json.loads(cli_ok("info", path, "--json"))


class Server:
    def __init__(self, process, address):
        self.process = process
        self.address = address
        self.report = None

    def stop(self, with_signal=signal.SIGTERM):
        """Ends the server; gives its exit code and keeps its report."""
        if self.report is None:
            self.process.send_signal(with_signal)
            _, self.report = self.process.communicate(timeout=30)
        return self.process.returncode


@contextlib.contextmanager
def listening(*arguments):
    """retake-cli with these arguments, from the line that says that it is ready to its end."""
    what = " ".join(map(str, arguments[:2]))
    process = subprocess.Popen([CLI, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watchdog = threading.Timer(300, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline().strip()
        if not line.startswith("listening on "):
            _, errors = process.communicate(timeout=30)
            raise AssertionError(f"{what}: expected 'listening on ADDR', found {line!r}: {errors.strip()}")
        server = Server(process, line.removeprefix("listening on "))
        yield server
        code = server.stop()
        assert code == 0 or "--verify" in arguments, f"{what}: exit {code}: {server.report.strip()}"
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.kill()
            process.communicate()


def serve(path, *options, listen="127.0.0.1:0"):
    """`retake-cli serve`. Without `listen` the options say where."""
    return listening("serve", path, *(["--listen", listen] if listen else []), *options)


def record(path, upstream, *options, listen="127.0.0.1:0"):
    """`retake-cli record` of what clients say to the service at `upstream`; None: there is none."""
    where = ["--upstream", upstream] if upstream else []
    return listening("record", "-o", path, *where, "--listen", listen, *options)
