"""The part of Bootstrap's stylesheet that our pages use: python -m tests.used_bootstrap writes it anew.

A browser would wait for 31 kB otherwise, of which a page uses 2. A rule stays when each class of its selector is a word
of some string in our templates or scripts, so nothing can be missing; elements without a class stay too. Then variables
and animations go that nothing names any more.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import flask_bootstrap

GALLERY = Path(__file__).parent.parent / "gallery"
STATIC = GALLERY / "static"
WHOLE = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
USED = STATIC / "bootstrap.css"

STRING = re.compile(r"""'[^'\n]*'|"[^"\n]*"|`[^`]*`""")
WORD = re.compile(r"[A-Za-z][\w-]*")
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)
NEGATED = re.compile(r":not\([^)]*\)")
BETWEEN_SELECTORS = re.compile(r",(?![^(]*\))")
VARIABLE = re.compile(r"(?<=[{;])(--bs-[\w-]+):[^;}]*(?:;|(?=\}))")
NAMED_VARIABLE = re.compile(r"var\((--bs-[\w-]+)")
ANIMATION = re.compile(r"@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}")
EMPTY = re.compile(r"(?<=\})[^{}@]+\{\}")
NOTE = "/* Only what our pages use; made by `make styles`. */"


def used() -> str:
    """The stylesheet as it should lie in static/, a rule a line."""
    whole = WHOLE.read_text(encoding="utf-8")
    licence = LICENCE.search(whole)
    assert licence is not None
    kept = _without_leftovers("".join(_kept(LICENCE.sub("", whole), _words())))
    lines = kept.replace("}", "}\n").replace("\n}", "}")
    return f"{licence[0]}\n{NOTE}\n{lines}"


def _words() -> set[str]:
    pages = [*GALLERY.rglob("*.html"), *(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)]
    strings = (found for path in pages for found in STRING.findall(path.read_text(encoding="utf-8")))
    return {word for each in strings for word in WORD.findall(each)}


def _kept(rules: str, words: set[str]) -> Iterator[str]:
    for head, body in _blocks(rules):
        if head.startswith(("@media", "@supports")):
            inner = "".join(_kept(body, words))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [each for each in BETWEEN_SELECTORS.split(head) if _is_used(each, words)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _blocks(rules: str) -> Iterator[tuple[str, str]]:
    """Each rule's head, and what stands between its braces."""
    start = depth = opened = 0
    for place in re.finditer(r"[{};]", rules):
        if place[0] == "{":
            depth += 1
            opened = opened if depth > 1 else place.start()
        elif place[0] == "}":
            depth -= 1
            if not depth:
                yield rules[start:opened].strip(), rules[opened + 1 : place.start()]
                start = place.end()
        elif not depth:
            start = place.end()


def _is_used(selector: str, words: set[str]) -> bool:
    return "[data-bs-" not in selector and words.issuperset(CLASS.findall(NEGATED.sub("", selector)))


def _without_leftovers(rules: str) -> str:
    ours = "".join(path.read_text(encoding="utf-8") for path in STATIC.rglob("*.css") if path != USED)
    before = ""
    while rules != before:
        before, named = rules, set(NAMED_VARIABLE.findall(rules + ours))
        rules = VARIABLE.sub(lambda found, named=named: found[0] if found[1] in named else "", rules)
        rules = EMPTY.sub("", rules)
    return ANIMATION.sub(
        lambda found: found[0] if re.search(rf"animation[\w-]*:[^;}}]*{found[1]}", rules) else "", rules
    )


if __name__ == "__main__":
    USED.write_text(used(), encoding="utf-8")
    print(USED)
