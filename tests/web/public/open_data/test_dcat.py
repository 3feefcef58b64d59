"""The catalogue for data portals: read by a library for linked data, with what DCAT-AP asks for."""

import pytest
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from rdflib import namespace as ns

from gallery.models import Unit
from tests.factories import Factory

# Mandatory and, of what data.gouv.fr reads, recommended (DCAT-AP 3.0).
ASKED = {
    ns.DCAT.Catalog: (
        ns.DCTERMS.title,
        ns.DCTERMS.description,
        ns.DCTERMS.publisher,
        ns.DCAT.dataset,
        ns.FOAF.homepage,
    ),
    ns.DCAT.Dataset: (
        ns.DCTERMS.title,
        ns.DCTERMS.description,
        ns.DCTERMS.identifier,
        ns.DCTERMS.license,
        ns.DCTERMS.accrualPeriodicity,
        ns.DCAT.contactPoint,
        ns.DCAT.theme,
        ns.DCAT.keyword,
        ns.DCAT.landingPage,
        ns.DCAT.distribution,
    ),
    ns.DCAT.Distribution: (
        ns.DCTERMS.title,
        ns.DCTERMS.license,
        ns.DCTERMS["format"],
        ns.DCAT.accessURL,
        ns.DCAT.mediaType,
    ),
    ns.DCAT.DataService: (ns.DCTERMS.title, ns.DCAT.endpointURL, ns.DCAT.endpointDescription, ns.DCAT.servesDataset),
}


@pytest.fixture
def graph(make: Factory, unit: Unit, client: FlaskClient) -> Graph:
    make.published(make.case(unit))
    answer = client.get("/catalogue.jsonld")
    assert (answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == ("application/ld+json", "*")
    return Graph().parse(data=answer.text, format="json-ld")


def test_it_has_all_that_is_asked_for(graph: Graph) -> None:
    counts = {kind: len(set(graph.subjects(ns.RDF.type, kind))) for kind in ASKED}
    assert counts == {ns.DCAT.Catalog: 1, ns.DCAT.Dataset: 2, ns.DCAT.Distribution: 4, ns.DCAT.DataService: 1}
    lacking = [
        (subject, asked)
        for kind, properties in ASKED.items()
        for subject in graph.subjects(ns.RDF.type, kind)
        for asked in properties
        if (subject, asked, None) not in graph
    ]
    assert lacking == []


def test_its_files_are_there_and_are_what_it_says(graph: Graph, client: FlaskClient) -> None:
    for file in graph.subjects(ns.RDF.type, ns.DCAT.Distribution):
        answer = client.get(str(graph.value(file, ns.DCAT.downloadURL)))
        assert answer.status_code == 200
        assert str(graph.value(file, ns.DCAT.mediaType)).endswith(f"/{answer.mimetype}")
    for pages in (ns.DCAT.landingPage, ns.FOAF.homepage, ns.DCAT.endpointDescription):
        assert {client.get(str(page)).status_code for page in graph.objects(None, pages)} == {200}


def test_it_is_said_in_both_languages_under_a_licence(graph: Graph) -> None:
    for dataset in graph.subjects(ns.RDF.type, ns.DCAT.Dataset):
        titles = {title.language: str(title) for title in graph.objects(dataset, ns.DCTERMS.title)}
        assert set(titles) == {"fr", "en"}
        assert titles["fr"] != titles["en"]
        assert isinstance(graph.value(dataset, ns.DCTERMS.license), URIRef)
