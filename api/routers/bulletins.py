"""Bulletins: the months of an area, and each as JSON, workbook and Word document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.answers import DOCX, XLSX, file_of, tagged
from api.deps import NetworkLoader, Store
from api.request_language import speak_of_area
from api.schemas import BulletinList, BulletinReply
from planner.outputs.bulletin import write_bulletin_docx, write_bulletin_workbook
from planner.plans import Bulletin, NetworkPlan, bulletin_to_json
from planner.plans.kept_bulletins import BulletinSummary

router = APIRouter(tags=["bulletins"])

_PARTS = ("bulletin.json", "bulletin.docx", "bulletin.xlsx")
BulletinId = Annotated[str, Path(max_length=120, examples=["baiquan-bulletin-202611-0123456789ab"])]


def bulletin_reply(summary: BulletinSummary) -> BulletinReply:
    """Return a bulletin's month with the addresses of its files."""
    links = {part: f"/bulletins/{summary.id}/{part}" for part in _PARTS}
    return BulletinReply.model_validate(summary).model_copy(update={"links": links})


def _bulletin(bulletin_id: BulletinId, store: Store) -> Bulletin:
    return store.bulletins.get(bulletin_id)


KeptBulletin = Annotated[Bulletin, Depends(_bulletin)]


def _network(request: Request, bulletin: KeptBulletin) -> NetworkPlan:
    load: NetworkLoader = request.app.state.load_network
    return load(bulletin.network_id)


async def _spoken(request: Request, network: Annotated[NetworkPlan, Depends(_network)]) -> NetworkPlan:
    speak_of_area(request, network.language)
    return network


SpokenNetwork = Annotated[NetworkPlan, Depends(_spoken)]


@router.get("/areas/{area_id}/bulletins", summary="Bulletins of an area, the latest month first")
def list_bulletins(area_id: str, store: Store) -> BulletinList:
    """Return months and links, none for an area without."""
    return BulletinList(bulletins=[bulletin_reply(one) for one in store.bulletins.of_area(area_id)])


@router.get("/bulletins/{bulletin_id}", summary="One bulletin's month and links")
def get_bulletin(bulletin_id: BulletinId, store: Store) -> BulletinReply:
    """Return the bulletin's month, 404 if there is none of that id."""
    return bulletin_reply(store.bulletins.summary(bulletin_id))


@router.get("/bulletins/{bulletin_id}/bulletin.json", summary="All indicators")
def get_document(request: Request, bulletin: KeptBulletin) -> Response:
    """Return the versioned document."""
    return tagged(request, bulletin, lambda: bulletin_to_json(bulletin), "application/json")


@router.get("/bulletins/{bulletin_id}/bulletin.xlsx", summary="The workbook")
def get_workbook(request: Request, bulletin: KeptBulletin, network: SpokenNetwork) -> Response:
    """Return the indicators as an Excel workbook."""
    return tagged(
        request,
        bulletin,
        lambda: file_of(lambda one, path: write_bulletin_workbook(one, network, path), bulletin, "bulletin.xlsx"),
        XLSX,
    )


@router.get("/bulletins/{bulletin_id}/bulletin.docx", summary="The Word document")
def get_word(request: Request, bulletin: KeptBulletin, network: SpokenNetwork) -> Response:
    """Return the bulletin for Word."""
    return tagged(
        request,
        bulletin,
        lambda: file_of(lambda one, path: write_bulletin_docx(one, network, path), bulletin, "bulletin.docx"),
        DOCX,
    )
