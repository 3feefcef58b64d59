"""Words as they are searched: without accents, capitals, plurals or gender, the same for texts and for questions.

Both databases are given these words and compare them as they are, so that both find the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain

WORD = re.compile(r"[a-z0-9]+")
WRITTEN = re.compile(r"[^\W_]+")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
SHORTEST_STEM = 3
# Of a brand or a material in an address: what comes in is cut to it as well.
LONGEST_KEY = 300
IGNORED = frozenset(
    re.findall(
        r"\w+",
        "au aux avec ce ces dans de des du elle en et il la le les leur ma mes mon ou par pour sa sans se ses son sur"
        " un une the an and at for from in my of on with"
        " ai avait c ce cet cette comme dont est etait j je l me n nous on ont qu que qui s suis tres tout toute t vous"
        " chercher cherche recherche derobe derobee perdu perdue perdus perdues retrouver trouve"
        " vole volee voles volees lost stolen was",
    )
)


def fold(text: str) -> str:
    """Text without accents, capitals, ligatures and what is invisible, such as soft hyphens.

    >>> fold("Cœur d’Émail ÉTÉ")
    "coeur d'email ete"
    """
    if text.isascii():
        return text.casefold()
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES)).replace("’", "'")
    return "".join(each for each in letters if not (unicodedata.combining(each) or unicodedata.category(each) == "Cf"))


def stem(word: str) -> str:
    """A folded word without the ending of its plural or feminine; two forms of a word give the same, rarely two words.

    >>> stem("medailles"), stem("dorees"), stem("dore"), stem("chevaux"), stem("cheval"), stem("tableaux")
    ('medaill', 'dor', 'dor', 'cheval', 'cheval', 'tableau')
    """
    if word.endswith(("eau", "eaux")):
        return word.removesuffix("x")
    if len(word) > SHORTEST_STEM + 1 and word.endswith(("aux", "au")):
        return word.removesuffix("x")[:-1] + "l"
    while len(word) > SHORTEST_STEM and word[-1] in "sxe":
        word = word[:-1]
    return word


def words_of(*texts: str) -> list[str]:
    """The words of some texts, each once, in the order in which they come; words that say nothing are left out.

    >>> words_of("Les médailles dorées", "d’une broche en or")
    ['medaill', 'dor', 'broch', 'or']
    """
    found = (word for text in texts for word in WORD.findall(fold(text)))
    telling = (word for word in found if word not in IGNORED and (len(word) > 1 or word.isdigit()))
    return list(dict.fromkeys(map(stem, telling)))


def written_by_stem(texts: Iterable[str]) -> dict[str, str]:
    """Telling words as some texts write them, without capitals, by stem; of several the first.

    >>> written_by_stem(["Médailles dorées", "médaille"])
    {'medaill': 'médailles', 'dor': 'dorées'}
    """
    written: dict[str, str] = {}
    # A gallery repeats its words: each is stemmed once.
    for word in dict.fromkeys(chain.from_iterable(WRITTEN.findall(text.casefold()) for text in texts)):
        for stemmed in words_of(word):
            written.setdefault(stemmed, word)
    return written


def key_of(value: str) -> str:
    """What an address calls a brand or a material, however it was written: "Or jaune" and "or  jaune" are one.

    >>> key_of("Or jaune"), key_of("Émail")
    ('or-jaune', 'email')
    """
    return "-".join(WORD.findall(fold(value)))[:LONGEST_KEY]


def parts_of(values: str) -> Iterable[str]:
    """The materials that one line names.

    >>> list(parts_of("or jaune, émail et nacre ; verre"))
    ['or jaune', 'émail', 'nacre', 'verre']
    """
    return (part for each in re.split(r"[,;/+&|]|\bet\b|\band\b", values) if (part := each.strip(" .")))
