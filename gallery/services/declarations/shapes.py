"""Drawings of typical shapes to choose from for an object without a photo: by category, and what each is in one word.

The drawings are the symbols of static/shapes.svg, with the same names; what they are called on a screen is said in
templates/shared/shapes.html. A category without drawings has none to choose from.
"""

from collections.abc import Mapping

# Category -> shape -> a French word for its kind, as an item's words have it (services.words.kinds knows the others).
SHAPES: Mapping[str, Mapping[str, str]] = {
    "jewellery": {
        "ring_plain": "alliance", "ring_stone": "solitaire", "ring_signet": "chevaliere", "necklace_chain": "chaine",
        "necklace_pendant": "pendentif", "necklace_beads": "collier", "bracelet": "bracelet", "earrings": "boucles",
    },
    "watches": {
        "watch_leather": "montre", "watch_metal": "montre", "watch_square": "montre", "watch_pocket": "gousset",
    },
    "bicycles": {
        "bicycle_city": "velo", "bicycle_road": "velo", "bicycle_mountain": "vtt", "bicycle_child": "velo",
        "scooter": "trottinette",
    },
    "tools": {
        "drill": "perceuse", "chainsaw": "tronconneuse", "grinder": "meuleuse", "hammer": "marteau",
        "toolbox": "caisse",
    },
    "musical_instruments": {
        "guitar": "guitare", "violin": "violon", "accordion": "accordeon", "trumpet": "trompette",
        "saxophone": "saxophone",
    },
    "clocks": {
        "clock_mantel": "pendule", "clock_longcase": "comtoise", "clock_wall": "horloge", "clock_alarm": "reveil",
    },
    "silverware": {
        "cutlery": "couverts", "teapot": "theiere", "candlestick": "chandelier", "goblet": "timbale",
        "tray": "plateau",
    },
    "ceramics_glass": {"vase": "vase", "plate": "assiette", "tureen": "soupiere", "carafe": "carafe"},
    "paintings": {
        "painting_landscape": "tableau", "painting_portrait": "tableau", "painting_still": "tableau",
        "painting_oval": "tableau",
    },
    "sculptures": {"bust": "buste", "statue": "statue", "animal": "sculpture"},
    "furniture": {
        "chest": "commode", "wardrobe": "armoire", "armchair": "fauteuil", "chair": "chaise", "table": "table",
    },
    "cameras": {"camera": "photo", "camera_old": "photo", "binoculars": "jumelles"},
    "computers": {"laptop": "ordinateur", "tablet": "tablette", "desktop": "ordinateur"},
    "audio_video": {"television": "television", "headphones": "casque", "loudspeaker": "enceinte"},
    "leather_goods": {"handbag": "sac", "backpack": "sac", "suitcase": "valise", "wallet": "portefeuille"},
    "coins_medals": {"coin": "piece", "medal": "medaille", "ingot": "lingot"},
}  # fmt: skip
_WORDS: Mapping[str, str] = {shape: word for shapes in SHAPES.values() for shape, word in shapes.items()}
_CATEGORIES: Mapping[str, str] = {shape: code for code, shapes in SHAPES.items() for shape in shapes}


def is_known(shape: str) -> bool:
    """Whether there is such a drawing; no drawing at all counts as one."""
    return not shape or shape in _WORDS


def category_of(shape: str) -> str:
    """The code of the category that a drawing is of; empty for none."""
    return _CATEGORIES.get(shape, "")


def word_of(shape: str) -> str:
    """What a drawing shows, in one word; empty for none."""
    return _WORDS.get(shape, "")
