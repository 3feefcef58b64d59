"""How some texts write their words, counted so that texts can come and go without the others being read again."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from gallery.services.words.folding import WRITTEN, words_of


class CountedWords:
    """The words of some texts as they are written, without capitals. Never changes: threads share it.

    by_stem: the words by stem; of several the most frequent, then the first of the alphabet.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._forms: dict[str, Counter[str]] = {}
        for word, number in _counted(texts).items():
            for stemmed in words_of(word):
                self._forms.setdefault(stemmed, Counter())[word] = number
        self.by_stem = {stemmed: _usual(forms) for stemmed, forms in self._forms.items()}

    def changed(self, gone: Iterable[str], come: Iterable[str]) -> "CountedWords":
        """The words when some of the texts are gone and others have come.

        >>> words = CountedWords(["Médailles dorées", "médaille", "Une médaille"])
        >>> words.by_stem
        {'medaill': 'médaille', 'dor': 'dorées'}
        >>> words.changed(["médaille", "Une médaille"], ["bague"]).by_stem
        {'medaill': 'médailles', 'dor': 'dorées', 'bagu': 'bague'}
        >>> words.changed(["Médailles dorées"], []).by_stem
        {'medaill': 'médaille'}
        """
        numbers = _counted(come)
        numbers.subtract(_counted(gone))
        forms, written = dict(self._forms), dict(self.by_stem)
        for word, number in numbers.items():
            for stemmed in words_of(word):
                forms[stemmed] = forms.get(stemmed, Counter()) + Counter({word: number})
                if forms[stemmed]:
                    written[stemmed] = _usual(forms[stemmed])
                else:
                    del forms[stemmed], written[stemmed]
        changed = CountedWords(())
        changed._forms, changed.by_stem = forms, written
        return changed


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(chain.from_iterable(WRITTEN.findall(text.casefold()) for text in texts))


def _usual(forms: Counter[str]) -> str:
    return min(forms, key=lambda each: (-forms[each], each))
