"""What is said in each language: templates, messages, errors, facts and figures; text from data is never a template."""

import datetime
import math
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from planner.errors import BadDataError, Message, PlanRejectedError, UsageError, list_offenders
from planner.model import Fact
from planner.outputs.page_templates import lang
from planner.words import (
    Language,
    error_text,
    figures,
    has_term,
    language,
    render,
    say,
    sentence,
    speak,
    speaking,
    term,
)
from planner.writing import CannotWriteError


def in_both(said: Callable[[], str]) -> tuple[str, str]:
    with speaking("en"):
        english = said()
    with speaking("zh"):
        return english, said()


def test_a_language_is_spoken_inside_a_block_and_in_one_thread() -> None:
    assert (language(), lang()) == ("en", "en")
    with speaking("zh"):
        assert (language(), lang()) == ("zh", "zh-CN")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(language).result() == "en"
            pool.submit(speak, "zh").result()
            assert pool.submit(language).result() == "zh"
        with pytest.raises(ZeroDivisionError), speaking("en"):
            raise ZeroDivisionError
        assert language() == "zh"
    assert language() == "en"


def test_codes_have_words_and_others_are_an_error() -> None:
    assert in_both(lambda: term("existing")) == ("existing", "已有")
    for unknown in ("", "existing ", "{count} people"):
        assert not has_term(unknown)
        with pytest.raises(KeyError):
            term(unknown)


def test_a_template_without_an_entry_is_said_as_it_is_and_nothing_is_nothing() -> None:
    assert in_both(lambda: say("no such entry of {count}", count=2)) == ("no such entry of 2",) * 2
    assert in_both(lambda: say("")) == ("", "")


def test_messages_within_messages_are_said_in_the_same_language() -> None:
    inner = Message("{count} people", count=3)
    outer = Message("{summary}: {violations}", summary=inner, violations=["a", inner])
    again = pickle.loads(pickle.dumps(outer))
    assert str(outer) == "3 people: a, 3 people"
    for message in (outer, again):
        assert in_both(lambda message=message: render(message)) == ("3 people: a, 3 people", "3 人：a、3 人")


@pytest.mark.parametrize("evil", ["{evil}", "{0}", "{count.__class__}", "{", "}}{{", "%s %(x)s", "{count} people"])
def test_text_from_data_is_never_a_template(evil: str) -> None:
    for made in (
        lambda: render(Message("{summary}: {violations}", summary=evil, violations=[evil])),
        lambda: say("{summary}: {violations}", summary=Message("{names}", names=[evil]), violations=evil),
        lambda: error_text(PlanRejectedError(evil, [evil])),
    ):
        assert in_both(made) == (f"{evil}: {evil}", f"{evil}：{evil}")
    assert in_both(lambda: render(evil)) == (evil, evil)
    assert in_both(lambda: error_text(UsageError(evil))) == (evil, evil)
    points = Fact(code="limit_mandatory_points", params={"count": 2, "point_ids": (evil, "v1")})
    fact = Fact(code="in_phase", params={"phase": evil, "conflict": points})
    for names in ({"v1": evil}, {"point": {"v1": evil}}):
        said = in_both(lambda names=names: sentence(fact, names))
        assert said[0] == f"phase {evil}: 2 mandatory points ({evil}, {evil} v1)"


def test_an_error_says_its_summary_and_fifty_lines_of_what_is_wrong() -> None:
    said = Message("{count} people", count=3)
    error = BadDataError(said, [said] + ["as it is"] * 50)
    assert in_both(lambda: error_text(error)) == (
        "\n  ".join(["3 people", "3 people", *["as it is"] * 49, "... and 1 more"]),
        "\n  ".join(["3 人", "3 人", *["as it is"] * 49, "……另有 1 项"]),
    )
    assert in_both(lambda: error_text(error))[0] == str(error)
    assert in_both(lambda: error_text(UsageError(said))) == ("3 people", "3 人")
    assert in_both(lambda: error_text(PlanRejectedError(said))) == ("3 people", "3 人")
    assert in_both(lambda: error_text(FileNotFoundError(2, "gone", "a.csv"))) == (
        "a.csv: no such file or folder",
        "a.csv：文件或文件夹不存在",
    )
    assert in_both(lambda: error_text(CannotWriteError(said))) == ("3 people", "3 人")
    assert in_both(lambda: render(list_offenders(range(12), limit=10)))[1] == "0、1、2、3、4、5、6、7、8、9，另有 2 项"


@pytest.mark.parametrize(
    ("key", "value", "english", "chinese"),
    [
        ("village_id", "v1", "Xinfu v1", "Xinfu v1"),
        ("village_id", "v2", "v2", "v2"),
        ("village_ids", ("v1", "v2"), "Xinfu v1, v2", "Xinfu v1、v2"),
        ("village_ids", ("v2",) * 12, ", ".join(["v2"] * 10) + " and 2 more", "、".join(["v2"] * 10) + "，另有 2 项"),
        ("drive_s", 95, "1.6 min", "1.6 分钟"),
        ("limit_s", 500, "8.33 min", "8.33 分钟"),
        ("opens_clock_s", 27_000, "07:30", "07:30"),
        ("way_m", 12_345, "12.3 km", "12.3 公里"),
        ("limit_m", 119_996, "119.99 km", "119.99 公里"),
        ("budget_yuan", 12_000, "12,000 yuan", "12,000 元"),
        ("covered_share", 0.9734, "97.3%", "97.3%"),
        ("season_code", "drift_ice", "drift ice", "流冰期"),
        ("season_codes", ("drift_ice", "summer"), "drift ice, summer", "流冰期、夏季"),
        ("limit", Fact(code="limit_count", params={"count": 3}), "count 3", "数量 3"),
        ("limits", (Fact(code="limit_closest"), "x"), "everybody at the closest open site, x", "各点就近分配、x"),
        ("years", 2026, "2026", "2026"),
        ("name", "drift_ice", "drift_ice", "drift_ice"),
    ],
)
def test_the_end_of_a_name_tells_how_a_parameter_is_said(
    key: str, value: object, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.words.sentences.term", lambda code: f"<{{{key}}}>" if code == "any" else term(code))
    said = in_both(lambda: sentence(Fact(code="any", params={key: value}), {"v1": "Xinfu", "v2": "v2"}))
    assert said == (f"<{english}>", f"<{chinese}>")


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        (lambda: figures.minutes(481.8), "8.1 min", "8.1 分钟"),
        (lambda: figures.minutes(math.inf), "-", "-"),
        (lambda: figures.parts(478, 451), "7.6 min + 0.4 min", "7.6 分钟 + 0.4 分钟"),
        (lambda: figures.kilometres(120_004, 120_000), "120.1 km", "120.1 公里"),
        (lambda: figures.distance_limit(math.inf), "-", "-"),
        (lambda: figures.money(228_000), "228,000 yuan", "22.8 万元"),
        (lambda: figures.money(9_999), "9,999 yuan", "9,999 元"),
        (lambda: figures.money(-12_345_678), "-12,345,678 yuan", "-1,234.6 万元"),
        (lambda: figures.share(0), "0.0%", "0.0%"),
        (lambda: figures.share(0.0001), "0.1%", "0.1%"),
        (lambda: figures.people(1), "1 person", "1 人"),
        (lambda: figures.people(12_345), "12,345 people", "12,345 人"),
        (lambda: figures.number(1234.5), "1,234.5", "1,234.5"),
        (lambda: figures.day(datetime.date(2026, 11, 10)), "10 November 2026", "2026年11月10日"),
    ],
)
def test_figures_have_the_units_of_the_language(said: Callable[[], str], english: str, chinese: str) -> None:
    assert in_both(said) == (english, chinese)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_pages_say_words_and_escape_what_they_are_given(spoken: Language) -> None:
    import jinja2

    from planner.outputs import page_templates

    page_templates.page_template.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        source = "{{ lang() }} {{ say('{count} people', count=n) }} {{ term('existing') }} {{ figures.minutes(95) }}"
        patch.setattr(jinja2, "PackageLoader", lambda *_: jinja2.DictLoader({"x": source}))
        template = page_templates.page_template("x")
    page_templates.page_template.cache_clear()
    with speaking(spoken):
        text = template.render(n="<b>{x}")
    assert text == {
        "en": "en &lt;b&gt;{x} people existing 1.6 min",
        "zh": "zh-CN &lt;b&gt;{x} 人 已有 1.6 分钟",
    }[spoken]  # fmt: skip
