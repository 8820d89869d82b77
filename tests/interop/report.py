"""One line a test, which ../run counts: "ok - name", "not ok - name", "skip - name: why"."""

import os
import sys
import traceback


class Skip(Exception):
    pass


def here(*parts):
    return os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), *parts))


def recordings():
    """The folder of recordings that nobody here wrote."""
    folder = os.environ.get("RETAKE_RECORDINGS") or here("..", "..", "..", "shared", "recordings")
    if not os.path.isdir(folder):
        raise Skip(f"no real recordings at {folder} (RETAKE_RECORDINGS)")
    return folder


def tool(variable, what):
    """The program that an environment variable names."""
    path = os.environ.get(variable, "")
    if not os.access(path, os.X_OK):
        raise Skip(f"no {what} ({variable})")
    return path


def run(tests):
    """Runs (name, function) pairs and exits."""
    failed = 0
    for name, function in tests:
        try:
            function()
            print(f"ok - {name}", flush=True)
        except Skip as why:
            print(f"skip - {name}: {why}", flush=True)
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            if not isinstance(error, AssertionError):
                traceback.print_exc()
            print(f"not ok - {name}: {error or traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)
