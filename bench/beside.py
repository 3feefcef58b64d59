"""A benchmark at another commit and as the files are now, in one run: python -m bench beside COMMIT NAME [ARGUMENTS].

The commit is checked out beside these, with this environment's libraries, and both run NAME in turns, so that whatever
else the machine does weighs on both alike. Of each line that a benchmark prints the medians of its numbers are shown,
and their ratio, present by former. No limit: what is slower without a reason is looked into.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent.parent
NUMBER = re.compile(r"(?<![\w./=-])\d+(?:\.\d+)?(?![\w/])")
Lines = dict[str, list[tuple[float, ...]]]


def main(arguments: list[str]) -> None:
    """Print both commits' figures, line by line."""
    parser = argparse.ArgumentParser(prog="bench beside", description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("name")
    parser.add_argument("--rounds", type=int, default=3)
    options, given = parser.parse_known_args(arguments)
    # Folders are meant from here, wherever the other commit lies.
    rest = [str(Path(each).resolve()) if Path(each).is_dir() else each for each in given]
    former: Lines = defaultdict(list)
    present: Lines = defaultdict(list)
    with _checked_out(options.commit) as folder:
        for number in range(options.rounds):
            trees = [(folder, former), (HERE, present)]
            for tree, lines in trees if number % 2 else reversed(trees):
                for label, numbers in _figures(_run(tree, [options.name, *rest])):
                    lines[label].append(numbers)
    print(f"former {options.commit}, present, present by former; medians of {options.rounds} runs each")
    for line in _compared(former, present):
        print(line)


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "former"
        _git("worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            catalogues = [sys.executable, "-m", "babel.messages.frontend", "compile", "-d", "gallery/translations"]
            subprocess.run(catalogues, cwd=tree, check=True, capture_output=True)  # noqa: S603  of ours
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=HERE, check=True)  # noqa: S603, S607  whose git it is, the developer says


def _run(tree: Path, arguments: Sequence[str]) -> str:
    command = [sys.executable, "-m", "bench", *arguments]
    # What it says of an error of its own is for whoever has asked.
    return subprocess.run(command, cwd=tree, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  of ours


def _figures(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each line that has numbers: what stands before the first one, or else around them, and they.

    A row of nothing but numbers goes by its first, which says of how many photos the others are.

    >>> list(_figures("home    1.5   20  over\\nsearch: 3 ms\\nno number\\n4 photos n2\\n  4500   28  3.1"))
    [('home', (1.5, 20.0)), ('search:', (3.0,)), ('photos n2', (4.0,)), ('4500', (28.0, 3.1))]
    """
    for line in text.splitlines():
        numbers = tuple(map(float, NUMBER.findall(line)))
        words = " ".join(NUMBER.sub(" ", line).split())
        if numbers and words:
            yield NUMBER.split(line)[0].strip() or words, numbers
        elif numbers:
            yield f"{numbers[0]:g}", numbers[1:]


def _compared(former: Mapping[str, list[tuple[float, ...]]], present: Lines) -> Iterator[str]:
    """
    >>> list(_compared({"home": [(1.0, 4.0), (3.0, 4.0), (2.0, 5.0)]}, {"home": [(1.0, 2.0)], "new": [(1.0,)]}))
    ['home: 2 4, 1 2, 0.50 0.50']
    """
    for label in [each for each in present if each in former]:
        then, now = ([median(column) for column in zip(*lines[label], strict=False)] for lines in (former, present))
        ratios = (f"{new / old:.2f}" if old else "-" for old, new in zip(then, now, strict=False))
        yield f"{label}: {' '.join(map(_short, then))}, {' '.join(map(_short, now))}, {' '.join(ratios)}"


def _short(number: float) -> str:
    return f"{number:g}"
