"""The search for points and stations: how it cools down and how a change of stations is taken back."""

import time
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array

import planner.coverage.engine.two_tier.search as tiers_search
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.status import FREE
from planner.coverage.engine.two_tier.choice import begin_notes, take_back
from planner.coverage.engine.two_tier.moves import change_station
from planner.coverage.engine.two_tier.search import TierSearch, TierSites, Usable


def sparse(table):
    return csr_array(np.asarray(table, dtype=np.int8))


def province_in_small(seed, must=()):
    random = np.random.default_rng(seed)
    places, seats = random.random((150, 2)) * 60, random.random((30, 2)) * 60
    return {
        "covers": np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) < 7,
        "weights": random.integers(1, 900, 150).astype(float),
        "need": np.ones(150, dtype=np.int64),
        "must": np.isin(np.arange(150), must),
        "status": np.full(150, FREE),
        "costs": np.ones(150),
        "limit": 20.0,
        "reach": np.hypot(*(places[:, None] - seats[None]).transpose(2, 0, 1)) < 14,
        "room": random.integers(1, 4, 30),
        "station_status": np.full(30, FREE),
        "station_costs": np.ones(30),
        "station_limit": 8.0,
    }


def search_of(w, clock=time.monotonic, deadline=None):
    points = TierSites(status=w["status"], costs=w["costs"], limit=w["limit"])
    stations = TierSites(status=w["station_status"], costs=w["station_costs"], limit=w["station_limit"])
    whole = Usable(sparse(w["covers"]), sparse(w["reach"]), points, stations, w["room"])
    tiers, _given, _lost = whole.tiers(w["weights"], w["need"], w["must"])
    until = time.monotonic() + 60 if deadline is None else deadline
    return TierSearch(tiers, Effort(deadline=until, seed=1, rounds=2, clock=clock), 0.0)


@pytest.mark.parametrize("deadline", [1e9, 20.0])
def test_annealing_cools_down_in_whatever_time_is_left(monkeypatch, deadline):
    heats, now = [], [0.0]

    def cooled(tiers, choice, heat, *rest):
        heats.append(heat)
        now[0] += 1.0  # by this clock every thousand moves take a second
        return choice

    search = search_of(province_in_small(3), clock=lambda: now[0], deadline=deadline)
    monkeypatch.setattr(tiers_search, "_CHUNK", 1000)
    monkeypatch.setattr(tiers_search, "anneal_tiers", cooled)
    search.anneal(240)
    # 240 moves for each of 150 points are 36 chunks, if there is time for them
    assert len(heats) == 36 if deadline > 36.0 else 10 < len(heats) <= 20
    assert heats[-1][1] / heats[0][0] == pytest.approx(0.005 / 0.25)
    assert all(first[1] == pytest.approx(then[0]) for first, then in pairwise(heats))


def test_rows_that_must_be_covered_do_not_heat_the_search(monkeypatch):
    heats = []

    def cooled(tiers, choice, heat, *rest):
        heats.append(heat)
        return choice

    monkeypatch.setattr(tiers_search, "anneal_tiers", cooled)
    for must in ((), (0, 1)):
        search = search_of(province_in_small(3, must))
        search.anneal(60)
        # an open point covers on average the value divided by their number, and the heat begins at a quarter of that
        assert heats[-1][0] == pytest.approx(0.25 * search.value / search.choice.opened.sum())


@pytest.mark.parametrize("seed", range(20))
def test_a_change_of_stations_is_taken_back_whole(seed):
    search = search_of(province_in_small(seed, (seed,)))
    tiers, choice = search.tiers, search.choice
    random = np.random.default_rng(seed)
    changed = 0
    for opening in np.flatnonzero(~choice.stations):
        closing = int(random.choice(np.flatnonzero(choice.stations)))
        before = [choice.opened.copy(), choice.at.copy(), choice.load.copy(), choice.hits.copy(), choice.score.copy()]
        stations, totals = choice.stations.copy(), choice.totals.copy()
        begin_notes(choice)
        change_station(tiers, choice, closing, opening, random)
        changed += (choice.at != before[1]).any()
        choice.stations[:] = stations
        take_back(tiers, choice)
        after = [choice.opened, choice.at, choice.load, choice.hits, choice.score]
        assert all((x == y).all() for x, y in zip(before, after, strict=True))  # weights are whole: no rounding
        assert choice.totals[:2].tolist() == totals[:2].tolist()
        choice.totals[:] = totals
        for s, row in enumerate(np.split(choice.slots, choice.slot_starts[1:-1])):
            assert set(row[: choice.load[s]]) == set(np.flatnonzero(choice.at == s))
    assert changed
