"""Counts single tests over all programs of a ctest run: tally.py JUNIT.xml...

A Qt Test program tells its counts in its "Totals:" line, an interop script has a line for each test. A
program that ended without either, or badly though none of its tests failed, counts as one failure.
"""

import collections
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

TOTALS = re.compile(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", re.M)
QT_SKIP = re.compile(r"^SKIP +: (\S+?\(.*?\)) ?(.*)$", re.M)
QT_FAIL = re.compile(r"^(?:FAIL!|XPASS) +: (.*)$", re.M)
LINE = re.compile(r"^(ok|not ok|skip) - (.*)$", re.M)


def main(paths):
    passed = failed = skipped = 0
    failures = []
    skips = collections.Counter()
    for path in paths:
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            name, text = case.get("name"), case.findtext("system-out") or ""
            counts = [sum(map(int, column)) for column in zip(*TOTALS.findall(text))] or [0, 0, 0]
            failures += [f"{name}: {line}" for line in QT_FAIL.findall(text)]
            for test, why in QT_SKIP.findall(text):
                skips[why or test] += 1
            for word, rest in LINE.findall(text):
                counts[("ok", "not ok", "skip").index(word)] += 1
                if word == "not ok":
                    failures.append(f"{name}: {rest}")
                elif word == "skip":
                    skips[rest.partition(": ")[2] or rest] += 1
            if case.find("failure") is not None and counts[1] == 0 or sum(counts) == 0:
                counts[1] += 1
                failures.append(f"{name}: ended without telling of a failed test ({case.get('status')}):\n{text[-2000:]}")
            passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
    for failure in failures:
        print(f"FAILED  {failure}")
    for why, count in skips.most_common():
        print(f"SKIPPED {count}: {why}")
    recordings = os.environ.get("RETAKE_RECORDINGS", "")
    unseen = sum(count for why, count in skips.items() if "RETAKE_RECORDINGS" in why)
    if unseen and not os.path.isdir(recordings):
        print(f"\n!!! {unseen} tests on real recordings did not run, since there are none at {recordings!r}.\n"
              "!!! Set RETAKE_RECORDINGS to their folder.\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
