"""Sums up test results (TRX files): names each failed test, and counts all in the last line.

Fails in two cases in which ``dotnet test`` succeeds: when no test ran, and when a test was skipped unexpectedly.
"""

from __future__ import annotations

import argparse
import io
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

_NAMESPACE = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}
_LONGEST_MESSAGE = 1000


def main() -> int:
    """Read the results named on the command line and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="where the TRX files are")
    parser.add_argument("--expect", action="append", default=[], help="a suite that must have run at least one test")
    parser.add_argument("--allow-skip", action="append", default=[], help="how the reason of an expected skip begins")
    parser.add_argument(
        "--only-failures",
        help="succeed only if there are failures, and in the suites of --expect each message begins so",
    )
    options = parser.parse_args()

    passed = failed = skipped = 0
    problems = []
    messages = []
    suites = dict.fromkeys(options.expect, 0)
    for path in _newest_of_each_suite(options.directory):
        content = _read(path)
        if content is None:
            problems.append(f"{path.name} is not complete: the run of its tests was interrupted, or the disk was full")
            continue
        failed_before = failed
        for result in content.iterfind(".//t:UnitTestResult", _NAMESPACE):
            name, outcome = result.get("testName", "?"), result.get("outcome")
            for suite in suites:
                suites[suite] += path.name.startswith(suite)
            if outcome == "Passed":
                passed += 1
            elif outcome == "NotExecuted":
                skipped += 1
                reason = result.findtext(".//t:ErrorInfo/t:Message", "no reason given", _NAMESPACE).strip()
                print(f"skipped: {name}: {reason}")
                if not reason.startswith(tuple(options.allow_skip)):
                    problems.append(f"unexpected skip: {name}")
            else:
                failed += 1
                message = result.findtext(".//t:ErrorInfo/t:Message", "", _NAMESPACE).strip()
                print(f"failed: {name}: {_start_of(message)}")
                if path.name.startswith(tuple(options.expect)):
                    messages.append(message)
        summary = content.find(".//t:ResultSummary", _NAMESPACE)
        if summary is not None and summary.get("outcome") == "Failed" and failed == failed_before:
            reason = " ".join(text.text or "" for text in summary.iterfind(".//t:RunInfo/t:Text", _NAMESPACE))
            problems.append(f"the run of {path.name} has failed although none of its tests has: {_start_of(reason)}")
    problems += [f"no test of {suite} ran" for suite, count in suites.items() if count == 0]
    problems += [] if passed + failed + skipped else [f"no test ran whose results are in {options.directory}"]
    for problem in problems:
        print(problem)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    if options.only_failures is not None:
        return 0 if messages and all(message.startswith(options.only_failures) for message in messages) else 1
    return 1 if problems or failed else 0


def _start_of(message: str) -> str:
    """Return what fits between the other lines of a log. A message may hold whole tables."""
    if len(message) <= _LONGEST_MESSAGE:
        return message
    return message[:_LONGEST_MESSAGE] + " … (the rest is in the log above)"


def _newest_of_each_suite(directory: Path) -> list[Path]:
    """Return the results of the last run of each suite. The directory may hold results of earlier runs too.

    A file without a result does not count: with a filter, each suite writes a file, even if none of its tests ran.
    """
    newest: dict[str, Path] = {}
    for path in sorted(directory.glob("*.trx"), key=lambda path: path.stat().st_mtime):
        suite = path.name.split("_")[0]
        content = _read(path)
        if suite not in newest or content is None or content.find(".//t:UnitTestResult", _NAMESPACE) is not None:
            newest[suite] = path
    return list(newest.values())


def _read(path: Path) -> ET.ElementTree[ET.Element] | None:
    """Return the content of a file of results, or None if the file ends too early."""
    try:
        return ET.parse(path)
    except ET.ParseError:
        return None


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a message may have characters that the terminal lacks
    sys.exit(main())
