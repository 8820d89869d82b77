"""A screen of its own with a window manager, and a hand on its keyboard: Xvfb, openbox, xdotool."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time

import report


class Screen:
    def __init__(self, display, folder):
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
                            "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder,
                            "XDG_CACHE_HOME": folder, "XDG_RUNTIME_DIR": folder, "LC_ALL": "C.UTF-8"}
        for unwanted in ("WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "XMODIFIERS", "QT_IM_MODULE"):
            self.environment.pop(unwanted, None)
        self.window = None

    def start(self, *arguments):
        return subprocess.Popen(list(map(str, arguments)), env=self.environment)

    def xdotool(self, *arguments):
        done = subprocess.run(["xdotool", *map(str, arguments)], env=self.environment, capture_output=True, text=True,
                              timeout=60)
        assert done.returncode == 0, f"xdotool {' '.join(map(str, arguments))}: {done.stderr.strip()}"
        return done.stdout.strip()

    def answers(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, timeout=60,
                              check=False).returncode == 0

    def wait_for_window(self, title, seconds=60):
        """Waits for a visible window with this in its title and gives it the keyboard."""
        self.window = until(f"a window titled {title!r}", lambda: self.windows(title), seconds)[-1]
        self.xdotool("windowactivate", "--sync", self.window)

    def windows(self, title):
        """The visible windows with this in their titles."""
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], env=self.environment,
                              capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.split()

    def title(self):
        return self.xdotool("getwindowname", self.window)

    def keys(self, *names):
        self.xdotool("key", "--delay", 60, *names)

    def type(self, text):
        self.xdotool("type", "--delay", 12, text)

    def click(self, x, y):
        """Clicks in the window, at fractions of its width and height."""
        rows = self.xdotool("getwindowgeometry", "--shell", self.window).splitlines()
        geometry = dict(row.split("=", 1) for row in rows)
        at = (int(x * int(geometry["WIDTH"])), int(y * int(geometry["HEIGHT"])))
        self.xdotool("mousemove", "--sync", "--window", self.window, *at, "click", 1)

    def picture(self, path):
        """Keeps what is on the screen; tells nothing when it cannot."""
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", path], env=self.environment, timeout=60, check=False)


def until(what, question, seconds=20):
    """Asks until the answer is true, and gives it."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < end, f"expected {what} within {seconds} s"
        time.sleep(0.05)


@contextlib.contextmanager
def screen(size="1600x1000"):
    for program in ("Xvfb", "xdotool", "openbox"):
        if not shutil.which(program):
            raise report.Skip(f"no {program}")
    with tempfile.TemporaryDirectory() as folder:
        read_end, write_end = os.pipe()
        server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", size + "x24", "-nolisten", "tcp"],
                                  pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as display:
            number = display.readline().strip()
        assert number, "Xvfb did not start"
        hand = Screen(":" + number, folder)
        manager = hand.start("openbox")
        try:
            # Only a window manager tells how many desktops there are; before it, keys go nowhere.
            until("a window manager", lambda: hand.answers("get_num_desktops"))
            yield hand
        finally:
            for process in (manager, server):
                process.terminate()
                process.wait(timeout=20)
