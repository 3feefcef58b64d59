"""What is understood of the words that somebody types: where each is, and what a misspelt one may have meant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy.orm import Session

from gallery.services.words import item_words
from gallery.services.words.folding import written_by_stem
from gallery.services.words.item_words import Among, FoundWord
from gallery.services.words.spelling import nearest


@dataclass(frozen=True)
class AskedWords:
    """The words of a question.

    found: those that some item has. respelt: what was looked for instead of what was typed. unknown: what no item has,
    as it was typed.
    """

    found: tuple[FoundWord, ...] = ()
    respelt: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read(
    session: Session,
    text: str,
    *,
    among: Among = Among.ALL,
    has_any: Callable[[FoundWord], bool],
    written: Callable[[], Mapping[str, str]],
) -> AskedWords:
    """Look up the words of a text; one that no item has is taken for the nearest that one has, if there is any.

    has_any: whether some item that may be shown has a word. written: the words of those items by stem, as they are
    written; asked only for a word that none has.
    """
    typed, written = written_by_stem([text]), cache(written)
    found, respelt, unknown = [], {}, []
    for word in item_words.find(session, text, among=among):
        if has_any(word):
            found.append(word)
            continue
        meant = nearest(word.stem, written())
        if meant is None:
            unknown.append(typed.get(word.stem, word.stem))
            continue
        respelt[typed.get(word.stem, word.stem)] = written()[meant]
        found += item_words.find(session, written()[meant], among=among)
    if text and not (found or unknown):
        unknown.append(text)
    return AskedWords(tuple(found), respelt, tuple(unknown))
