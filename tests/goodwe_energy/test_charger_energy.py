"""The energy of a charger without a counter (reference section 9, E)."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

import pytest

from custom_components.goodwe_energy.charger_energy import learn, total
from custom_components.goodwe_energy.readings import ChargerSession

START = datetime(2026, 5, 12, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


def logged(
    name: str,
    kwh: float,
    started: datetime | None = None,
    ended: datetime | None = None,
) -> ChargerSession:
    """Return a session of the log."""
    return ChargerSession(id=name, kwh=kwh, started=started, ended=ended)


def shown(
    kwh: float | None,
    *,
    name: str | None = None,
    started: datetime | None = None,
    over: bool = False,
) -> ChargerSession:
    """Return the session that a charger shows."""
    return ChargerSession(id=name, kwh=kwh, started=started, over=over)


class Charger:
    """What is known of a charger, stored and restored at each step."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.memory: dict[str, Any] = {}
        self.now = START

    def __call__(
        self, current: ChargerSession | None, *log: ChargerSession
    ) -> float | None:
        """Learn and return the total."""
        learn(self.memory, log or None, current, self.now)
        self.memory = json.loads(json.dumps(self.memory))
        return total(self.memory)


def test_nothing_is_known_of_a_charger_without_sessions() -> None:
    """It has no zero either."""
    charger = Charger()
    assert charger(None) is None
    assert charger(shown(None)) is None
    assert charger(shown(0.0)) == 0.0


@pytest.mark.parametrize(
    "key", [{}, {"name": "S3"}, {"started": START}], ids=["unnamed", "named", "dated"]
)
def test_a_session_counts_once_while_it_goes_on_and_when_it_is_logged(
    key: dict[str, Any],
) -> None:
    """However the charger tells which one it is."""
    charger, old = Charger(), (logged("S1", 10), logged("S2", 5))
    assert charger(shown(0.0, **key), *old) == 15
    assert charger(shown(3.0, **key)) == 18
    assert charger(shown(7.2, over=True, **key)) == 22.2
    new = logged("S3", 7.2, START if "started" in key else None)
    assert charger(shown(7.2, over=True, **key), *old, new) == 22.2
    assert charger(shown(7.2, over=True, **key)) == 22.2
    assert charger(None, *old, new) == 22.2


def test_a_session_that_is_over_and_logged_does_not_count_twice_at_first() -> None:
    """The first look at a charger shows what the log has too."""
    charger = Charger()
    assert charger(shown(7.2, over=True), logged("S1", 5), logged("S2", 7.2)) == 12.2


@pytest.mark.parametrize("named", [True, False])
def test_a_session_that_the_log_has_not_yet_stays_as_the_next_one_begins(
    named: bool,
) -> None:
    """The log is read more seldom than the charger."""
    charger = Charger()
    charger(shown(7.2, name="S1" if named else None))
    following = shown(0.5, name="S2" if named else None)
    assert charger(following) == pytest.approx(7.7)
    assert charger(following, logged("S1", 7.2)) == pytest.approx(7.7)


def test_the_next_session_counts_after_a_logged_one() -> None:
    """Also where it comes to as much as the one before."""
    charger = Charger()
    charger(shown(7.2))
    assert charger(shown(7.2, over=True), logged("S1", 7.2)) == 7.2
    assert charger(shown(0.1)) == pytest.approx(7.3)
    assert charger(shown(7.2)) == pytest.approx(14.4)
    assert charger(shown(7.2, over=True), logged("S1", 7.2), logged("S2", 7.2)) == 14.4


def test_the_total_never_falls() -> None:
    """A log that forgets, a session that vanishes, an older amount."""
    charger = Charger()
    charger(shown(2.0, name="S9"), logged("S1", 10.0))
    assert charger(None) == 12
    assert charger(shown(1.0, name="S9"), logged("S1", 9.0)) == 12


def test_a_session_that_is_no_longer_shown_counts_once() -> None:
    """As the log has it, the charger may show none."""
    charger = Charger()
    assert charger(shown(4.0, name="S1")) == 4
    assert charger(None, logged("S1", 4.5)) == 4.5


def test_old_sessions_are_counted_without_their_names() -> None:
    """Years of charging do not fill the disk."""
    charger = Charger()
    for n in range(0, 900, 30):
        found = charger(None, *(logged(f"S{n + i}", 1.0) for i in range(30)))
    assert found == 900
    assert len(charger.memory["sessions"]) == 500


@pytest.mark.parametrize("dated", [True, False])
def test_log_that_comes_late_is_of_the_past(dated: bool) -> None:
    """What ended before anything was shown is no energy of now."""
    charger = Charger()
    before = START - timedelta(days=1) if dated else None
    old = [logged(f"S{n}", 10.0 + n, ended=before) for n in range(20)]
    assert charger(shown(5.0)) == 5
    charger.now += timedelta(hours=6)
    assert charger(shown(5.2), *old) == 5.2
    assert charger(shown(5.2), *old) == 5.2
    new = logged("S20", 6.0, ended=charger.now)
    assert charger(shown(6.0, over=True), *old, new) == 6
    assert charger(shown(1.0), *old, new) == 7


def test_late_log_has_what_ended_meanwhile() -> None:
    """A session that nobody saw counts; one that was seen counts once."""
    charger = Charger()
    charger(shown(5.0))
    charger(shown(7.2, over=True))
    assert charger(shown(0.1)) == pytest.approx(7.3)
    later = START + timedelta(hours=5)
    charger.now = later + timedelta(hours=1)
    log = (
        logged("S1", 30.0, ended=START - timedelta(days=2)),
        logged("S2", 7.2, ended=later),
        logged("S3", 4.0, ended=later),
    )
    assert charger(shown(0.1), *log) == pytest.approx(11.3)
