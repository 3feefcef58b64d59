"""What the classes that the shipped model was trained on are to us: code of a category, then number and name of each.

The numbers are those of ImageNet's classes. A class of several categories counts for each in equal shares. Animals
stand for what is made in their image: nobody hands in a live one.
"""

import re
from collections.abc import Mapping
from functools import cache

_ANIMALS = range(398)
_IN_THE_IMAGE_OF_ANIMALS = ("games_toys", "sculptures")

_NAMED: Mapping[str, str] = {
    "jewellery": """
        488 chain, 584 hair slide, 679 necklace
    """,
    "watches": """
        409 analog clock, 426 barometer, 531 digital watch, 635 magnetic compass, 826 stopwatch
    """,
    "bicycles": """
        444 tandem bicycle, 665 moped, 670 motor scooter, 671 mountain bike, 870 tricycle, 880 unicycle
    """,
    "tools": """
        462 broom, 473 can opener, 477 carpenter's kit, 491 chain saw, 507 combination lock, 512 corkscrew, 587 hammer,
        589 hand blower, 596 hatchet, 606 iron, 677 nail, 695 padlock, 714 pick, 726 plane, 740 power drill,
        783 screw, 784 screwdriver, 786 sewing machine, 792 shovel, 882 vacuum
    """,
    "musical_instruments": """
        401 accordion, 402 acoustic guitar, 420 banjo, 432 bassoon, 486 cello, 494 chime, 513 cornet, 541 drum,
        546 electric guitar, 558 flute, 566 French horn, 577 gong, 579 grand piano, 593 harmonica, 594 harp, 641 maraca,
        642 marimba, 683 oboe, 684 ocarina, 687 organ, 699 panpipe, 776 saxophone, 822 steel drum, 875 trombone,
        881 upright piano, 889 violin
    """,
    "sculptures": """
        458 brass, 562 fountain, 682 obelisk, 708 pedestal, 863 totem pole
    """,
    "ceramics_glass": """
        441 beer glass, 503 cocktail shaker, 504 coffee mug, 521 slow cooker, 572 goblet, 659 mixing bowl, 725 pitcher,
        738 pot, 809 soup bowl, 849 teapot, 883 vase, 901 whiskey jug, 968 cup
    """,
    "silverware": """
        469 cauldron, 470 candle, 505 coffeepot, 544 Dutch oven, 550 espresso maker, 567 frying pan, 572 goblet,
        618 ladle, 828 strainer, 849 teapot, 868 tray, 909 wok, 910 wooden spoon, 923 plate
    """,
    "clocks": """
        409 analog clock, 426 barometer, 530 digital clock, 604 hourglass, 635 magnetic compass, 835 sundial,
        892 wall clock
    """,
    "stamps": """
        549 envelope
    """,
    "furniture": """
        423 barber chair, 431 bassinet, 453 bookcase, 492 chest, 493 chiffonier, 495 china cabinet, 516 cradle,
        520 crib, 526 desk, 532 dining table, 553 filing cabinet, 556 fire screen, 559 folding chair, 564 four-poster,
        619 lampshade, 703 park bench, 721 pillow, 729 plate rack, 736 pool table, 765 rocking chair, 789 shoji,
        799 sliding door, 818 spotlight, 831 studio couch, 846 table lamp, 857 throne, 861 toilet seat, 894 wardrobe,
        905 window shade
    """,
    "cameras": """
        447 binoculars, 622 lens cap, 633 loupe, 732 instant camera, 745 projector, 759 reflex camera, 872 tripod
    """,
    "phones": """
        487 mobile telephone, 528 dial telephone, 605 music player, 707 pay phone
    """,
    "computers": """
        508 keyboard, 527 desktop computer, 590 hand-held computer, 592 hard disc, 613 joystick, 620 laptop, 662 modem,
        664 monitor, 673 mouse, 681 notebook, 713 photocopier, 742 printer, 782 screen, 810 space bar,
        878 typewriter keyboard
    """,
    "audio_video": """
        481 cassette, 482 cassette player, 485 CD player, 598 home theatre, 605 music player, 632 loudspeaker,
        650 microphone, 664 monitor, 754 radio, 761 remote control, 782 screen, 848 tape player, 851 television
    """,
    "games_toys": """
        398 abacus, 417 balloon, 476 carousel, 522 croquet ball, 573 go-kart, 607 jack-o'-lantern, 611 jigsaw puzzle,
        613 joystick, 643 mask, 661 Model T, 717 pickup, 719 piggy bank, 746 puck, 800 slot machine, 850 teddy,
        865 toyshop
    """,
    "leather_goods": """
        414 backpack, 588 hamper, 636 mailbag, 728 plastic bag, 748 purse, 893 wallet
    """,
    "clothing": """
        399 abaya, 400 academic gown, 411 apron, 433 bathing cap, 434 bath towel, 439 bearskin, 443 bib, 445 bikini,
        451 bolo tie, 452 bonnet, 457 bow tie, 459 brassiere, 464 buckle, 474 cardigan, 496 Christmas stocking,
        501 cloak, 502 clog, 514 cowboy boot, 515 cowboy hat, 518 crash helmet, 529 diaper, 552 feather boa,
        560 football helmet, 568 fur coat, 578 gown, 601 hoopskirt, 608 jeans, 610 jersey, 614 kimono, 615 knee pad,
        617 lab coat, 630 loafer, 638 maillot, 639 tank suit, 652 military uniform, 655 miniskirt, 658 mitten,
        667 mortarboard, 689 overskirt, 697 pyjamas, 735 poncho, 770 running shoe, 774 sandal, 775 sarong,
        793 shower cap, 796 ski mask, 806 sock, 808 sombrero, 824 stole, 834 suit, 836 sunglass, 837 sunglasses,
        841 sweatshirt, 842 swimming trunks, 869 trench coat, 879 umbrella, 903 wig, 906 Windsor tie
    """,
    "sports": """
        416 balance beam, 422 barbell, 429 baseball, 430 basketball, 450 bobsled, 472 canoe, 518 crash helmet,
        522 croquet ball, 537 dogsled, 543 dumbbell, 560 football helmet, 574 golf ball, 575 golf cart,
        602 horizontal bar, 615 knee pad, 672 tent, 693 paddle, 702 parallel bars, 722 ping-pong ball, 733 pole,
        736 pool table, 747 punching bag, 752 racket, 768 rugby ball, 795 ski, 797 sleeping bag, 801 snorkel,
        802 snowmobile, 805 football, 842 swimming trunks, 852 tennis ball, 890 volleyball
    """,
    "garden": """
        428 barrow, 448 birdhouse, 580 greenhouse, 621 lawn mower, 738 pot, 792 shovel, 803 snowplough
    """,
    "vehicles_parts": """
        407 ambulance, 408 amphibian, 436 estate car, 468 cab, 475 car mirror, 479 car wheel, 484 catamaran,
        511 convertible, 535 disc brake, 554 fireboat, 555 fire engine, 565 freight car, 569 garbage truck,
        573 go-kart, 575 golf cart, 576 gondola, 581 grille, 609 jeep, 625 lifeboat, 627 limousine, 654 minibus,
        656 minivan, 661 Model T, 665 moped, 670 motor scooter, 675 moving van, 685 odometer, 686 oil filter,
        705 passenger car, 717 pickup, 734 police van, 751 racing car, 757 recreational vehicle, 779 school bus,
        780 schooner, 785 seat belt, 802 snowmobile, 814 speedboat, 817 sports car, 864 tow truck, 866 tractor,
        867 lorry, 871 trimaran, 914 yawl
    """,
    "books_documents": """
        446 binder, 454 bookshop, 549 envelope, 624 library, 917 comic book, 918 crossword puzzle, 921 book jacket,
        922 menu
    """,
    "religious_objects": """
        406 altar, 741 prayer rug, 887 vestment
    """,
    "militaria": """
        461 breastplate, 465 bulletproof vest, 471 cannon, 490 chain mail, 524 cuirass, 570 gas mask, 597 holster,
        652 military uniform, 715 spiked helmet, 744 projectile, 777 scabbard, 787 shield
    """,
    "weapons": """
        413 assault rifle, 471 cannon, 623 letter opener, 657 missile, 763 revolver, 764 rifle, 777 scabbard
    """,
}


@cache
def categories_of_classes() -> Mapping[int, tuple[str, ...]]:
    """The categories of each class that has any, by its number."""
    found: dict[int, tuple[str, ...]] = dict.fromkeys(_ANIMALS, _IN_THE_IMAGE_OF_ANIMALS)
    for code, named in _NAMED.items():
        for number in re.findall(r"\d+", named):
            found[int(number)] = (*found.get(int(number), ()), code)
    return found
