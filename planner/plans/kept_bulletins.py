"""Bulletins in the store: each kept as it was issued, so that next month knows last month and last year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from planner.errors import BadDataError, Message, PlanNotFoundError
from planner.plans.bulletin import Bulletin
from planner.plans.bulletin_documents import bulletin_faults, bulletin_from_json, bulletin_to_json
from planner.plans.kept_rows import checked_document, checked_rows
from planner.plans.store_tables import BULLETINS


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinSummary:
    """A kept bulletin; ``created_at`` is in UTC."""

    id: str
    area_id: str
    period: str
    created_at: datetime.datetime


class KeptBulletins:
    """The bulletins of one database, as `planner.plans.store.PlanStore.bulletins` gives them."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(self, bulletin: Bulletin, *, created_at: datetime.datetime) -> BulletinSummary:
        """Keep a bulletin; one that is kept already stays as it was.

        Raises
        ------
        BadDataError
            If it is inconsistent.
        """
        if problems := list(bulletin_faults(bulletin)):
            raise BadDataError(Message("{name}: the bulletin is inconsistent", name=bulletin.id), problems)
        row = {
            "id": bulletin.id,
            "area_id": bulletin.area_id,
            "period": bulletin.period,
            "created_at": created_at.astimezone(datetime.UTC),
        }
        with self._engine.begin() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(BULLETINS.insert().values(**row, document=bulletin_to_json(bulletin)))
            except IntegrityError:
                pass  # it is there
        return self.summary(bulletin.id)

    def get(self, bulletin_id: str) -> Bulletin:
        """Return a bulletin; PlanNotFoundError if there is none of that id."""
        query = sa.select(BULLETINS.c.document).where(BULLETINS.c.id == bulletin_id)
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar_one_or_none()
            if found is None:
                raise _missing(bulletin_id)
            document = checked_document(connection, BULLETINS, bulletin_id, found)
        return bulletin_from_json(document, name=bulletin_id)

    def summary(self, bulletin_id: str) -> BulletinSummary:
        """Return what lists show of a bulletin; PlanNotFoundError if there is none of that id."""
        found = self._rows(BULLETINS.c.id == bulletin_id)
        if not found:
            raise _missing(bulletin_id)
        return found[0]

    def of_area(self, area_id: str, period: str | None = None) -> tuple[BulletinSummary, ...]:
        """Return the bulletins of an area, of a month if given: the latest month first, of a month the newest."""
        wanted = [BULLETINS.c.area_id == area_id]
        return self._rows(*wanted, *([] if period is None else [BULLETINS.c.period == period]))

    def newest(self, area_id: str, period: str) -> Bulletin | None:
        """Return what was issued last of a month, None if nothing was."""
        found = self.of_area(area_id, period)
        return self.get(found[0].id) if found else None

    def _rows(self, *wanted: sa.ColumnElement[bool]) -> tuple[BulletinSummary, ...]:
        columns = [column for column in BULLETINS.columns if column.name != "document"]
        order = (BULLETINS.c.period.desc(), BULLETINS.c.created_at.desc(), BULLETINS.c.id)
        with self._engine.connect() as connection:
            rows = checked_rows(connection, sa.select(*columns).where(*wanted).order_by(*order), BULLETINS)
        return tuple(
            BulletinSummary(**{**row, "created_at": row["created_at"].replace(tzinfo=datetime.UTC)}) for row in rows
        )


def _missing(bulletin_id: str) -> PlanNotFoundError:
    return PlanNotFoundError(Message("no bulletin {id!r} in the store", id=bulletin_id))
