"""When a document is read next."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.sungrow_energy.documents import next_poll

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "interval", "wanted"),
    [
        (0, 300, 345),  # just uploaded: the next one, and a little later
        (45, 300, 300),
        (200, 300, 145),
        (285, 300, 60),
        (290, 300, 300),  # about to upload, and maybe late: no poll for nothing
        (4000, 300, 300),  # it sleeps
        (-60, 300, 300),  # its clock is ahead
        (100, 60, 60),  # people chose another pace
        (100, 900, 900),
        (None, 300, 300),
    ],
)
def test_next_poll(age: int | None, interval: int, wanted: int) -> None:
    newest = None if age is None else NOW - timedelta(seconds=age)
    assert next_poll(newest, NOW, timedelta(seconds=interval)) == timedelta(
        seconds=wanted
    )
