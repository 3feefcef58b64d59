"""What is asked of whoever claims an item: open questions, the same for every item of a category.

None depends on the item: it would tell what of the item is withheld. The sentences are in web/public/claiming.
"""

COMMON = ("engraved", "damaged", "with_it", "since", "origin")
WORN = ("size", "fastening", "worn_by")
DRIVEN = ("added", "locked", "used_for")
DEVICE = ("inside", "number", "accessories")
SHOWN = ("underneath", "stood_at", "valued_by")
OTHER = ("kept_at", "known_to")

_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("jewellery", "watches", "leather_goods", "clothing"), WORN),
    **dict.fromkeys(("bicycles", "vehicles_parts", "garden", "sports", "tools"), DRIVEN),
    **dict.fromkeys(("cameras", "phones", "computers", "audio_video"), DEVICE),
    **dict.fromkeys(
        (
            "musical_instruments", "paintings", "sculptures", "ceramics_glass", "silverware", "clocks",
            "coins_medals", "stamps", "furniture", "books_documents", "religious_objects", "militaria",
        ),
        SHOWN,
    ),
}  # fmt: skip
ALL = frozenset((*COMMON, *WORN, *DRIVEN, *DEVICE, *SHOWN, *OTHER))


def of_category(code: str) -> tuple[str, ...]:
    """The names of the questions for the items of a category, in the order in which they are asked.

    >>> of_category("watches")[-1], of_category("of an administrator's own")[-1]
    ('worn_by', 'known_to')
    """
    return (*COMMON, *_KINDS.get(code, OTHER))
