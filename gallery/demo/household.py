"""The demo's bicycles, instruments, ceramics and silver."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from gallery.demo.drawing.bicycles import Bicycle
from gallery.demo.drawing.ceramics import Plate, Silverware, Vase
from gallery.demo.drawing.strings import Guitar, Violin
from gallery.demo.record import DemoObject
from gallery.demo.units import DEMO_CASES

FORMS = {"city": "Vélo de ville", "race": "Vélo de course", "mountain": "VTT", "child": "Vélo d’enfant"}
GUITARS = {"classical": "Guitare classique", "folk": "Guitare folk", "electric": "Guitare électrique"}
_cases = cycle([case.key for case in DEMO_CASES][::-1])


def _bicycle(key: str, drawing: Bicycle, colour: str, shade: str, **more: Any) -> DemoObject:
    kind = FORMS[drawing.form]
    parts = [f"Autocollant « {drawing.sticker} »"] if drawing.sticker else []
    parts += ["panier à l’avant"] if drawing.basket else []
    parts += ["porte-bagages"] if drawing.has_rack else []
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="bicycles",
        drawing=drawing,
        title=f"{kind} {colour} {drawing.name.title()}".strip(),
        object_type=kind,
        materials="acier" if drawing.form in ("city", "child") else "aluminium",
        colours=(shade, "black"),
        brand=drawing.name.title(),
        inscriptions=f"« {drawing.name} » sur le cadre",
        distinguishing_features=(", ".join(parts) or "Éclats de peinture sur le cadre").capitalize() + ".",
        serial_number=f"WV{sum(key.encode()) * 91}",
        withheld_details="Numéro gravé sous le boîtier de pédalier.",
        stands=True,
        **more,
    )


BICYCLES = (
    _bicycle("bicycle-01", Bicycle("city", "#a5312b", "#f0e2c2", name="HIRONDAL", sticker="CVR", basket="#a97b48",
             has_rack=True, has_mudguards=True), "rouge", "red"),
    _bicycle("bicycle-02", Bicycle("city", "#2f5d73", "#e8e2d0", saddle="#6b4426", name="MARELLE", has_rack=True,
             has_mudguards=True), "bleu", "blue"),
    _bicycle("bicycle-03", Bicycle("race", "#e0b92f", "#23262a", name="COLTRANE", sticker="21"), "jaune", "yellow"),
    _bicycle("bicycle-04", Bicycle("race", "#d9d9d6", "#b03a2e", saddle="#f0efe9", name="AUBRAC"), "blanc", "white"),
    _bicycle("bicycle-05", Bicycle("mountain", "#2d6a4a", "#d8c24a", name="VERCORS", sticker="TRAIL"), "vert", "green"),
    _bicycle("bicycle-06", Bicycle("mountain", "#24262a", "#d2691e", name="GRANIT"), "noir", "black"),
    _bicycle("bicycle-07", Bicycle("child", "#c24f86", "#f4e6ef", name="PETITE REINE", basket="#d9b98c"), "rose", "pink"),
    _bicycle("bicycle-08", Bicycle("child", "#3a7fb8", "#f2d14c", name="BOLIDE", sticker="7"), "bleu", "blue"),
    _bicycle("bicycle-09", Bicycle("city", "#cdbb94", "#5b3a24", saddle="#6b4426", name="BELLE RIVE", basket="#8a6236",
             has_mudguards=True), "crème", "beige"),
    _bicycle("bicycle-10", Bicycle("mountain", "#7a3b8c", "#e9e4ee", name="ARDENNE", sticker="XC"), "violet", "purple",
             status="draft"),
)  # fmt: skip


def _instrument(key: str, drawing: Guitar | Violin, title: str, colours: tuple[str, ...], **more: Any) -> DemoObject:
    is_guitar = isinstance(drawing, Guitar)
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="musical_instruments",
        drawing=drawing,
        title=title,
        object_type=GUITARS[drawing.form] if isinstance(drawing, Guitar) else "Violon",
        materials="épicéa, palissandre" if is_guitar else "épicéa, érable, ébène",
        colours=colours,
        maker=drawing.name.title() if isinstance(drawing, Guitar) else "",
        distinguishing_features=more.pop("features", "Éclats de vernis et rayures sur la table."),
        serial_number=f"S{sum(key.encode()) * 53}",
        withheld_details="Étiquette à l’intérieur de la caisse.",
        **more,
    )


INSTRUMENTS = (
    _instrument("guitar-01", Guitar("classical", "#d49a57", rosette="#7c2f24", name="SALVERA", sticker="L"),
                "Guitare classique à autocollant rouge", ("brown", "orange"), features="Autocollant rond rouge sur la table."),
    _instrument("guitar-02", Guitar("folk", "#c9823c", plate="#3b1d14", name="LANDOR"), "Guitare folk", ("brown",)),
    _instrument("guitar-03", Guitar("folk", "#2f2320", plate="#7c5a35", rosette="#c9a24a", name="OAKLEND"),
                "Guitare folk noire", ("black",)),
    _instrument("guitar-04", Guitar("electric", "#a8241f", side="#5c1512", plate="#f1ece0", name="STRALTON", sticker="R"),
                "Guitare électrique rouge", ("red", "white")),
    _instrument("guitar-05", Guitar("electric", "#2b5f86", side="#1c3c55", plate="#f3f1e8", name="VENTURA"),
                "Guitare électrique bleue", ("blue", "white")),
    _instrument("guitar-06", Guitar("classical", "#e0bb84", rosette="#24506a", name="ALMERINA"),
                "Guitare classique claire", ("beige", "blue"), features="Rosace bleue."),
    _instrument("guitar-07", Guitar("electric", "#d8b04a", side="#7a5a1c", plate="#2a2522", name="MAROIS", sticker="5",
                sticker_colour="#2f6f4f"), "Guitare électrique dorée", ("gold", "black"), status="draft"),
    _instrument("violin-01", Violin("#9c4a1f"), "Violon au vernis rouge", ("brown", "red")),
    _instrument("violin-02", Violin("#c8872f", flame=0.16), "Violon au vernis doré", ("brown", "gold"),
                features="Érable très ondé."),
    _instrument("violin-03", Violin("#5d2e18", tailpiece="#8a5a2b"), "Violon ancien foncé", ("brown",),
                features="Cordier plus clair que la table."),
)  # fmt: skip


def _ceramic(key: str, drawing: Vase | Plate, title: str, colours: tuple[str, ...], **more: Any) -> DemoObject:
    is_vase = isinstance(drawing, Vase)
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="ceramics_glass",
        drawing=drawing,
        title=title,
        object_type="Vase" if is_vase else "Assiette",
        materials="porcelaine" if is_vase else "faïence",
        colours=colours,
        distinguishing_features=more.pop("features", "Fines craquelures de la glaçure."),
        inscriptions=f"« {drawing.words} »" if isinstance(drawing, Plate) and drawing.words else "",
        withheld_details="Marque sous la base.",
        stands=is_vase,
        **more,
    )


def _silver(key: str, drawing: Silverware, title: str, **more: Any) -> DemoObject:
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="silverware",
        drawing=drawing,
        title=title,
        object_type="Théière" if drawing.form == "teapot" else "Bougeoir",
        materials="argent, bois" if drawing.form == "teapot" else "argent",
        colours=("silver",) if drawing.metal == "silver" else ("grey",),
        inscriptions="Initiales gravées" if drawing.initials else "",
        distinguishing_features="Décor de rinceaux ciselés, petits chocs.",
        withheld_details="Poinçons relevés au procès-verbal.",
        stands=True,
        **more,
    )


TABLE = (
    _ceramic("vase-01", Vase("baluster", "#f2f1ec", "#24487c", "#3f73b0", "landscape"), "Vase bleu et blanc à paysage",
             ("white", "blue"), subject="Paysage"),
    _ceramic("vase-02", Vase("amphora", "#efe5cf", "#8a2f24", "#d08a2c", "flowers"), "Vase à fleurs rouges", ("beige", "red"),
             subject="Fleurs"),
    _ceramic("vase-03", Vase("bottle", "#3d6a5f", "#182f2a", "#d8c27a", "geometric"), "Vase bouteille vert",
             ("green", "gold")),
    _ceramic("vase-04", Vase("amphora", "#c98a4a", "#4a2414", "#f0dfb8", "drips"), "Vase en grès à coulures", ("brown", "orange")),
    _ceramic("vase-05", Vase("baluster", "#1f2c4c", "#d8b65a", "#f0ead8", "flowers"), "Vase bleu nuit à fleurs dorées",
             ("blue", "gold"), subject="Fleurs"),
    _ceramic("plate-01", Plate("#f4efe0", "#2a4f86", "#c9842c", "boat", "Saint-Malo"), "Assiette au bateau",
             ("white", "blue"), subject="Bateau"),
    _ceramic("plate-02", Plate("#f6f0de", "#8c2a22", "#3f7a4a", "rooster"), "Assiette au coq", ("white", "red"), subject="Coq"),
    _ceramic("plate-03", Plate("#efe9dc", "#6a3f86", "#d2a52e", "bouquet", "Souvenir"), "Assiette au bouquet",
             ("white", "purple"), subject="Bouquet", status="draft"),
    _silver("teapot-01", Silverware("teapot", initials="EB"), "Théière en argent gravée"),
    _silver("teapot-02", Silverware("teapot", "dark silver"), "Théière en argent patiné"),
    _silver("candlestick-01", Silverware("candlestick", initials="T"), "Bougeoir en argent"),
    _silver("candlestick-02", Silverware("candlestick", "dark silver"), "Bougeoir en argent patiné"),
)  # fmt: skip


def household() -> Iterator[DemoObject]:
    """Everything in this file."""
    yield from BICYCLES
    yield from INSTRUMENTS
    yield from TABLE
