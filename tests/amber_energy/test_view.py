"""What is shown is made once for all entities that look at it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from custom_components.amber_energy import view
from custom_components.amber_energy.driver import Channel
from custom_components.amber_energy.publish import Shown, last_final, shown

from .test_publish import HOLD, IS, WAS, WILL, at, prices

KNOWN = prices(replace(IS, estimate=False), WILL)
FINAL = last_final(KNOWN)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Return when it was made."""
    found: list[datetime] = []

    def counted(*args: Any) -> Mapping[Channel, Shown]:
        found.append(args[-1])
        return shown(*args)

    monkeypatch.setattr(view, "shown", counted)
    return found


def test_it_is_made_once_until_something_changes(made: list[datetime]) -> None:
    seen = view.PriceView()
    for offset in (10, 10, 11, 59):
        assert seen.shown(KNOWN, FINAL, HOLD, at(offset)) == shown(
            KNOWN, FINAL, HOLD, at(10)
        )
    assert made == [at(10)]
    assert seen.shown(KNOWN, FINAL, HOLD, at(300))[Channel.GENERAL].held
    assert made == [at(10), at(300)]


def test_it_is_made_anew_of_something_else(made: list[datetime]) -> None:
    seen = view.PriceView()
    seen.shown(KNOWN, FINAL, HOLD, at(10))
    dearer = replace(HOLD, surcharge=5.0)
    assert seen.shown(KNOWN, FINAL, dearer, at(10))[Channel.GENERAL].price == 5.9
    before = prices(IS, WILL)
    was = last_final(before, {Channel.GENERAL: WAS})
    assert seen.shown(before, was, HOLD, at(10))[Channel.GENERAL].price == 0.2
    assert seen.shown(before, {}, HOLD, at(10))[Channel.GENERAL].price == 0.9
    assert len(made) == 4


def test_a_clock_that_is_put_back_is_followed(made: list[datetime]) -> None:
    seen = view.PriceView()
    seen.shown(KNOWN, FINAL, HOLD, at(310))
    assert not seen.shown(KNOWN, FINAL, HOLD, at(10))[Channel.GENERAL].held
    assert made == [at(310), at(10)]
