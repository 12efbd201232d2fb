"""Pictures over the wire: media types, sizes, languages, turns, and what is refused."""

import struct
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from planner.outputs.pictures import MissingFontError
from planner.plans import NetworkPlan
from tests.api.test_api import IN_ENGLISH

BEGINS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml", "pdf": b"%PDF-"}
TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("what", ["coverage", "routes"])
def test_a_picture_is_what_its_ending_says(
    client: TestClient, network_url: str, day_url: str, what: str, kind: str
) -> None:
    answer = client.get(f"{network_url if what == 'coverage' else day_url}/{what}.{kind}?dpi=60")
    assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[kind])
    assert answer.content.startswith(BEGINS[kind])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src" in answer.headers["content-security-policy"]


def test_the_sheet_is_chosen_and_its_size_is_bounded(client: TestClient, network_url: str) -> None:
    # A3 across is 420 x 297 mm; at 50 dots an inch 420 / 25.4 * 50 = 826.8 and 297 / 25.4 * 50 = 584.6
    made = client.get(f"{network_url}/coverage.png?size=a3&dpi=50").content
    assert struct.unpack(">II", made[16:24]) == (826, 584)
    for query in ("dpi=301", "dpi=-1", "dpi=1e9", "size=a0", f"phase={'x' * 81}"):
        answer = client.get(f"{network_url}/coverage.png?{query}", headers=IN_ENGLISH)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request"), query


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("{day}/routes.png?phase=x", "query.phase: not a known key: remove or rename it (found 'x')"),
        ("{network}/coverage.png?size=a4&size=a3", "query.size: There should be 1 at most, not 2 (found 'a4, a3')"),
        ("{network}/coverage.svg?Size=a4", "query.Size: not a known key: remove or rename it (found 'a4')"),
        ("{network}/phases.png?phase=2027", "query.phase: not a known key: remove or rename it (found '2027')"),
    ],
)
def test_what_a_picture_is_not_asked_for_by_is_refused(
    client: TestClient, network_url: str, day_url: str, path: str, said: str
) -> None:
    answer = client.get(path.format(network=network_url, day=day_url), headers=IN_ENGLISH)
    assert (answer.status_code, answer.json()["error"]["problems"]) == (422, [said])
    # what there is to be asked by is still heard, with the language
    assert client.get(f"{day_url}/routes.svg?size=a4&dpi=60&lang=zh").status_code == 200


def test_a_picture_speaks_the_language_of_its_reader(client: TestClient, network_url: str) -> None:
    in_chinese, in_english = (
        client.get(f"{network_url}/coverage.svg", headers={"Accept-Language": lang}) for lang in ("zh", "en")
    )
    assert in_chinese.content != in_english.content
    assert in_chinese.headers["etag"] != in_english.headers["etag"]
    known = {"If-None-Match": in_english.headers["etag"], "Accept-Language": "en"}
    assert client.get(f"{network_url}/coverage.svg", headers=known).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("/networks/none/coverage.png", 404, "plan_not_found", "no plan 'none'"),
        ("/days/none/routes.pdf", 404, "plan_not_found", "no plan 'none'"),
        ("{day_as_network}/coverage.png", 404, "plan_not_found", "no plan"),
        ("{network}/coverage.gif", 422, "invalid_request", "the request is invalid"),
        ("{network}/routes.png", 404, "not_found", "see /docs"),
        ("{network}/phases.png", 422, "cannot_be_done", "built in one step"),
        ("{network}/coverage.png?phase=2031%0d%0ax", 404, "not_part_of_plan", r"no phase '2031\r\nx'"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_form(
    client: TestClient, network_url: str, day_url: str, path: str, status: int, code: str, words: str
) -> None:
    as_network = day_url.replace("/days/", "/networks/")
    answer = client.get(
        path.replace("{network}", network_url).replace("{day_as_network}", as_network), headers=IN_ENGLISH
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert words in answer.json()["error"]["message"]


def test_a_server_without_a_font_says_so(client: TestClient, network_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(*_given: object, **_named: object) -> bytes:
        raise MissingFontError("no font of this system has 村")

    monkeypatch.setattr("api.routers.pictures.coverage_picture", without)
    answer = client.get(f"{network_url}/coverage.png", headers=IN_ENGLISH)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_font")
    assert "no font" in answer.json()["error"]["message"]


def test_more_pictures_at_once_than_are_taken_on_are_put_off(
    client: TestClient, network_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(plan: NetworkPlan, **_named: object) -> bytes:
        begun.release()
        assert go_on.wait(20)
        return b"drawn"

    monkeypatch.setattr("api.routers.pictures.coverage_picture", slow)
    with ThreadPoolExecutor(4) as callers:
        waiting = [callers.submit(client.get, f"{network_url}/coverage.png") for _ in range(4)]
        for _ in waiting:
            assert begun.acquire(timeout=20)
        refused = client.get(f"{network_url}/coverage.png", headers=IN_ENGLISH)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "busy")
        assert refused.headers["retry-after"]
        go_on.set()
        assert [one.result().content for one in waiting] == [b"drawn"] * 4
    assert client.get(f"{network_url}/coverage.png").content == b"drawn"


def test_the_description_says_what_is_answered(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for path in (
        "/networks/{network_id}/coverage.{kind}",
        "/networks/{network_id}/phases.{kind}",
        "/days/{day_id}/routes.{kind}",
    ):
        answers = paths[path]["get"]["responses"]
        assert set(answers["200"]["content"]) == set(TYPES.values())
        assert {"404", "422", "429", "503"} <= set(answers)
