"""The first page says what the document says, in one language, and first what a bureau asks first."""

import datetime
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from planner.coverage import Remedy
from planner.coverage.appraise import FEN_PER_YUAN
from planner.coverage.phases import PhasedSolution, PhaseResult
from planner.model import Tier
from planner.outputs.headlines import decisions, main_gap, served
from planner.outputs.network_links import LinkedBeside, Listed, ListedService
from planner.outputs.network_page import network_page
from planner.outputs.page_links import PageLinks
from planner.outputs.stage_money import Account, StageMoney, stage_money
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import NetworkPlan, SeasonTravel
from planner.plans.kept_services import ServiceSummary
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.words import Language, figures, speaking, term
from tests.languages import foreign_words, names_of, page_text

BOTH: tuple[Language, ...] = ("zh", "en")
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)


class Tables(HTMLParser):
    """The cells of a page's tables, a list a row, and the texts of its cards."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.cards: list[str] = []
        self._into: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._into = self.rows[-1]
        elif tag == "li" and dict(attrs).get("title"):
            self.cards.append("")
            self._into = self.cards

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "li"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data


@pytest.fixture
def network(line: PlannedArea) -> NetworkPlan:
    """The line's network: the three villages are served, the island has no road."""
    return line.network


def page_in(lang: Language, plan: NetworkPlan, **more: object) -> str:
    with speaking(lang):
        return network_page(plan, PageLinks(home="zh"), **more)  # type: ignore[arg-type]


def day(date: datetime.date, **changed: object) -> Listed:
    summary = DaySummary(
        id="line-20261110-0123456789ab",
        network_id="line-network-0123456789ab",
        area_id="line",
        area_name="x",
        date=date,
        created_at=NOON,
        routes=2,
        stops=7,
        unassigned=1,
        without_place=2,
        season="drift_ice",
        season_of_date="drift_ice",
        parcels=1234,
        distance_m=1000.0,
        cost_yuan=567.0,
        lower_bound_yuan=1.0,
        published=False,
    )
    return Listed("days/x/index.html", replace(summary, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", BOTH)
def test_cards_show_who_is_served_money_and_the_last_day(network: NetworkPlan, lang: Language) -> None:
    days = [day(datetime.date(2026, 11, 9), routes=5), day(datetime.date(2026, 11, 10), published=True)]
    cards = Tables(page_in(lang, network, days=days)).cards
    # 100 + 200 + 300 of 650 people: the island's 50 have no road; of the one poor village (middle) one is served
    wanted = {
        "zh": ("3 / 4", "650 人的 92.3%", "1 / 1", "2 辆车"),
        "en": ("3 of 4", "92.3% of 650 people", "1 of 1", "2 vehicles"),
    }
    assert len(cards) == 4
    villages, share, poor, vehicles = wanted[lang]
    assert villages in cards[0]
    assert share in cards[0]
    assert poor in cards[1]
    money = network.stations.service_points.opening_cost_yuan + network.stations.express_stations.opening_cost_yuan
    with speaking(lang):
        assert figures.money(money) in cards[2]
        assert vehicles in cards[3]
        assert figures.parcels(1234) in cards[3]


def test_the_day_of_the_card_is_the_latest_published_else_the_one_made_last(network: NetworkPlan) -> None:
    first = day(datetime.date(2026, 11, 10), routes=1, created_at=NOON + datetime.timedelta(hours=2))
    trial = day(datetime.date(2030, 1, 15), routes=3)  # years ahead, made before
    earlier, later = (day(datetime.date(2026, 11, d), routes=d, published=True) for d in (8, 9))
    for days, said in (
        ([first, trial], ("Tue 10 Nov 2026", "1 vehicle")),
        ([first, trial, earlier, later], ("Mon 9 Nov 2026", "9 vehicles")),
    ):
        for order in (days, days[::-1]):
            card = Tables(page_in("en", network, days=order)).cards[3]
            assert all(text in card for text in said)
    plan = phased(network, target=0.95, budget=1500.0)
    assert "To be decided in 2026" in page_in("en", plan, days=[first, trial])
    made_last = day(datetime.date(2027, 1, 15), created_at=NOON + datetime.timedelta(hours=3))
    assert "To be decided in 2027" in page_in("en", plan, days=[first, made_last])


@pytest.mark.parametrize("lang", BOTH)
def test_villages_that_are_not_served_stand_with_their_hand_over(network: NetworkPlan, lang: Language) -> None:
    rows = Tables(page_in(lang, network)).rows
    left = network.stations.service_points.uncovered
    assert [one.demand_id for one in left] == ["island"]
    with speaking(lang):
        name, reason = {"zh": "岛村", "en": "Dao"}[lang], term(left[0].reason)
    (row,) = [row for row in rows if row and row[0] == name and len(row) == 7]
    assert row[2:] == ["50", "-", "-", reason, "-"]


def test_minutes_are_those_of_the_hand_over(network: NetworkPlan) -> None:
    island = network.hand_over["island"]
    way = replace(island, site_id="sp-west", duration_s=1296.0, driving_s=1000.0, walking_s=296.0)
    hand_over = tuple(way if one.village_id == "island" else one for one in network.finished.hand_over)
    plan = replace(network, stages=(*network.stages[:-1], replace(network.finished, hand_over=hand_over)))
    rows = Tables(page_in("en", plan)).rows
    (row,) = [row for row in rows if row and row[0] == "Dao" and len(row) == 7]
    assert row[4] == "21.6 min"  # 1296 / 60


def test_the_main_gap_is_the_cheapest_remedy_that_serves_most(network: NetworkPlan) -> None:
    def remedy(village: str, site: str, yuan: float) -> Remedy:
        return Remedy(demand_id=village, site_ids=(site,), station_ids=(), cost_yuan=yuan, lifts=(), standard_s=None)

    remedies = (
        remedy("island", "sp-west", 1000.0),
        remedy("west", "sp-east", 1000.0),
        remedy("east", "sp-middle", 9e5),
    )
    plan = replace(network, remedies=remedies)
    # island 50 people, west 100: the same cost, so the one of west
    assert main_gap(plan) == [
        "Not served: 1 village (50 people).",
        f"Another 1,000 yuan would serve 100 more people ({plan.area.site_by_id['sp-east'].name_latin}).",
    ]
    with speaking("zh"):
        assert main_gap(replace(network, remedies=()))[0] == "尚有 1 个村（50 人）未覆盖。"


def phased(network: NetworkPlan, target: float, budget: float) -> NetworkPlan:
    """The network in two phases: the first serves what the second does, too; only its figures are tried."""
    points = network.stations.service_points
    whole = points.opening_cost_yuan

    def phase(name: str, added: tuple[str, ...], cost: float, share: float | None) -> PhaseResult:
        return PhaseResult(
            name=name,
            added=added,
            opening_cost_yuan=cost,
            running_cost_yuan=0.0,
            covered_weight=1.0,
            target_share=share,
            target_met=share is None or points.shares.population >= share,
            coverage=points,
        )

    phases = PhasedSolution(
        status=points.status,
        phases=(phase("2026", points.opened, whole, target), phase("2027", (), 0.0, None)),
        value=2.0,
        bound=2.0,
        gap=0.0,
        alone=None,
    )
    years = [(datetime.date(year, 1, 1), datetime.date(year, 12, 31)) for year in (2026, 2027)]
    stages = tuple(
        replace(network.finished, name=one.name, first=first, last=last)
        for one, (first, last) in zip(phases.phases, years, strict=True)
    )
    coverage = {**network.config["coverage"], "phases": [{"budget_yuan": budget}, {"budget_yuan": None}]}
    return replace(network, phases=phases, stages=stages, config={**network.config, "coverage": coverage})


@pytest.mark.parametrize("lang", BOTH)
def test_phases_stand_with_people_target_and_budget(network: NetworkPlan, lang: Language) -> None:
    plan = phased(network, target=0.95, budget=1500.0)
    page = page_in(lang, plan)
    row = next(row for row in Tables(page).rows if row and row[0] == "2026")
    with speaking(lang):
        target = f"95.0%{'，' if lang == 'zh' else ': '}{term('target_missed')}"
        assert target in row[1]
        cost, budget = figures.money(network.stations.service_points.opening_cost_yuan), figures.money(1500.0)
    assert row[2:5] == ["92.3%", "3", "1"]
    assert row[6:] == [cost, budget]
    assert re.search(r'<rect class="part" width="92.3"', page)
    assert 'd="M95.0 0v10"' in page


def test_money_and_sites_of_a_phase_are_decided_in_it(network: NetworkPlan) -> None:
    plan = phased(network, target=0.95, budget=1500.0)
    points, cost = plan.stations.service_points.opened, plan.stations.service_points.opening_cost_yuan
    texts = [one.text for one in decisions(plan, 0)]
    assert f"Confirm the {figures.service_points(len(points))} to open" in texts
    assert "The target of 95.0% of people is missed" in texts
    assert (f"The budget for service points is exceeded by {figures.money(cost - 1500)}" in texts) == (cost > 1500)
    money = stage_money(plan, 0)
    assert (money.budget_yuan, money.from_budget_yuan) == (1500.0, cost)
    assert not any("Confirm" in one.text for one in decisions(plan, 1) if "point" in one.text)


def test_money_that_earlier_phases_left_is_in_the_budget_where_it_is_carried_over(network: NetworkPlan) -> None:
    plan = phased(network, target=0.5, budget=100_000.0)
    first, second = plan.phases.phases if plan.phases else ()
    spent = first.opening_cost_yuan
    later = replace(second, opening_cost_yuan=50_000.0 + (100_000.0 - spent))  # its own budget and all that was left
    coverage = {**plan.config["coverage"], "phases": [{"budget_yuan": 100_000.0}, {"budget_yuan": 50_000.0}]}
    for carried in (False, True):
        config = {**plan.config, "coverage": {**coverage, "carry_over": carried}}
        tried = replace(plan, config=config, phases=replace(plan.phases, phases=(first, later)))
        money = stage_money(tried, 1)
        assert money.carried_yuan == (100_000.0 - spent if carried else 0.0)
        assert money.budget_yuan == 50_000.0 + money.carried_yuan
        assert any("exceeded" in one.text for one in decisions(tried, 1)) == (not carried)


def test_what_a_season_cuts_off_is_decided_and_listed(network: NetworkPlan) -> None:
    season = SeasonTravel(
        season="drift_ice", mean_s=100.0, longest_s=200.0, beyond=("east",), cut_off={"west": "closed_this_season"}
    )
    plan = replace(network, seasons=(season,))
    assert "Xi is cut off (drift ice): decide how it is served then" in [one.text for one in decisions(plan, 0)]
    row = next(row for row in Tables(page_in("zh", plan)).rows if row and row[0].startswith("流冰期"))
    assert row[1].startswith("1 西")
    assert row[2:] == ["1", "1.7 分钟", "3.4 分钟"]  # 100 s and 200 s, rounded up to tenths


def test_days_and_networks_are_listed_with_what_is_published(network: NetworkPlan) -> None:
    other = NetworkSummary.of_row({**NetworkSummary.row_of(network, NOON), "published": True})
    page = page_in(
        "en", network, days=[day(datetime.date(2026, 11, 10), published=True)], networks=[Listed("n", other)]
    )
    rows = Tables(page).rows
    assert ["Tuesday 10 November 2026", "2", "7", "1,234", "1 stop, 2 villages", "567 yuan", "published"] in rows
    (row,) = [row for row in rows if row and row[0] == "1 November 2026 12:00 UTC"]
    assert (row[1], row[-1]) == (network.id[-12:], "published (shown here)")
    # days say on which of several networks they stand
    assert "0123456789ab" not in page_text(page)
    several = [Listed("n", other), Listed("m", replace(other, id="line-network-0123456789ab"))]
    rows = Tables(page_in("en", network, days=[day(datetime.date(2026, 11, 10))], networks=several)).rows
    assert ["Tuesday 10 November 2026", "0123456789ab"] in [row[:2] for row in rows]


@pytest.mark.parametrize("lang", BOTH)
def test_the_first_card_says_the_season_and_every_cell_of_a_narrow_screen_its_heading(
    network: NetworkPlan, lang: Language
) -> None:
    page = page_in(lang, network, days=[day(datetime.date(2026, 11, 10))])
    with speaking(lang):
        season = term(network.roads.season)
    assert {"zh": f"按{season}道路", "en": f"on the roads of {season}"}[lang] in Tables(page).cards[0]
    narrow = re.findall(r'<table class="[^"]*rows">.*?</table>', page, flags=re.S)
    assert narrow
    for table in narrow:
        head, *rows = table.split("</tr>")
        heads = [text for text in re.findall(r"<th[^>]*>(.*?)</th>", head) if text]
        for row in rows[:-1]:
            assert re.findall(r'<td data-label="([^"]+)"', row) == heads


def test_a_station_that_serves_a_village_meanwhile_is_called_one(network: NetworkPlan) -> None:
    station = next(site for site in network.area.sites if site.tier is Tier.EXPRESS_STATION)
    way = replace(network.hand_over["island"], site_id=station.id, duration_s=48.0, driving_s=40.0, walking_s=8.0)
    hand_over = tuple(way if one.village_id == "island" else one for one in network.finished.hand_over)
    plan = replace(network, stages=(*network.stages[:-1], replace(network.finished, hand_over=hand_over)))
    page = page_in("en", plan)
    (row,) = [row for row in Tables(page).rows if row and row[0] == "Dao" and len(row) == 7]
    assert row[3].endswith("(express station)")
    assert "An express station, however near, serves it until then." in page


@pytest.mark.parametrize("lang", BOTH)
def test_the_page_has_no_word_of_the_other_language(network: NetworkPlan, lang: Language) -> None:
    listed = NetworkSummary.of_row({**NetworkSummary.row_of(network, NOON), "published": True})
    plans = [phased(network, 0.5, 1e6), network]
    for plan in plans:
        page = page_in(lang, plan, days=[day(datetime.date(2026, 11, 10))], networks=[Listed("n", listed)])
        names = {
            *names_of(plan.area),
            *(one.name for one in plan.stages),
            plan.id,
            "lon",
            "经度",
        }  # columns of its files
        assert foreign_words(page_text(page), lang, names) == []


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(network: NetworkPlan) -> None:
    page = page_in("en", network)
    assert "<script" not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert not re.search(r"\son[a-z]+=", page)
    assert network.opened_sites(Tier.COUNTY_HUB)
    assert page.count('class="hub"') == 2  # on the map and in the legend


def test_who_is_served_is_what_the_answer_says(network: NetworkPlan) -> None:
    who, shares = served(network, len(network.stages) - 1), network.stations.service_points.shares
    assert who.share == pytest.approx(shares.population)
    assert who.villages == who.villages_total - len(network.stations.service_points.uncovered)
    assert who.poor == round(shares.poor_villages * shares.poor_villages_total)
    if network.subsidies is not None:
        total = stage_money(network, 0).all_yuan
        assert total == network.subsidies.fen() / FEN_PER_YUAN


def test_plans_of_one_day_are_told_apart_by_when_they_were_made(network: NetworkPlan) -> None:
    date = datetime.date(2026, 11, 10)
    again = {"id": "line-20261110-0123456789ab", "created_at": NOON + datetime.timedelta(minutes=65)}
    alone = page_in("zh", network, days=[day(date), day(datetime.date(2026, 11, 11))])
    both = page_in("zh", network, days=[day(date), day(date, **again), day(datetime.date(2026, 11, 11))])
    assert "2026年11月1日 13:05 UTC 编制 · 0123456789ab" in both
    assert both.count("UTC 编制") == 2  # the 11th has one plan
    assert "UTC 编制" not in alone


def test_running_costs_are_said_to_be_among_the_money_only_where_they_are() -> None:
    points, stations = (Account(budget_yuan=None, carried_yuan=0.0, spent_yuan=yuan) for yuan in (180_000.0, 300_000.0))
    money = StageMoney(
        name="2026",
        points=points,
        stations=stations,
        points_opened=6,
        stations_opened=2,
        points_yuan=180_000.0,
        closing_yuan=0.0,
        running_yuan=None,
        all_yuan=480_000.0,  # 6 points of 30,000 and 2 stations of 150,000 yuan, and nothing else
    )
    assert not money.has_running
    assert replace(money, all_yuan=500_000.0).has_running


def test_the_week_stands_with_its_headline_and_each_plan_of_it(network: NetworkPlan) -> None:
    week = ServiceSummary(
        id="line-service-2026-0123456789ab", network_id=network.id, area_id="line", year=2026, season="drift_ice",
        created_at=NOON, points=53, visits=171, missed=2, vehicles=7, parcels=18_170, distance_m=3_377_534.1,
        week_yuan=12_331.71, published=False,
    )  # fmt: skip
    later = replace(week, id="line-service-2027-ba9876543210", year=2027, missed=0, week_yuan=20_000.0)
    beside = LinkedBeside(services=(ListedService("b", later), ListedService("a", replace(week, published=True))))
    page = page_in("en", network, beside=beside)
    assert "2026: 171 visits a week to 53 points with 7 vehicles, 3,377.5 km, 12,332 yuan a week" in page_text(page)
    rows = Tables(page).rows
    first = ["2026 roads of drift ice", "0123456789ab", "53", "171", "7", "3,377.5 km", "2", "12,332 yuan", "published"]
    assert first in rows
    assert [row[6:] for row in rows if row and row[0].startswith("2027")] == [["-", "20,000 yuan", ""]]
    unpublished = page_in("en", network, beside=LinkedBeside(services=(ListedService("b", later),)))
    assert '<a href="b">2027: 171 visits a week' in unpublished
    assert "visits a week" not in page_in("en", network)


def test_a_study_of_points_and_their_routes_is_linked_where_there_is_one(network: NetworkPlan) -> None:
    page = page_in("en", network, beside=LinkedBeside(frontier_href="frontier/index.html"))
    assert '<a href="frontier/index.html">Service points and their routes: what is reached' in page
    assert "Service points and their routes" not in page_in("en", network)
