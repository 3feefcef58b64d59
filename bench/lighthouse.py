"""What Google's Lighthouse says of the public pages on a telephone: python -m bench lighthouse [ADDRESS] [--runs 3].

Without an address the demo is drawn and served. Lighthouse 12 comes with `npm ci --prefix bench/node`, with Node.js 18
or later, and uses Debian's chromium at its own settings for a telephone: a slow processor and slow 4G, both computed.
Its marks for accessibility, good practices and search engines are exact; those for speed are low on a busy machine, and
differ from run to run: of each page the run with the middle mark for speed is told. Ends with status 1 when one of the
exact ones is under 100, and with 2 when Lighthouse is not installed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from bench.pages import ARGUMENTS, CHROMIUM, ROOT, demo

LIGHTHOUSE = ROOT / "bench" / "node" / "node_modules" / ".bin" / "lighthouse"
PAGES = {
    "home": "/", "gallery": "/objets", "an item": "{item}", "search": "/recherche", "in English": "/en/objets",
}  # fmt: skip
SPEED = "performance"
PAGE_SECONDS = 180
Report = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Print the four marks of each page, and what costs points."""
    parser = argparse.ArgumentParser(prog="bench lighthouse", description=__doc__)
    parser.add_argument("address", nargs="?", help="of a service that runs; without it the demo is served")
    parser.add_argument("--runs", type=int, default=3, help="of each page")
    options = parser.parse_args(arguments)
    if not LIGHTHOUSE.exists():
        print("Lighthouse is not installed: npm ci --prefix bench/node")
        sys.exit(2)
    if options.address:
        is_perfect = _judge(options.address.rstrip("/"), options.runs)
    else:
        with demo() as address:
            is_perfect = _judge(address, options.runs)
    sys.exit(0 if is_perfect else 1)


def _judge(address: str, runs: int) -> bool:
    with urllib.request.urlopen(f"{address}/objets") as answer:
        item = re.search(r'href="(/objets/[0-9A-Z-]+)"', answer.read().decode())
    assert item is not None, "the service has no published item"
    is_perfect = True
    for name, path in PAGES.items():
        report = _middle([_report(address + path.format(item=item[1])) for _ in range(runs)])
        marks = {kind: round(100 * each["score"]) for kind, each in report["categories"].items()}
        print(f"{name:12}" + "".join(f"{kind} {mark}  " for kind, mark in marks.items()), flush=True)
        for line in _lost(report):
            print(f"  {line}")
        is_perfect = is_perfect and all(mark == 100 for kind, mark in marks.items() if kind != SPEED)
    return is_perfect


def _middle(reports: list[Report]) -> Report:
    """The report whose mark for speed is in the middle."""
    return sorted(reports, key=lambda each: float(each["categories"][SPEED]["score"]))[len(reports) // 2]


def _report(address: str) -> Report:
    """Lighthouse's report of one page, in a browser that has nothing yet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [
            str(LIGHTHOUSE),
            address,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--output-path={file}",
            f"--chrome-flags={' '.join(ARGUMENTS)}",
        ]
        environment = {**os.environ, "CHROME_PATH": str(CHROMIUM), "TMPDIR": folder}
        # Chromium sometimes misses the beginning of a page, and Lighthouse then asks to be run again.
        if subprocess.run(command, env=environment, timeout=PAGE_SECONDS).returncode:
            subprocess.run(command, env=environment, check=True, timeout=PAGE_SECONDS)
        report: Report = json.loads(file.read_text("utf-8"))
    assert "runtimeError" not in report, report["runtimeError"]
    return report


def _lost(report: Report) -> list[str]:
    """What costs points, by kind."""
    found = []
    for kind, category in report["categories"].items():
        for each in category["auditRefs"]:
            audit = report["audits"][each["id"]]
            if each["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{kind}: {audit['title']} {audit.get('displayValue', '')} ({audit['score']:.2f})")
    return found
