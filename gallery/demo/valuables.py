"""The demo's jewels, watches and clocks."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from gallery.demo.drawing.jewellery import Pendant, Ring
from gallery.demo.drawing.timepieces import Clock, PocketWatch, Watch
from gallery.demo.record import DemoObject
from gallery.demo.units import DEMO_CASES

METALS = {"gold": ("or jaune", "gold"), "rose gold": ("or rose", "pink"), "silver": ("argent", "silver"), "dark silver": ("argent patiné", "grey")}
_cases = cycle([case.key for case in DEMO_CASES])


def _jewel(key: str, drawing: Ring | Pendant, title: str, stones: str, colour: str, **more: Any) -> DemoObject:
    metal, tone = METALS[drawing.metal]
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="jewellery",
        drawing=drawing,
        title=title,
        materials=f"{metal}, {stones}" if stones else metal,
        colours=tuple(dict.fromkeys((tone, colour))) if colour else (tone,),
        period=more.pop("period", "XXe siècle"),
        exhibit_number=f"BIJ-{key[-2:]}",
        withheld_details=more.pop("withheld", "Poinçon de maître à l’intérieur, lettres relevées au procès-verbal."),
        **more,
    )


RINGS = (
    _jewel("ring-01", Ring("gold", "oval", "#1f4f8f", "#eef3f6"), "Bague marguerite à saphir",
           "saphir, petits diamants", "blue", distinguishing_features="Saphir ovale entouré de petites pierres claires.", object_type="Bague"),
    _jewel("ring-02", Ring("gold", "solitaire", "#f4f6f8"), "Solitaire en or jaune", "pierre blanche", "white",
           distinguishing_features="Pierre ronde, six griffes.", object_type="Bague"),
    _jewel("ring-03", Ring("silver", "oval", "#2f7d55", "#eef3f6"), "Bague en argent à pierre verte",
           "pierre verte", "green", distinguishing_features="Entourage de vingt-six petites pierres.", object_type="Bague"),
    _jewel("ring-04", Ring("rose gold", "cluster", "#9c2340", "#f2e6d8"), "Bague fleur en or rose",
           "grenats", "red", distinguishing_features="Huit pierres alternées autour d’une neuvième.", object_type="Bague"),
    _jewel("ring-05", Ring("silver", "cluster", "#6a4aa0"), "Bague fleur à pierres violettes", "améthystes", "purple",
           distinguishing_features="Neuf améthystes en fleur.", object_type="Bague"),
    _jewel("ring-06", Ring("gold", "baguette", "#2a6fae"), "Bague rectangulaire à cinq pierres bleues",
           "topazes", "blue", distinguishing_features="Cinq pierres taillées en baguette, de nuances différentes.", object_type="Bague"),
    _jewel("ring-07", Ring("gold", "signet", initials="JM"), "Chevalière gravée", "", "",
           inscriptions="Initiales gravées dans un écu", distinguishing_features="Rinceaux de part et d’autre de l’écu.", object_type="Chevalière"),
    _jewel("ring-08", Ring("silver", "band", side_stone="#7fb2d8", initials="A & L"),
           "Alliance en argent à pierres bleues", "pierres bleues", "blue", inscriptions="Gravure sur le tour",
           distinguishing_features="Rosaces gravées entre les pierres.", object_type="Alliance"),
    _jewel("ring-09", Ring("dark silver", "baguette", "#3d7f5b"), "Bague ancienne à pierres vertes",
           "pierres vertes", "green", distinguishing_features="Argent très patiné.", period="vers 1930", status="draft", object_type="Bague"),
)  # fmt: skip
PENDANTS = (
    _jewel("pendant-01", Pendant("gold", "locket", initials="C"), "Médaillon ouvrant en or", "", "",
           inscriptions="Initiale au centre", distinguishing_features="Décor de rinceaux, bord perlé.", object_type="Pendentif"),
    _jewel("pendant-02", Pendant("silver", "cross", "#8f1f2f"), "Croix en argent à pierre rouge", "pierre rouge", "red",
           distinguishing_features="Rinceaux gravés sur les quatre branches.", object_type="Croix"),
    _jewel("pendant-03", Pendant("silver", "drop", "#2c6aa8"), "Pendentif goutte à pierre bleue",
           "pierre bleue, petites pierres blanches", "blue", distinguishing_features="Entourage de trente-six pierres.", object_type="Pendentif"),
    _jewel("pendant-04", Pendant("rose gold", "drop", "#3f8f68"), "Pendentif goutte en or rose",
           "pierre verte", "green", distinguishing_features="Chaîne à maillons ovales alternés.", object_type="Pendentif"),
    _jewel("pendant-05", Pendant("dark silver", "locket", initials="R"), "Médaillon en argent patiné", "", "",
           inscriptions="Initiale au centre", distinguishing_features="Petits chocs sur le couvercle.", period="fin XIXe siècle", object_type="Pendentif"),
    _jewel("pendant-06", Pendant("gold", "cross", "#2f5fa0"), "Croix en or à pierre bleue", "pierre bleue", "blue",
           distinguishing_features="Pierre ronde au croisement des branches.", object_type="Croix"),
)  # fmt: skip


def _timepiece(key: str, drawing: Watch | PocketWatch | Clock, title: str, colours: tuple[str, ...], materials: str, **more: Any) -> DemoObject:
    kind = {Watch: "Montre-bracelet", PocketWatch: "Montre de poche", Clock: "Pendule"}[type(drawing)]
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="clocks" if isinstance(drawing, Clock) else "watches",
        drawing=drawing,
        title=title,
        object_type=kind,
        materials=materials,
        colours=colours,
        brand=drawing.name.title(),
        inscriptions=f"« {drawing.name} » sur le cadran",
        distinguishing_features=more.pop("features", "Chiffres romains." if drawing.numerals == "roman" else "Rayures d’usage sur le boîtier."),
        serial_number=f"M{sum(key.encode()) * 37}",
        withheld_details="Numéro gravé à l’intérieur du fond.",
        stands=isinstance(drawing, Clock),
        **more,
    )


TIMEPIECES = (
    _timepiece("watch-01", Watch("silver", "#5b3a24", "#f2ead6", "#22262b", "arabic", "ORVANE", 610),
               "Montre à bracelet de cuir brun", ("silver", "brown"), "acier, cuir"),
    _timepiece("watch-02", Watch("gold", "#1f1d1c", "#101820", "#e8d9a8", "batons", "DELMARE", 128),
               "Montre dorée à cadran noir", ("gold", "black"), "métal doré, cuir"),
    _timepiece("watch-03", Watch("silver", "#24364f", "#2a4a78", "#eef2f6", "batons", "NORDEC", 555, bezel="#1d2b44"),
               "Montre de plongée à lunette bleue", ("silver", "blue"), "acier, cuir bleu"),
    _timepiece("watch-04", Watch("rose gold", "#7a2f2a", "#f6eee2", "#5a2b22", "roman", "AURELLE", 430, is_square=True),
               "Montre carrée à bracelet rouge", ("pink", "red"), "métal doré rose, cuir"),
    _timepiece("watch-05", Watch("dark silver", "#3b4a33", "#d8d4bd", "#2c3a24", "arabic", "CAMPAN", 221),
               "Montre militaire à bracelet vert", ("grey", "green"), "acier, toile"),
    _timepiece("watch-06", Watch("gold", "#6b4a2f", "#fbf6e8", "#3a2a1c", "roman", "VALDOR", 75, is_square=True),
               "Montre carrée en or", ("gold", "brown"), "or, cuir", status="withdrawn"),
    _timepiece("pocket-01", PocketWatch("silver", "#f7f3e8", "#1e2226", "roman", "LEPRINCE", 340),
               "Montre de poche en argent", ("silver", "white"), "argent, émail", period="vers 1890"),
    _timepiece("pocket-02", PocketWatch("gold", "#f4ecd6", "#3a2418", "arabic", "BEAUVAL", 500),
               "Montre de poche en or", ("gold",), "or, émail", period="vers 1910"),
    _timepiece("pocket-03", PocketWatch("dark silver", "#22303c", "#e6dcc0", "roman", "MARCHAND", 95),
               "Montre de poche à cadran bleu nuit", ("grey", "blue"), "argent, émail bleu"),
    _timepiece("pocket-04", PocketWatch("rose gold", "#fbf5ea", "#7a2433", "arabic", "HELVINE", 655),
               "Montre de poche à chiffres rouges", ("pink", "red"), "or rose, émail"),
    _timepiece("clock-01", Clock("#6d4226", "#f3ead2", "#2a1c14", "roman", "GAUTHIER", 305, is_wood=True),
               "Pendule de cheminée en bois", ("brown",), "noyer, laiton"),
    _timepiece("clock-02", Clock("#2b2b2d", "#f6f1e2", "#1b1b1c", "roman", "MASSELIN", 585),
               "Pendule en marbre noir", ("black", "gold"), "marbre, bronze", period="Napoléon III"),
    _timepiece("clock-03", Clock("#dfd9cf", "#fbf8ef", "#34405a", "arabic", "ROUSSET", 140),
               "Pendule en marbre blanc", ("white",), "marbre, bronze doré"),
    _timepiece("clock-04", Clock("#9a5b33", "#efe3c4", "#4a1f18", "roman", "PERRIN", 460, is_wood=True),
               "Pendule en merisier", ("brown", "red"), "merisier, laiton"),
)  # fmt: skip


def valuables() -> Iterator[DemoObject]:
    """Everything in this file."""
    yield from RINGS
    yield from PENDANTS
    yield from TIMEPIECES
