"""Finds what was planted in a copy of files and rows, in whatever way a program may have written it there."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote_from_bytes

import numpy as np

# Bytes of a file that are looked for; fewer may lie anywhere by chance.
SLICE = 24
# Bytes by whose first ones a form is looked for.
WORD = 8


def told_in(copy: bytes, secrets: Iterable[bytes]) -> list[bytes]:
    """Those of the secrets that the copy holds in any form, in one walk through it."""
    forms = {form: each for each in secrets for form in forms_of(each)}
    told = {each for form, each in forms.items() if len(form) < WORD and form in copy}
    words = np.unique(np.frombuffer(b"".join(form[:WORD] for form in forms if len(form) >= WORD), np.uint64))
    by_word: dict[bytes, list[bytes]] = {}
    for form in forms:
        by_word.setdefault(form[:WORD], []).append(form)
    copy += bytes(2 * WORD)
    for start in range(WORD if words.size else 0):
        held = np.frombuffer(copy, np.uint64, count=(len(copy) - start) // WORD, offset=start)
        near = words[np.minimum(np.searchsorted(words, held), words.size - 1)] == held
        for place in start + WORD * np.flatnonzero(near):
            told |= {forms[form] for form in by_word[copy[place : place + WORD]] if copy.startswith(form, place)}
    return [each for each in dict.fromkeys(forms.values()) if each in told]


def forms_of(secret: bytes) -> Iterator[bytes]:
    """A secret as it is, in hexadecimal figures, in base 64 wherever it begins, in addresses and in wide characters."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for before in range(3):
        whole = b64encode(bytes(before) + secret)
        # Without the letters that what comes before and after has a part in.
        yield whole[-(-8 * before // 6) : 8 * (before + len(secret)) // 6]
    yield quote_from_bytes(secret).encode()
    yield b"".join(bytes([each, 0]) for each in secret)


def slices_of(file: bytes, *, count: int = 5) -> list[bytes]:
    """Some pieces of a file, from all over it, that are no row of one byte."""
    step = max(SLICE, len(file) // count)
    pieces = (file[start : start + SLICE] for start in range(0, len(file) - SLICE, step))
    return [each for each in pieces if len(set(each)) > SLICE // 2]
