"""Kinds of things that have several names: what one calls a collier, another has written down as a pendentif."""

from collections.abc import Mapping

from gallery.services.words.folding import stem

# Written for the goods of burglaries, a line a kind.
KINDS = """
collier pendentif chaine sautoir medaillon necklace pendant
bague alliance chevaliere anneau solitaire ring
bracelet gourmette jonc manchette
boucles creoles dormeuses earrings
broche epingle barrette brooch
montre chronographe gousset horlogerie watch
pendule horloge comtoise cartel reveil clock
velo bicyclette vtt vtc gravel bike bicycle
scooter mobylette cyclomoteur moto motocyclette
trottinette gyropode scooter
telephone portable smartphone iphone mobile
ordinateur pc macbook portable laptop computer
tablette ipad
console playstation xbox nintendo switch
casque ecouteurs airpods
enceinte hautparleur
television televiseur tele ecran
photo reflex objectif camera camescope
tableau peinture toile huile aquarelle painting
gravure estampe lithographie dessin
statue statuette sculpture bronze buste figurine
vase potiche urne jarre
assiette plat service vaisselle porcelaine faience
couverts menagere argenterie cuillere fourchette couteau
timbale gobelet calice
theiere cafetiere verseuse
chandelier bougeoir candelabre flambeau
lampe lustre applique suspension
tapis tapisserie kilim
guitare basse guitar
violon alto violoncelle
accordeon concertina
saxophone trompette clarinette
perceuse visseuse devisseuse perforateur drill
tronconneuse scie
tondeuse debroussailleuse
meuleuse disqueuse ponceuse
marteau masse burineur
generateur electrogene
remorque caravane
sac sacoche besace cartable bag
portefeuille pochette wallet
valise bagage malle
fusil carabine arme
sabre epee dague poignard
medaille decoration insigne medal
piece monnaie louis napoleon lingot coin
timbre philatelie
lunettes monture
parfum flacon
manteau blouson veste fourrure
jumelles lorgnette
""".strip().splitlines()


def _by_stem() -> Mapping[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    for line in KINDS:
        stems = {stem(word) for word in line.split()}
        for each in stems:
            kin.setdefault(each, set()).update(stems - {each})
    return {each: frozenset(others) for each, others in kin.items()}


_KIN = _by_stem()


def kin_of(stemmed: str) -> frozenset[str]:
    """Stems of the other names of a kind of thing; none for a word that names no kind that we know.

    >>> sorted(kin_of(stem("accordéons".replace("é", "e"))))
    ['concertina']
    """
    return _KIN.get(stemmed, frozenset())
