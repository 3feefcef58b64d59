"""What victims send to the demo: a burglary of three objects, and a claim."""

from datetime import date

from gallery.demo.record import DemoClaim, DemoStolen, DemoTheft

DEMO_THEFT = DemoTheft(
    day=date(2026, 3, 14),
    departement="35",
    commune="Vitré",
    name="Jeanne Le Bihan",
    telephone="02 61 91 00 12",
    helper_name="Yann Le Bihan",
    helper_telephone="02 61 91 00 34",
    objects=(
        DemoStolen("jewellery", "Bague de fiançailles, une pierre bleue entourée de petites blanches.", picture="ma-bague.jpg"),
        DemoStolen("watches", "Montre de poche de mon grand-père, chiffres rouges, sur une chaîne.", ("pink",)),
        DemoStolen("silverware", "Ménagère en argent, douze couverts aux initiales J L B.", ("silver",)),
    ),
)
DEMO_CLAIM = DemoClaim(
    object_key="guitar-01",
    name="Malo Rivoal",
    telephone="02 61 91 00 56",
    answers={
        "engraved": "Rien de gravé, mais une étiquette dans la caisse.",
        "damaged": "Un autocollant rouge, et un éclat de vernis près des cordes.",
        "with_it": "Une housse noire et un accordeur.",
        "since": "Depuis Noël 2019.",
        "origin": "Achetée d’occasion à Rennes.",
    },
    picture="ma-guitare.jpg",
)
