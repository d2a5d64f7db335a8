"""Tolerant decoding of the wire (amber.md section 3)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import logging
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amber_energy.api import models
from custom_components.amber_energy.api.models import (
    Channel,
    Descriptor,
    MeterRecord,
    PriceRecord,
    RenewablesDescriptor,
    SiteRecord,
    Span,
    TariffPeriod,
    TariffSeason,
    known,
)
from tests.odd_json import anything, assert_plain, damaged

from .samples import CURRENT_PRICES, RENEWABLES, SITES, USAGE

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)
SAMPLES = [*SITES, *CURRENT_PRICES, *USAGE, *RENEWABLES]
objects = (
    st.sampled_from(SAMPLES).flatmap(damaged).filter(lambda d: isinstance(d, dict))
)
WIRE: dict[type[StrEnum], str] = {
    Channel: "general controlledLoad feedIn",
    Descriptor: "extremelyLow veryLow low neutral high spike",
    RenewablesDescriptor: "best great ok notGreat worst",
    models.SpikeStatus: "none potential spike",
    TariffPeriod: "offPeak shoulder solarSponge peak",
    TariffSeason: "default summer autumn winter spring nonSummer holiday weekend "
    "weekendHoliday weekday",
    models.SiteStatus: "pending active closed",
    models.Quality: "estimated billable",
}


@pytest.mark.parametrize("kind", WIRE)
def test_all_documented_spellings(kind: type[StrEnum]) -> None:
    assert [known(kind, wire) for wire in WIRE[kind].split()] == list(kind)


def test_channels_know_their_spelling_on_the_wire() -> None:
    assert [channel.wire for channel in Channel] == WIRE[Channel].split()


def test_the_legacy_descriptor() -> None:
    assert known(Descriptor, "negative") is Descriptor.EXTREMELY_LOW
    assert known(TariffSeason, "negative") is None


def test_an_unknown_value_is_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_told", set())
    caplog.set_level(logging.DEBUG)
    for _ in range(3):
        assert known(Descriptor, "outrageous") is None
        assert known(Channel, "outrageous") is None
        assert known(Channel, None) is None
        assert known(Channel, {}) is None
    assert [record.getMessage() for record in caplog.records] == [
        "Amber sent an unknown Descriptor: 'outrageous'",
        "Amber sent an unknown Channel: 'outrageous'",
    ]


def test_unknown_values_cannot_fill_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "_told", set())
    caplog.set_level(logging.DEBUG)
    for number in range(1000):
        known(Channel, f"{number}" * 100)
    assert len(caplog.records) == 100
    assert max(len(record.getMessage()) for record in caplog.records) < 100


@pytest.mark.parametrize(
    "decode",
    [
        PriceRecord.from_wire,
        MeterRecord.from_wire,
        SiteRecord.from_wire,
        Span.from_wire,
    ],
    ids=lambda decode: decode.__qualname__,
)
@PROPERTY
@given(objects)
def test_nothing_odd_gets_through(
    decode: Callable[[Any], Any], document: dict[str, Any]
) -> None:
    assert_plain(decode(document))


@PROPERTY
@given(anything)
def test_each_field_of_a_price_may_be_anything(value: Any) -> None:
    sound = CURRENT_PRICES[3]
    for key in set(sound) - {"startTime", "channelType", "duration"}:
        record = PriceRecord.from_wire({**sound, key: value})
        assert record is not None
        assert_plain(record)
    for key in ("tariffInformation", "range", "advancedPrice"):
        inner = dict.fromkeys(
            (
                "period",
                "season",
                "block",
                "demandWindow",
                "min",
                "max",
                "low",
                "predicted",
                "high",
            ),
            value,
        )
        record = PriceRecord.from_wire({**sound, key: inner})
        assert record is not None
        assert_plain(record)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("2026-10-05T02:00:01Z", datetime(2026, 10, 5, 2, 0, 1, tzinfo=UTC)),
        ("2026-10-05T12:00:01+10:00", datetime(2026, 10, 5, 2, 0, 1, tzinfo=UTC)),
        (
            " 2026-10-05T02:00:01.123Z ",
            datetime(2026, 10, 5, 2, 0, 1, 123000, tzinfo=UTC),
        ),
        ("2026-10-05T02:00:01", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("soon", None),
        (None, None),
        (1759629601, None),
    ],
)
def test_times_need_a_zone(value: object, seen: datetime | None) -> None:
    assert models.moment(value) == seen


START, END = "2026-10-05T02:00:01Z", "2026-10-05T02:05:00Z"


@pytest.mark.parametrize(
    ("wire", "sound"),
    [
        ({"startTime": START, "duration": 5}, True),
        ({"startTime": START, "endTime": END}, True),
        ({"startTime": START, "nemTime": "2026-10-05T12:05:00+10:00"}, True),
        ({"endTime": END, "duration": 5}, True),
        ({"startTime": START}, False),
        ({"startTime": START, "duration": 0}, False),
        ({"startTime": START, "duration": 10**9}, False),
        ({"startTime": END, "endTime": START}, False),
        ({"startTime": START, "endTime": "2026-12-05T02:05:00Z"}, False),
        ({"endTime": END}, False),
        ({"duration": 5}, False),
    ],
)
def test_what_a_time_needs(wire: dict[str, Any], sound: bool) -> None:
    span = Span.from_wire(wire)
    assert (span is not None) == sound
    if span is not None:
        assert abs(span.start - datetime(2026, 10, 5, 2, tzinfo=UTC)) <= timedelta(
            seconds=1
        )
