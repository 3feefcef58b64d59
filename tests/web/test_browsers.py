"""What scripts may ask of a browser: the oldest that they serve are Chrome 92, Firefox 98 and Safari 15.4."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "gallery" / "static"
TEMPLATES = STATIC.parent / "templates"
GATE = "oldest.js"
COMMENT = re.compile(r"(?<!:)//[^\n]*|/\*.*?\*/", re.S)
# Younger than one of these three. Not all there is: what somebody may write without thinking of it.
METHODS = (
    "requestSubmit", "throwIfAborted", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "hasOwn",
    "groupBy", "fromAsync", "withResolvers", "canParse", "showPicker", "checkVisibility", "showPopover", "hidePopover",
    "togglePopover", "requestIdleCallback", "isWellFormed", "isSubsetOf", "isSupersetOf", "startViewTransition",
)  # fmt: skip
YOUNGER = re.compile(
    r"|".join((
        rf"\.(?:{'|'.join(METHODS)})\(",
        r"\bstructuredClone\(",
        r"\bAbortSignal\.(?:any|timeout)\(",
        r"\bsignal\.reason\b",
        r"\bnew (?:OffscreenCanvas|CompressionStream|DecompressionStream|URLPattern)\(",
        r"\bnew FormData\([^()]*,",
        r"\bIntl\.(?:Segmenter|DurationFormat|ListFormat)\b",
        r"\(\?<[=!]",
        r"/[a-z]*v[a-z]*\.(?:test|exec)\(",
        r"\bstatic \{",
        r"\.inert\b",
        r"\bimport\.meta\.resolve\b",
        r"\bwith \{ type:",
        r"'from-image'",
    ))
)  # fmt: skip
# What cannot be asked for by its name is refused, and the script goes another way then.
FALLBACKS = {"'from-image'": "instanceof TypeError"}


def has_another_way(used: str, code: str) -> bool:
    """Whether a script asks for something by its name before it is called, or goes another way where it is refused."""
    if used in FALLBACKS:
        return FALLBACKS[used] in code
    name = re.sub(r"\W", "", used)
    return bool(re.search(rf"if \([\w.]*\.{name}\)", code))


def unguarded(script: str) -> list[str]:
    """What of a script is younger than the browsers served, with no other way for these."""
    code = COMMENT.sub("", script)
    return [each for each in YOUNGER.findall(code) if not has_another_way(each, code)]


def scripts() -> list[Path]:
    return sorted(path for path in STATIC.rglob("*.js"))


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.relative_to(STATIC).as_posix())
def test_a_script_asks_nothing_that_the_oldest_browsers_lack(path: Path) -> None:
    assert not unguarded(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    ["signal.throwIfAborted();", "form.requestSubmit(button);", "new FormData(form, event.submitter)",
     "all.findLast(isOld)", "const copy = structuredClone(state);", "reject(signal.reason)", "/(?<=a)b/.exec(text)",
     "Object.hasOwn(data, 'a')", "createImageBitmap(file, { imageOrientation: 'from-image' })"],
)  # fmt: skip
def test_what_they_lack_is_seen(line: str) -> None:
    assert unguarded(line)
    assert not unguarded(f"// {line}")


def test_what_is_asked_for_before_may_be_used() -> None:
    assert not unguarded("if (form.requestSubmit) form.requestSubmit();")


def test_every_script_of_a_page_first_lets_older_browsers_go() -> None:
    """A module, too: one whose first import throws runs no line."""
    named = re.compile(r"<script\b[^>]*?src=\"{{ url_for\('static', filename='([^']+)'\) }}\"", re.S)
    loaded = {(tag[0], tag[1]) for path in TEMPLATES.rglob("*.html") for tag in named.finditer(path.read_text())}
    assert len(loaded) > 20
    assert all('type="module"' in tag for tag, _ in loaded)
    for name in {name for _, name in loaded}:
        first, *_ = re.findall(r"^import (?:.* from )?'(.+)';", (STATIC / name).read_text(), re.M)
        assert (STATIC / name).parent.joinpath(first).resolve() == STATIC / GATE, name
