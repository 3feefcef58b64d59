"""How many texts write their words, counted so that texts can come and go without the others being read again."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from gallery.services.words.folding import WRITTEN, words_of


class WrittenWords:
    """The words of some texts as they are written, without capitals. Never changes: threads share it."""

    def __init__(self, numbers: Counter[str], stems: dict[str, list[str]]) -> None:
        self._numbers, self._stems = numbers, stems

    @classmethod
    def of(cls, texts: Iterable[str]) -> "WrittenWords":
        """The words of these texts."""
        return cls(_counted(texts), {})

    def changed(self, gone: Iterable[str], come: Iterable[str]) -> "WrittenWords":
        """The words when some of the texts are gone and others have come."""
        return WrittenWords(self._numbers + _counted(come) - _counted(gone), self._stems)

    def by_stem(self) -> dict[str, str]:
        """The words by stem; of several the most frequent, then the first of the alphabet.

        >>> words = WrittenWords.of(["Médailles dorées", "médaille", "Une médaille"])
        >>> words.by_stem()
        {'medaill': 'médaille', 'dor': 'dorées'}
        >>> words.changed(["médaille", "Une médaille"], ["bague"]).by_stem()
        {'bagu': 'bague', 'dor': 'dorées', 'medaill': 'médailles'}
        """
        written: dict[str, str] = {}
        for word in sorted(self._numbers, key=lambda each: (-self._numbers[each], each)):
            # A word is stemmed once, whatever comes and goes.
            if word not in self._stems:
                self._stems[word] = words_of(word)
            for stemmed in self._stems[word]:
                written.setdefault(stemmed, word)
        return written


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(chain.from_iterable(WRITTEN.findall(text.casefold()) for text in texts))
