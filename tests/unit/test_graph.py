"""The calls of the Graph API, against a server that speaks them."""

import socket

import pytest

from gallery.services.facebook.graph import Graph, GraphError, GraphFault
from tests.parts.graph_server import PAGE, TOKEN, Facebook, Failure
from tests.waiting import begin

JPEG = b"\xff\xd8 a photo"


@pytest.fixture
def graph(facebook: Facebook) -> Graph:
    return Graph(facebook.address, TOKEN, timeout_seconds=60)


def fault_of(graph: Graph) -> GraphError:
    with pytest.raises(GraphError) as raised:
        graph.send_photo(PAGE, JPEG, caption="", alt_text="")
    return raised.value


def test_photos_are_sent_and_shown_by_a_post_in_order(graph: Graph, facebook: Facebook) -> None:
    numbers = [graph.send_photo(PAGE, JPEG, caption=f"Objet {n}\nà vous ?", alt_text="Une bague") for n in "ab"]
    post = graph.publish(PAGE, "Deux objets\n« retrouvés »", numbers[::-1])
    assert facebook.shown == ["Objet b\nà vous ?", "Objet a\nà vous ?"]
    assert facebook.posts[0]["message"] == "Deux objets\n« retrouvés »"
    assert {photo["alt_text_custom"] for photo in facebook.photos.values()} == {"Une bague"}
    assert graph.address_of(post) == f"https://www.facebook.com/{PAGE}/posts/1"


def test_the_page_has_a_name(graph: Graph) -> None:
    assert graph.page_name(PAGE) == "Gendarmerie d’Ille-et-Vilaine"


@pytest.mark.parametrize(
    ("failure", "fault"),
    [
        (Failure(400, 190, 463), GraphFault.TOKEN),
        (Failure(401, 102), GraphFault.TOKEN),
        (Failure(403, 200), GraphFault.PERMISSION),
        (Failure(403, 10), GraphFault.PERMISSION),
        (Failure(400, 100, 33), GraphFault.PAGE),
        (Failure(400, 4), GraphFault.RATE),
        (Failure(400, 32), GraphFault.RATE),
        (Failure(429), GraphFault.RATE),
        (Failure(400, 324), GraphFault.PHOTO),
        (Failure(400, 100, 1366046), GraphFault.PHOTO),
        (Failure(400, 368), GraphFault.REFUSED),
        (Failure(500, 2), GraphFault.TEMPORARY),
        (Failure(503), GraphFault.TEMPORARY),
        (Failure(0), GraphFault.NETWORK),
    ],
    ids=str,
)
def test_each_refusal_has_its_fault(graph: Graph, facebook: Facebook, failure: Failure, fault: GraphFault) -> None:
    facebook.fail("photos", failure)
    assert fault_of(graph).fault is fault


def test_a_wrong_token_is_a_fault_of_the_token(facebook: Facebook) -> None:
    error = fault_of(Graph(facebook.address, "another"))
    assert (error.fault, error.code) == (GraphFault.TOKEN, 190)


def test_nobody_there_is_a_fault_of_the_network() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
    assert fault_of(Graph(address, TOKEN)).fault is GraphFault.NETWORK


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 500 X\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["null", "no number", "cut", "no http", "page", "sent elsewhere"],
)
def test_strange_answers_are_faults_and_a_redirection_is_not_followed(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        graph = Graph(f"http://127.0.0.1:{server.getsockname()[1]}", TOKEN, timeout_seconds=60)

        def once() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        begin(once)
        assert fault_of(graph).fault in (GraphFault.NETWORK, GraphFault.TEMPORARY, GraphFault.REFUSED)


def test_the_token_is_in_no_address_and_no_error(graph: Graph, facebook: Facebook) -> None:
    graph.page_name(PAGE)
    graph.send_photo(PAGE, JPEG, caption="", alt_text="")
    assert TOKEN not in repr(facebook.lines)
    facebook.fail("photos", Failure(400, 190), Failure(0))
    for _ in range(2):
        error = fault_of(graph)
        assert TOKEN not in repr((error, error.args, error.__cause__))
        assert error.__suppress_context__
    assert TOKEN not in repr(graph)
