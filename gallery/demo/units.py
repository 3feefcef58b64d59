"""Six units of six départements, and two cases of each."""

from datetime import date

from gallery.demo.record import DemoCase, DemoUnit

DEMO_UNITS = (
    DemoUnit("GGD35", "Gendarmerie d’Ille-et-Vilaine", "gendarmerie", "35", "02 61 91 35 01", "objets@ggd35.example"),
    DemoUnit("CPN44", "Commissariat de Nantes", "police", "44", "02 61 91 44 01", "objets@cpn44.example"),
    DemoUnit("GGD62", "Gendarmerie du Pas-de-Calais", "gendarmerie", "62", "03 53 01 62 01", "objets@ggd62.example"),
    DemoUnit("GGD67", "Gendarmerie du Bas-Rhin", "gendarmerie", "67", "03 53 01 67 01", "objets@ggd67.example"),
    DemoUnit("CPN06", "Commissariat de Nice", "police", "06", "04 65 71 06 01", "objets@cpn06.example"),
    DemoUnit("GGD21", "Gendarmerie de la Côte-d’Or", "gendarmerie", "21", "03 53 01 21 01", "objets@ggd21.example"),
)


def _case(key: str, found: str, place: str, leave: str, thefts: tuple[date, date]) -> DemoCase:
    unit, number = key.split("-")
    return DemoCase(key, unit, f"{number}/2026", found, place, "Vice-procureure de permanence", leave, *thefts)


DEMO_CASES = (
    _case("GGD35-01147", "2026-06-02", "Box loué à Cesson-Sévigné", "2026-06-18", (date(2025, 11, 3), date(2026, 5, 20))),
    _case("GGD35-02380", "2026-09-14", "Camionnette contrôlée à Vitré", "2026-09-30", (date(2026, 6, 1), date(2026, 9, 13))),
    _case("CPN44-00921", "2026-04-21", "Cave d’un immeuble de Rezé", "2026-05-11", (date(2025, 9, 1), date(2026, 4, 15))),
    _case("CPN44-03015", "2026-08-07", "Brocante de Viarme", "2026-08-24", (date(2026, 3, 1), date(2026, 8, 1))),
    _case("GGD62-00488", "2026-03-11", "Garage à Béthune", "2026-03-27", (date(2025, 10, 10), date(2026, 3, 1))),
    _case("GGD62-01760", "2026-10-01", "Péage de Setques", "2026-10-12", (date(2026, 7, 14), date(2026, 9, 30))),
    _case("GGD67-00333", "2026-02-19", "Hangar à Haguenau", "2026-03-06", (date(2025, 6, 1), date(2026, 2, 10))),
    _case("GGD67-01904", "2026-09-25", "Pont de Kehl", "2026-10-09", (date(2026, 5, 5), date(2026, 9, 20))),
    _case("CPN06-00712", "2026-05-06", "Appartement à Nice", "2026-05-22", (date(2025, 12, 20), date(2026, 4, 30))),
    _case("CPN06-02456", "2026-10-15", "Consigne de la gare de Nice", "2026-10-28", (date(2026, 8, 1), date(2026, 10, 10))),
    _case("GGD21-00590", "2026-04-02", "Ferme à Is-sur-Tille", "2026-04-20", (date(2025, 8, 15), date(2026, 3, 25))),
    _case("GGD21-01322", "2026-07-30", "Dépôt-vente à Beaune", "2026-08-17", (date(2026, 4, 1), date(2026, 7, 20))),
)  # fmt: skip
