"""How one object of a category is called in French, for titles that nobody has written yet."""

from gallery.models import Category

SINGULARS = {
    "Bijoux": "Bijou",
    "Montres": "Montre",
    "Vélos et trottinettes": "Vélo ou trottinette",
    "Outils": "Outil",
    "Instruments de musique": "Instrument de musique",
    "Tableaux et dessins": "Tableau ou dessin",
    "Sculptures et objets d’art": "Sculpture ou objet d’art",
    "Céramiques et verrerie": "Céramique ou verrerie",
    "Argenterie et arts de la table": "Pièce d’argenterie ou de table",
    "Horloges et pendules": "Horloge ou pendule",
    "Monnaies et médailles": "Monnaie ou médaille",
    "Timbres et collections": "Timbres ou collection",
    "Meubles": "Meuble",
    "Appareils photo et optique": "Appareil photo ou d’optique",
    "Téléphones": "Téléphone",
    "Ordinateurs et tablettes": "Ordinateur ou tablette",
    "Image et son": "Appareil d’image ou de son",
    "Jeux et jouets": "Jeu ou jouet",
    "Sacs et maroquinerie": "Sac ou maroquinerie",
    "Vêtements et chaussures": "Vêtement ou chaussures",
    "Sport et loisirs": "Article de sport ou de loisirs",
    "Jardin et extérieur": "Objet de jardin ou d’extérieur",
    "Véhicules et pièces": "Véhicule ou pièce",
    "Livres et documents anciens": "Livre ou document ancien",
    "Objets religieux": "Objet religieux",
    "Souvenirs militaires": "Souvenir militaire",
    "Armes et munitions": "Arme ou munitions",
    "Autres objets": "Objet",
}


def name_of_one(category: Category) -> str:
    """What one object of a category is called; the category's own name where an administrator has given it another."""
    return SINGULARS.get(category.name_fr, category.name_fr)
