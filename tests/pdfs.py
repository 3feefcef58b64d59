"""PDFs made by hand: what people send, and what nobody honest sends."""

ENCRYPTED = "/Encrypt<</Filter/Standard/V 1/R 2/O({0})/U({0})/P -4>>/ID[(a)(a)]".format("x" * 32)


def pdf(*contents: str, box: str = "595 842", trailer: str = "", forms: str = "") -> bytes:
    """A PDF of a page for each of these contents, in Helvetica that is not in the file. forms: further resources."""
    pages = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(contents)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{pages}]/Count {len(contents)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for place, content in enumerate(contents):
        used = f"/Resources<</Font<</F 3 0 R>>{forms}>>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box}]{used}/Contents {5 + 2 * place} 0 R>>")
        objects.append(stream(content))
    return assembled(objects, trailer)


def stream(content: str, entries: str = "") -> str:
    return f"<<{entries}/Length {len(content)}>>stream\n{content}\nendstream"


def assembled(objects: list[str], trailer: str = "") -> bytes:
    made, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(made))
        made += f"{number} 0 obj{text}endobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(made)}\n%%EOF".encode()
    return made + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + table + end


def written(words: str) -> str:
    """The content of a page with these words."""
    return f"BT /F 40 Tf 50 700 Td ({words}) Tj ET"


def invoice(words: str = "Facture", pages: int = 1) -> bytes:
    return pdf(*(written(f"{words} {number}") for number in range(1, pages + 1)))


def bomb() -> bytes:
    """Eight forms, each of which draws the next one fifty times."""
    first, depth = 6, 8
    forms = "/XObject<</X 6 0 R>>"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[4 0 R]/Count 1>>",
        "<<>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Resources<<{forms}>>/Contents 5 0 R>>",
        stream("/X Do"),
    ]
    for number in range(first, first + depth):
        entries = f"/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</X {number + 1} 0 R>>>>"
        objects.append(stream("/X Do " * 50, entries))
    objects.append(stream("0 0 400 400 re f", "/Type/XObject/Subtype/Form/BBox[0 0 500 500]"))
    return assembled(objects)
