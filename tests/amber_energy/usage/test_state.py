"""What is kept over a restart (reference section 7.2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.amber_energy.driver import Channel
from custom_components.amber_energy.usage.days import days
from custom_components.amber_energy.usage.state import DayTotal, UsageState

from .metered import DAY, SUNDAY, records, wire

TODAY = SUNDAY + DAY


def total(day: date = SUNDAY, **more: Any) -> DayTotal:
    return DayTotal.of(days(records(wire(day, **more)))[day], TODAY, None)


def test_kept_as_json() -> None:
    """All of it comes back."""
    state = UsageState(
        done_until=SUNDAY,
        waited=frozenset({SUNDAY, TODAY}),
        attempted_at=datetime(2026, 10, 5, 1, 2, tzinfo=UTC),
        error="cannot_connect",
        history_days=90,
    )
    state = state.with_day(SUNDAY, total(quality="estimated"))
    state = state.with_day(SUNDAY - DAY, DayTotal.gap(SUNDAY - DAY, TODAY))
    assert UsageState.from_dict(json.loads(json.dumps(state.as_dict()))) == state


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    stored=_JSON
    | st.fixed_dictionaries(
        {
            "done_until": _JSON,
            "days": st.dictionaries(
                st.sampled_from(["2026-10-04", "x"]),
                st.fixed_dictionaries(
                    {
                        "registers": st.dictionaries(
                            st.text(),
                            st.lists(st.sampled_from(["general", 1.5, None, "x"])),
                        )
                    }
                )
                | _JSON,
            ),
            "waited": _JSON,
            "attempted_at": _JSON,
            "prefixes": _JSON,
        }
    )
)
def test_whatever_is_stored(stored: object) -> None:
    """Damage is never an error, and what is left can be stored again."""
    state = UsageState.from_dict(stored)
    assert UsageState.from_dict(state.as_dict()) == state


def test_statuses() -> None:
    """One missing day is normal in the morning; more are not."""
    state = UsageState()
    assert state.status(None) == "waiting"
    assert [state.status(behind) for behind in range(4)] == [
        "up_to_date",
        "waiting",
        "behind",
        "behind",
    ]
    assert replace(state, error="x").status(0) == "error"


def test_old_days_are_forgotten() -> None:
    """A hundred are kept: the retention, and every billing cycle within."""
    state = UsageState()
    for back in range(130):
        day = SUNDAY - back * DAY
        state = state.with_day(day, total(day))
    assert len(state.days) == 100
    assert min(state.days) == SUNDAY - 99 * DAY
    assert list(state.days) == sorted(state.days)
    assert state.last_day == SUNDAY


def test_which_days_are_looked_at_again() -> None:
    """Estimated ones and gaps, once a day, for a time."""
    state = UsageState().with_day(SUNDAY, total(quality="estimated"))
    assert state.again(TODAY) == []
    assert state.again(TODAY + DAY) == [SUNDAY]
    assert state.again(TODAY + timedelta(days=14)) == [SUNDAY]
    assert state.again(TODAY + timedelta(days=15)) == []
    final = UsageState().with_day(SUNDAY, total())
    assert final.again(TODAY + DAY) == []
    gap = UsageState().with_day(SUNDAY, DayTotal.gap(SUNDAY, TODAY))
    assert gap.again(TODAY + DAY) == [SUNDAY]
    assert gap.last_day is None


def test_another_estimate_is_not_waited_for_longer() -> None:
    """The two weeks begin with the first one."""
    first = total(quality="estimated")
    usage = days(records(wire(quality="estimated", kwh=0.7)))[SUNDAY]
    second = DayTotal.of(usage, TODAY + 5 * DAY, first)
    assert second.until == first.until


@pytest.mark.parametrize("together", [True, False])
def test_prefixes(together: bool) -> None:
    """Alone a register is called as its channel; names that were given stay."""
    one, two = wire(), wire(register="E2")
    state = UsageState()
    if not together:
        state = state.with_day(SUNDAY, DayTotal.of(_day(one), TODAY, None))
        assert state.prefixes == {"e1": "general"}
    state = state.with_day(SUNDAY, DayTotal.of(_day(one + two), TODAY, None))
    first = "general_e1" if together else "general"
    assert state.prefixes == {"e1": first, "e2": "general_e2"}


def _day(raw: list[dict[str, Any]]) -> Any:
    return days(records(raw))[SUNDAY]


def test_the_register_of_a_total() -> None:
    """Energy and cost as Amber signs it."""
    register = total(channel="feedIn", register="B1", price=-5.0).registers["b1"]
    assert (register.channel, register.kwh) == (Channel.FEED_IN, 24.0)
    assert register.cost == pytest.approx(-1.2)
