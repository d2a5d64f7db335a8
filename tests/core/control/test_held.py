"""What is due with a lease, when it will be, and whether the battery follows."""

from dataclasses import replace
from datetime import datetime, timedelta
import math
from typing import Any

import pytest

from core.control.driver import Observation
from core.control.held import RETRY_PAUSES, Due, Held
from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Leasable,
    SetExportLimit,
    SetLimits,
    SetReserve,
)
from core.control.lease import Lease, LeaseState
from tests.core.fake_clock import START

from .fakes import World

UNTIL = START + timedelta(hours=1)
NOW = 5000.0
SEEN = Observation(at=START, fresh=True, soc=50.0)
FORCE = ForceCharge(until=UNTIL, target_soc=80)


def held(intent: Leasable = FORCE, *, left: float = 3600, **changes: Any) -> Held:
    state = changes.pop("state", LeaseState.ACTIVE)
    device_until = changes.pop("device_until", None)
    lease = Lease(
        intent=intent,
        started=START,
        until=intent.until or UNTIL,
        put_back={},
        expect={},
        ours={},
        state=state,
        device_until=device_until,
    )
    return Held(lease, deadline=NOW + left, changed_at=NOW, **changes)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_a_lease_that_runs_needs_nothing() -> None:
    assert held().due(SEEN, START, NOW) is None


@pytest.mark.parametrize(
    ("wall", "now", "due"),
    [
        (UNTIL - timedelta(seconds=1), NOW + 3599, None),
        (UNTIL, NOW, Due.TIME),
        (START, NOW + 3600, Due.TIME),
        (START - timedelta(days=1), NOW + 3599, None),
        (START - timedelta(days=1), NOW + 3600, Due.TIME),
    ],
)
@pytest.mark.parametrize("state", [LeaseState.ACTIVE, LeaseState.PENDING])
def test_it_ends_by_either_clock(
    wall: datetime, now: float, due: Due | None, state: LeaseState
) -> None:
    one = held(state=state, next_try=NOW + 1e6)
    assert one.due(SEEN, wall, now) is due


@pytest.mark.parametrize(
    ("intent", "ends"),
    [
        (FORCE, True),
        (ForceDischarge(until=UNTIL), True),
        (Hold(until=UNTIL), True),
        (SetExportLimit(until=UNTIL), True),
        (SetLimits(until=UNTIL), True),
        (SetReserve(soc=50, until=UNTIL), False),
    ],
)
def test_all_but_a_reserve_ends_when_the_grid_fails(
    intent: Leasable, ends: bool
) -> None:
    one = held(intent, next_try=NOW + 1e6)
    expected = Due.OFF_GRID if ends else None
    assert one.due(replace(SEEN, off_grid=True), START, NOW) is expected
    assert one.due(replace(SEEN, off_grid=False), START, NOW) is None
    assert one.due(replace(SEEN, off_grid=None), START, NOW) is None


def test_the_end_is_named_before_the_grid() -> None:
    assert held().due(replace(SEEN, off_grid=True), UNTIL, NOW) is Due.TIME


@pytest.mark.parametrize(
    ("intent", "soc", "reached"),
    [
        (FORCE, 79.9, False),
        (FORCE, 80.0, True),
        (FORCE, 81.0, True),
        (FORCE, None, False),
        (ForceCharge(until=UNTIL), 100.0, False),
        (ForceDischarge(until=UNTIL, target_soc=20), 20.1, False),
        (ForceDischarge(until=UNTIL, target_soc=20), 20.0, True),
        (ForceDischarge(until=UNTIL, target_soc=20), 5.0, True),
        (ForceDischarge(until=UNTIL), 0.0, False),
        (Hold(until=UNTIL), 100.0, False),
    ],
)
def test_the_target(intent: Leasable, soc: float | None, reached: bool) -> None:
    expected = Due.TARGET if reached else None
    one = held(intent)
    assert one.due(replace(SEEN, soc=soc), START, NOW) is expected
    assert one.due(replace(SEEN, soc=soc, fresh=False), START, NOW) is None
    assert one.due(replace(SEEN, soc=soc, at=None), START, NOW) is None


def test_what_is_doubted_is_looked_at_before_the_target_counts() -> None:
    full = replace(SEEN, soc=100.0)
    assert held(suspect=True).due(full, START, NOW) is Due.LOOK
    assert held(state=LeaseState.PENDING).due(full, START, NOW) is Due.LOOK


def test_a_look_waits_for_its_time() -> None:
    one = held(suspect=True, next_try=NOW + 60)
    assert one.due(SEEN, START, NOW + 59) is None
    assert one.due(SEEN, START, NOW + 60) is Due.LOOK


def test_a_retry_waits_for_its_time_and_nothing_else_matters() -> None:
    one = held(state=LeaseState.RESTORING, next_try=NOW + 15)
    assert one.due(replace(SEEN, off_grid=True), UNTIL, NOW + 14) is None
    assert one.due(replace(SEEN, off_grid=True), UNTIL, NOW + 15) is Due.RETRY


@pytest.mark.parametrize(
    ("device_minutes", "wall", "due"),
    [
        (None, START, None),
        (30, at(19.9), None),
        (30, at(20), None),
        (30, at(20.1), Due.RENEW),
        (60, at(59), None),
        (90, at(59), None),
    ],
)
def test_the_devices_own_end_is_moved_in_its_last_ten_minutes(
    device_minutes: float | None, wall: datetime, due: Due | None
) -> None:
    ends = None if device_minutes is None else at(device_minutes)
    one = held(device_until=ends)
    assert one.due(SEEN, wall, NOW) is due
    waiting = held(device_until=ends, next_try=NOW + 1)
    assert waiting.due(SEEN, wall, NOW) is None


@pytest.mark.parametrize(
    ("changes", "wall", "now", "seconds"),
    [
        ({}, START, NOW, 3600),
        ({"left": 1800}, START, NOW, 1800),
        ({"left": 7200}, at(10), NOW, 3000),
        ({}, UNTIL + timedelta(days=1), NOW, 0),
        ({}, START, NOW + 4000, 0),
        ({"next_try": NOW + 5}, START, NOW, 3600),
        ({"suspect": True, "next_try": NOW + 5}, START, NOW, 5),
        ({"suspect": True}, START, NOW, 0),
        ({"suspect": True, "next_try": NOW + 9000}, START, NOW, 3600),
        ({"state": LeaseState.PENDING, "next_try": NOW + 7}, START, NOW, 7),
        ({"state": LeaseState.RESTORING, "next_try": NOW + 9}, UNTIL, NOW, 9),
        ({"state": LeaseState.RESTORING, "next_try": NOW + 9000}, START, NOW, 9000),
        ({"device_until": at(30)}, START, NOW, 1200),
        ({"device_until": at(30)}, at(25), NOW, 0),
        ({"device_until": at(30), "next_try": NOW + 60}, at(25), NOW, 60),
        ({"device_until": at(60)}, START, NOW, 3600),
        ({"device_until": at(30), "state": LeaseState.PENDING}, START, NOW, 0),
    ],
)
def test_when_to_look_again(
    changes: dict[str, Any], wall: datetime, now: float, seconds: float
) -> None:
    assert held(**changes).seconds_left(wall, now) == seconds


def test_tries_come_later_and_later_and_never_end() -> None:
    one = held()
    assert one.next_try == -math.inf
    pauses = []
    for _ in range(len(RETRY_PAUSES) + 2):
        one.failed(NOW)
        pauses.append(one.next_try - NOW)
    assert pauses == [15, 30, 60, 120, 300, 600, 1800, 1800, 1800]
    assert one.failures == 9


class Watched:
    """A force whose battery is watched, with the device's reaction time of 360 s."""

    def __init__(self, intent: Leasable = FORCE, **changes: Any) -> None:
        self.driver = World().driver
        self.held = held(intent, watched_from=NOW, **changes)

    def look(self, seconds: float, battery: float | None, **changes: Any) -> bool:
        """Look after seconds from the beginning."""
        moment = START + timedelta(seconds=seconds)
        seen = replace(SEEN, at=moment, battery=battery)
        seen = replace(seen, **changes)
        return self.held.watch(self.driver, seen, moment, NOW + seconds)


async def test_it_follows_as_soon_as_it_does() -> None:
    watched = Watched()
    assert watched.look(10, 500) is False
    assert watched.held.following is None
    assert watched.look(20, -3000) is True
    assert watched.held.following is True
    assert watched.look(30, -3000) is False
    assert watched.held.following is True


async def test_it_must_follow_within_the_reaction_time() -> None:
    watched = Watched()
    assert watched.look(359.9, 500) is False
    assert watched.held.following is None
    assert watched.look(360, 500) is True
    assert watched.held.following is False
    assert watched.look(370, 500) is False
    assert watched.look(380, -3000) is True
    assert watched.held.following is True


async def test_it_may_not_stop_for_longer_than_that() -> None:
    watched = Watched()
    watched.look(100, -3000)
    assert watched.look(459, 500) is False
    assert watched.held.following is True
    assert watched.look(460, 500) is True
    assert watched.held.following is False


async def test_nobody_knows_where_it_cannot_be_seen() -> None:
    watched = Watched()
    assert watched.look(1000, None) is False
    assert watched.held.following is None


@pytest.mark.parametrize("state", [LeaseState.PENDING, LeaseState.RESTORING])
async def test_only_what_is_active_is_watched(state: LeaseState) -> None:
    assert Watched(state=state).look(1000, -3000) is False


async def test_what_is_not_watched_yet() -> None:
    watched = Watched()
    watched.held.watched_from = None
    assert watched.look(1000, -3000) is False
    watched.held.watched_from = NOW + 100
    assert watched.look(99, -3000) is False
    assert watched.look(100, -3000) is True


async def test_stale_data_says_nothing() -> None:
    watched = Watched()
    assert watched.look(400, 500, fresh=False) is False
    assert watched.look(400, 500, at=None) is False
    assert watched.held.following is None


async def test_what_is_older_than_the_beginning_says_nothing() -> None:
    watched = Watched()
    before = START - timedelta(seconds=1)
    assert watched.look(400, 500, at=before) is False
    assert watched.held.following is None
    assert watched.look(400, 500, at=START) is True


async def test_what_the_device_has_ended_need_not_follow() -> None:
    ends = START + timedelta(seconds=400)
    watched = Watched(device_until=ends)
    assert watched.look(400, 500) is False
    assert watched.look(399, 500) is True


@pytest.mark.parametrize(("seconds", "due"), [(59, None), (60, Due.RENEW)])
def test_an_end_is_moved_at_most_once_a_minute(seconds: float, due: Due | None) -> None:
    one = held(device_until=at(30), renew_at=NOW + 60)
    assert one.due(SEEN, at(25), NOW + seconds) is due
    assert one.seconds_left(at(25), NOW) == 60
