"""Plans that a command is given: a document, or the id of a plan in the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.cli.language import speak_as
from planner.cli.terminal import trouble
from planner.config import document_text
from planner.errors import BadDataError, Message, PlanNotFoundError, UnknownAreaError
from planner.plans import DayPlan, NetworkPlan, ReadPlans, ServicePlan, network_from_json, read_plans, service_from_json
from planner.plans.service_documents import is_service, network_id_of
from planner.plans.store import PlanStore, open_store
from planner.words import render


@contextmanager
def kept_plans(store: str) -> Iterator[PlanStore]:
    """Open the store; what people should know of it, an upgrade say, goes to standard error. See `open_store`."""
    with open_store(store) as plans:
        for note in plans.notes:
            trouble.print(render(note), highlight=False, markup=False, soft_wrap=True)
        yield plans


def area_id_of(area: str) -> str:
    """Return the id of an area that is named by its id, its folder or its area.toml; speak its language if it says one."""
    from planner.config import embedded_areas, load_config

    if area not in embedded_areas() and not Path(area).exists():
        return area
    config = load_config(area)
    speak_as(config.language)
    return config.area.id


def kept_area_id(area: str, store: PlanStore) -> str:
    """Return the id of an area of which there are files or plans.

    Raises
    ------
    UnknownAreaError
        If there are neither: the areas that there are files or plans of are named.
    """
    from planner.config import embedded_areas

    known = sorted({*store.area_ids(), *embedded_areas()})
    if area not in known and not Path(area).exists():
        raise UnknownAreaError(Message("{area}: no such area: known are {known}", area=area, known=known))
    return area_id_of(area)


def load_plans(which: str, store: str) -> ReadPlans:
    """Return the plan of a document, or of the store if there is no such file; speak its area's language.

    A day comes with its network.

    Raises
    ------
    BadDataError
        If the file is not a plan.
    PlanNotFoundError
        If it is neither a file nor an id in the store, or the network of a day is found nowhere.
    """
    if Path(which).is_file() or which.endswith(".json"):
        read = load_document(Path(which), store)
    else:
        with kept_plans(store) as plans:
            found = plans.get(which)
        if isinstance(found, NetworkPlan):
            read = ReadPlans(network=found)
        else:  # the id of an earlier version names both
            read = ReadPlans(network=found.network, day=found, both=found.id != which)
    speak_as(read.network.language)
    return read


def load_day(which: str, store: str) -> DayPlan:
    """Return a day plan of a document or of the store; BadDataError if it is a network plan."""
    day = load_plans(which, store).day
    if day is None:
        raise BadDataError(Message("{which}: a network plan; give the plan of a day", which=which))
    return day


def load_document(path: Path, store: str) -> ReadPlans:
    """Return the plans of a document; the network of a day is looked for beside it, as results lie, and in the store."""
    return read_plans(_text(path), name=str(path), find_network=lambda id_: _network_of(id_, path, store))


def _network_of(network_id: str, path: Path, store: str) -> NetworkPlan:
    """Return the network that a document stands on: beside it, as results lie, or in the store."""
    digest = network_id.rpartition("-")[2]
    for folder in (path.parent, *path.resolve().parents[:5]):
        for kept in (folder / "network.json", folder / "network" / digest / "network.json"):
            if kept.is_file():
                network = network_from_json(_text(kept), name=str(kept))
                if network.id == network_id:
                    return network
    try:
        with kept_plans(store) as plans:
            return plans.network(network_id)
    except PlanNotFoundError as error:
        raise PlanNotFoundError(
            Message(
                "{path}: the network {id} that it stands on is neither beside it nor in the store: "
                "put its network.json into the same folder, or give its --store",
                path=path,
                id=network_id,
            )
        ) from error


def load_service(which: str, store: str) -> ServicePlan | None:
    """Return the service plan of a document, or of the store if there is no such file; None if it is a plan of another kind.

    It speaks its area's language. A document stands on a network that is looked for as that of a day.

    Raises
    ------
    BadDataError
        If the file is a service plan with faults.
    PlanNotFoundError
        If its network is found nowhere.
    """
    path = Path(which)
    if path.is_file() or which.endswith(".json"):
        text = _text(path)
        if not is_service(text):
            return None
        found = service_from_json(text, _network_of(network_id_of(text, str(path)), path, store), name=str(path))
    else:
        with kept_plans(store) as plans:
            if plans.services.find(which) is None:
                return None
            found = plans.services.get(which)
    speak_as(found.network.language)
    return found


def network_for(area_id: str, which: str, store: PlanStore) -> NetworkPlan:
    """Return the network plan that a day of an area rests on: the one asked for, else the published, else the newest.

    Raises
    ------
    PlanNotFoundError
        If there is none.
    """
    if which and (Path(which).is_file() or which.endswith(".json")):
        return network_from_json(_text(Path(which)), name=which)
    if which:
        return store.network(which)
    current = store.current_network(area_id)
    if current is None:
        raise PlanNotFoundError(
            Message("there is no network plan of {area} yet: make one with planner site {area}", area=area_id)
        )
    return store.network(current.id)


NO_SERVICE = "none"


def service_for(network_id: str, year: int, which: str, store: PlanStore) -> ServicePlan | None:
    """Return the plan of the week that a day follows: the one asked for, else the published, else the newest of the year.

    None if none is asked for, or there is none.

    Raises
    ------
    PlanNotFoundError
        If there is none of that id.
    """
    if which == NO_SERVICE:
        return None
    if which:
        return store.services.get(which)
    kept = store.services.in_force(network_id, year)
    return None if kept is None else store.services.get(kept.id)


def _text(path: Path) -> str:
    if not path.is_file():
        raise BadDataError(Message("{path}: no such file; planner plan writes network.json and day.json", path=path))
    try:
        return document_text(path)
    except BadDataError:
        raise
    except ValueError as error:
        raise BadDataError(
            Message("{path}: not a text file: planner plan writes network.json and day.json", path=path)
        ) from error
