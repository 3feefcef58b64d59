"""The demo's paintings and tools."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from gallery.demo.drawing.paintings import Painting
from gallery.demo.drawing.tools import Drill, Handsaw, Plane, Wrench
from gallery.demo.record import DemoObject
from gallery.demo.units import DEMO_CASES

_cases = cycle([case.key for case in DEMO_CASES][1::2] + [case.key for case in DEMO_CASES][::2])


def _painting(key: str, drawing: Painting, title: str, subject: str, colours: tuple[str, ...], **more: Any) -> DemoObject:
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="paintings",
        drawing=drawing,
        title=title,
        object_type="Tableau",
        materials=more.pop("materials", "huile sur toile, cadre en bois doré" if drawing.frame == "gilt" else "huile sur toile, cadre en bois"),
        colours=colours,
        subject=subject,
        maker=drawing.signature,
        inscriptions=f"Signé « {drawing.signature} » en bas à droite" + (f", cartel « {drawing.plate} »" if drawing.plate else ""),
        measurements=_size(drawing),
        stands=True,
        **more,
    )


def _size(drawing: Painting) -> str:
    scale = drawing.millimetres / (drawing.width + 2 * drawing.border) / 10
    wide, tall = (round(scale * (side + 2 * drawing.border)) for side in (drawing.width, drawing.height))
    return f"{tall} × {wide} cm avec le cadre"


PAINTINGS = (
    _painting("painting-01", Painting("storm", "#2d2622", "L. Kerzan", border=90, millimetres=740, signature_ink="#efe2c2"),
              "Marine, barque devant une falaise", "Barque à voiles sous un ciel d’orage", ("blue", "black"),
              distinguishing_features="Cadre noir à filet doré, éclat dans l’angle inférieur droit.", period="vers 1900", withheld_details="Étiquette d’encadreur au dos, en bas à gauche."),
    _painting("painting-02", Painting("fruit", "#6b4426", "M. Aubrel", height=640, border=100, millimetres=610, signature_ink="#e8d3a0"),
              "Nature morte à la cruche bleue", "Pommes, citron, raisin et cruche sur une nappe", ("brown", "blue", "red"),
              distinguishing_features="Cadre en noyer mouluré, craquelures dans le fond brun.", period="XIXe siècle", withheld_details="Réparation de la toile au revers, derrière la cruche."),
    _painting("painting-03", Painting("bouquet", "#d9d2c2", "Odile Rance", width=640, height=760, border=80, millimetres=460, signature_ink="#2b1c14"),
              "Bouquet de fleurs dans un vase", "Fleurs de jardin devant un mur vert", ("green", "red", "white"),
              distinguishing_features="Cadre patiné crème, trois pétales tombés au premier plan.", period="XXe siècle", withheld_details="Dédicace au crayon sur le châssis."),
    _painting("painting-04", Painting("snow", "#8a6a45", "P. Haessler", border=70, millimetres=540, signature_ink="#2f2a36"),
              "Village sous la neige", "Église, maisons et chemin en hiver", ("white", "brown"),
              distinguishing_features="Cadre de chêne étroit, clôture à gauche, traces de pas.", period="XXe siècle", withheld_details="Cachet de cire au dos du châssis."),
    _painting("painting-05", Painting("river", "gilt", "J. Vaurel", millimetres=820, border=120, signature_ink="#2a2016", plate="Les peupliers"),
              "Paysage de rivière aux peupliers", "Rivière, peupliers et ferme au toit rouge", ("green", "blue", "gold"),
              distinguishing_features="Cadre doré à rosaces et perles, cartel de laiton.", period="fin XIXe siècle", withheld_details="Numéro d’inventaire à l’encre sur la traverse."),
)  # fmt: skip


def _tool(key: str, drawing: Plane | Handsaw | Wrench | Drill, title: str, materials: str, colours: tuple[str, ...], **more: Any) -> DemoObject:
    return DemoObject(
        key=key,
        case_key=next(_cases),
        category="tools",
        drawing=drawing,
        title=title,
        materials=materials,
        colours=colours,
        brand=drawing.name.title(),
        stands=isinstance(drawing, Plane | Drill),
        **more,
    )


TOOLS = (
    _tool("tool-01", Handsaw("#9a5f33", "BOISVERT", "#b3342a", "R.T"), "Scie égoïne à bande rouge", "acier, hêtre", ("grey", "brown"),
          inscriptions="« Boisvert » gravé sur la lame, initiales sur la poignée", measurements="66 cm",
          distinguishing_features="Bande de peinture rouge sur la poignée, taches de rouille.",
          withheld_details="Nom frappé au poinçon sur le dos de la lame.", object_type="Scie égoïne"),
    _tool("tool-02", Wrench("FORVAL 250", "#e0b92f", "KD 14"), "Clé à molette à ruban jaune", "acier chromé", ("silver", "yellow"),
          inscriptions="« Forval 250 » sur le manche, « KD 14 » sur le ruban", measurements="25 cm",
          distinguishing_features="Ruban jaune autour du manche, piqûres de rouille.",
          withheld_details="Encoches limées sous le manche.", object_type="Clé à molette"),
    _tool("tool-03", Plane("#7a3b22", "#3b4148", "RABOTIN", "G.M"), "Rabot métallique à poignées de bois", "fonte, acier, palissandre", ("grey", "brown"),
          inscriptions="« Rabotin » sur le flanc, initiales à l’arrière", measurements="24 cm",
          distinguishing_features="Initiales frappées sur le flanc, molette de laiton.", period="vers 1950",
          withheld_details="Nom écrit à l’encre sous le fer.", object_type="Rabot"),
    _tool("tool-04", Drill("#1f7f86", "#26282b", "BRALTO", "LOT 4"), "Perceuse sans fil turquoise", "plastique, acier", ("blue", "black"),
          inscriptions="« Bralto 18 V »", model="18 V", serial_number="BR4418207",
          distinguishing_features="Autocollant blanc « Lot 4 » sur la batterie.",
          withheld_details="Nom gravé à l’intérieur du logement de la batterie.", object_type="Perceuse-visseuse"),
)  # fmt: skip


def workshop() -> Iterator[DemoObject]:
    """Everything in this file."""
    yield from PAINTINGS
    yield from TOOLS
