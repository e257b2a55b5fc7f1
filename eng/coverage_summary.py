"""Turns the coverage files of a test run (Cobertura XML) into a Markdown table."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(directory: Path) -> int:
    """Print the covered lines and branches of each assembly. Return 1 if there is no coverage file, else 0."""
    files = sorted(directory.rglob("coverage.cobertura.xml"), key=lambda path: path.stat().st_mtime)
    if not files:
        print(f"no coverage file below {directory}")
        return 1
    root = ET.parse(files[-1]).getroot()
    print("\n| assembly | lines | branches |\n| --- | ---: | ---: |")
    for package in root.iterfind(".//package"):
        lines, branches = float(package.get("line-rate", 0)), float(package.get("branch-rate", 0))
        print(f"| {package.get('name')} | {lines:.1%} | {branches:.1%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
