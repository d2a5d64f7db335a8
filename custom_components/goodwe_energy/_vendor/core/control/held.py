"""A lease while it runs: what is due with it, and whether the battery follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import math

from .driver import Driver, Observation
from .intent import ForceCharge, ForceDischarge, Hold, SetExportLimit, SetLimits
from .lease import Lease, LeaseState

# The device's own end is moved when less than this is left of it: each write wears it.
RENEW_BEFORE = timedelta(minutes=10)
ASSERT_GAP = 60.0
ASSERT_MOST = 5
# Pauses between tries to put something back; the last one for all further ones
RESTORE_TRIES = 3  # then a person is told
RETRY_PAUSES = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
# How long a write that nobody has seen arrive may still appear
SETTLE_PAUSE = 60.0
SETTLE_LOOKS = 3

_ENDS_OFF_GRID = (ForceCharge, ForceDischarge, Hold, SetExportLimit, SetLimits)


class Due(StrEnum):
    """What is to be done with a lease now."""

    TIME = "time"
    TARGET = "target"
    OFF_GRID = "off_grid"
    RETRY = "retry"
    RENEW = "renew"
    LOOK = "look"


@dataclass(slots=True)
class Held:
    """A lease and what is only known while we run; moments are monotonic seconds."""

    lease: Lease
    deadline: float
    changed_at: float
    looks: int = 0
    failures: int = 0
    unheeded: int = 0  # times that the device took a put-back and did not show it
    next_try: float = -math.inf
    renew_at: float = -math.inf
    suspect: bool = False
    unreachable_at: datetime | None = None
    following: bool | None = None
    watched_from: float | None = None

    def due(self, seen: Observation, wall: datetime, now: float) -> Due | None:
        """Return what is to be done; ends come before everything else."""
        lease = self.lease
        if lease.state is LeaseState.RESTORING:
            return Due.RETRY if now >= self.next_try else None
        if wall >= lease.until or now >= self.deadline:
            return Due.TIME
        if seen.off_grid and isinstance(lease.intent, _ENDS_OFF_GRID):
            return Due.OFF_GRID
        if now < self.next_try:
            return None
        if lease.state is LeaseState.PENDING or self.suspect:
            return Due.LOOK
        if self._target_reached(seen):
            return Due.TARGET
        if (
            lease.device_until is not None
            and lease.until > lease.device_until
            and lease.device_until - wall < RENEW_BEFORE
            and now >= self.renew_at
        ):
            return Due.RENEW
        return None

    def seconds_left(self, wall: datetime, now: float) -> float:
        """Return when to look again at the latest."""
        lease = self.lease
        moments = [self.deadline - now, (lease.until - wall).total_seconds()]
        if lease.state is LeaseState.RESTORING:
            moments = [self.next_try - now]
        elif lease.state is LeaseState.PENDING or self.suspect:
            moments.append(self.next_try - now)
        elif lease.device_until is not None and lease.until > lease.device_until:
            renew = (lease.device_until - RENEW_BEFORE - wall).total_seconds()
            moments.append(max(renew, self.next_try - now, self.renew_at - now))
        return max(min(moments), 0.0)

    def failed(self, now: float) -> None:
        """Note that it could not be put back; the next try comes later and later."""
        pause = RETRY_PAUSES[min(self.failures, len(RETRY_PAUSES) - 1)]
        self.failures += 1
        self.next_try = now + pause

    def was_well(self, at: datetime) -> None:
        """Note that all was as it should be; older settings say nothing of an outage."""
        if self.unreachable_at is not None and at >= self.unreachable_at:
            self.unreachable_at = None

    def watch(
        self, driver: Driver, seen: Observation, wall: datetime, now: float
    ) -> bool:
        """Look whether the battery follows; return whether that has changed.

        It must within the reaction time, and may not stop for longer than that.
        """
        lease = self.lease
        if (
            lease.state is not LeaseState.ACTIVE
            or self.watched_from is None
            or now < self.watched_from
            or seen.at is None
            or not seen.fresh
            # The device has ended it, and could not be told to go on
            or (lease.device_until is not None and wall >= lease.device_until)
            # Older than the beginning: it says nothing of what came after
            or (wall - seen.at).total_seconds() > now - self.watched_from
        ):
            return False
        follows = driver.following(lease.intent, seen)
        if follows is None:
            return False
        before = self.following
        if follows:
            self.following, self.watched_from = True, now
        elif now - self.watched_from >= driver.capabilities.timing.reaction:
            self.following = False
        return before is not self.following

    def _target_reached(self, seen: Observation) -> bool:
        intent = self.lease.intent
        if not seen.fresh or seen.soc is None or seen.at is None:
            return False
        if isinstance(intent, ForceCharge):
            return intent.target_soc is not None and seen.soc >= intent.target_soc
        if isinstance(intent, ForceDischarge):
            return intent.target_soc is not None and seen.soc <= intent.target_soc
        return False
