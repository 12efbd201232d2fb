"""Which date is planned: a date, a word, or the configuration's, which is then said aloud; the READMEs' commands."""

import datetime
import re
from pathlib import Path

import pytest
import typer

from planner.cli import dates
from planner.cli.app import app
from planner.cli.dates import read_date, service_date
from planner.config import load_config
from planner.words import speaking

ROOT = Path(__file__).parents[3]


class _NewYearsEve(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return datetime.datetime(2026, 12, 31, 23, 59, 58)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_dates_are_read_as_dates_and_as_words_of_both_languages(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setattr(dates.datetime, "datetime", _NewYearsEve)
    with speaking(lang):
        for word in ("today", "Today", "今天", "今日"):
            assert read_date(word) == datetime.datetime(2026, 12, 31)
        for word in ("tomorrow", "明天", " 明日 "):
            assert read_date(word) == datetime.datetime(2027, 1, 1)
        assert read_date("2026-11-10") == datetime.datetime(2026, 11, 10)
        for wrong in ("someday", "10.11.2026", "2026-02-30", ""):
            with pytest.raises(typer.BadParameter, match="2026-11-10"):
                read_date(wrong)


def test_a_date_that_nobody_gave_is_said_with_where_it_is_from(
    line_folder: Path, capsys: pytest.CaptureFixture
) -> None:
    config = load_config(line_folder)
    with speaking("zh"):
        assert service_date(datetime.datetime(2026, 11, 30), config) == datetime.date(2026, 11, 30)
        assert capsys.readouterr().err == ""
        assert service_date(None, config) == datetime.date(2026, 11, 10)
        out, err = capsys.readouterr()
    assert out == ""  # what programs read stays as it is
    told = "".join(err.split())
    assert "计划日期：2026年11月10日星期二，取自area.toml" in told
    assert "--date明天" in told


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_each_readme_lists_every_command(name: str) -> None:
    known = set(typer.main.get_command(app).commands)
    text = (ROOT / name).read_text(encoding="utf-8")
    (listed,) = re.findall(r"`planner (init \|[^`]+)`", text)
    assert [word.strip() for word in listed.split("|")] == list(
        dict.fromkeys(word.strip() for word in listed.split("|"))
    )
    assert {word.strip() for word in listed.split("|")} == known
