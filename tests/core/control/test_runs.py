"""The time of a lease in daily windows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.control.runs import acting_run, blocking_run

BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


NOON = local("2026-11-20 12:02")


def test_a_run_covers_what_was_asked_for_on_the_grid() -> None:
    run = acting_run(NOON, NOON + timedelta(minutes=20), BERLIN, daily=True)
    assert run is not None
    assert [str(span) for span in run.spans] == ["12:00-12:30"]
    assert run.until == local("2026-11-20 12:30")
    assert (run.effective_from, run.warnings) == (None, ())


def test_over_midnight_it_has_two_spans_without_what_cannot_be_said() -> None:
    run = acting_run(
        local("2026-11-20 23:10"),
        local("2026-11-21 00:40"),
        BERLIN,
        daily=True,
        latest=1439,
        grid=1,
    )
    assert run is not None
    assert [str(span) for span in run.spans] == ["23:10-23:59", "00:00-00:40"]
    assert run.warnings == ("gap_at_midnight",)
    assert run.until == local("2026-11-21 00:40")


def test_what_cannot_begin_before_midnight_says_when_it_does() -> None:
    begin = local("2026-11-20 23:50")
    run = acting_run(
        begin, begin + timedelta(minutes=30), BERLIN, daily=True, latest=1425
    )
    assert run is not None
    assert run.effective_from == local("2026-11-21 00:00")
    assert run.warnings == ("starts_at_midnight",)


def test_a_time_that_no_window_can_cover_has_no_run() -> None:
    begin = local("2026-11-20 23:59")
    end = begin + timedelta(minutes=1)
    assert acting_run(begin, end, BERLIN, daily=True, latest=1439, grid=1) is None


@pytest.mark.parametrize(
    ("daily", "spans"),
    [
        (True, ["12:00-24:00", "00:00-12:00"]),
        (False, ["12:00-24:00", "00:00-12:15"]),
    ],
)
def test_a_daily_run_ends_where_it_begins_again(daily: bool, spans: list[str]) -> None:
    run = blocking_run(NOON, NOON + timedelta(days=1), BERLIN, daily=daily)
    assert [str(span) for span in run.spans] == spans
