"""What is held and what is on disk are the same."""

from collections.abc import Mapping
from datetime import timedelta
import logging
from typing import Any

import pytest

from core.control.book import LeaseBook, Mark, mark_of, merged
from core.control.held import SETTLE_LOOKS, Held
from core.control.intent import ForceCharge, Hold, SetReserve, Slot
from core.control.lease import Lease, LeaseNotSaved, LeaseState
from tests.core.fake_clock import FakeClock

from .device import Disk, Moments, Notes


def mark(values: Mapping[str, Any]) -> Mark:
    return Mark(store="", values=values)


class Library:
    """A book with its disk, its notes and its clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        moments = Moments()
        self.disk, self.notes = Disk(moments), Notes(moments)
        self.book = self.open()

    def open(self) -> LeaseBook:
        """Open it again, as a program that starts does."""
        self.book = LeaseBook("SN1", "entry", self.disk, self.notes, self.clock)
        return self.book

    def lease(self, slot: Slot = Slot.MODE, **fields: Any) -> Lease:
        until = self.clock.now() + timedelta(minutes=30)
        intent = (
            ForceCharge(until=until)
            if slot is Slot.MODE
            else SetReserve(soc=50, until=until)
        )
        return Lease(
            **{
                "intent": intent,
                "started": self.clock.now(),
                "until": until,
                "put_back": {"mode": "self_use"},
                "expect": {"mode": "force"},
                "ours": {"mode": ("force",)},
                **fields,
            }
        )

    async def begin(self, slot: Slot = Slot.MODE, **fields: Any) -> Held:
        return await self.book.begin(slot, self.lease(slot, **fields), ())

    @property
    def stored(self) -> Mapping[str, Lease]:
        record = self.disk.records.get("SN1") or {"leases": {}}
        return {slot: Lease.load(one) for slot, one in record["leases"].items()}


@pytest.fixture
def library() -> Library:
    return Library()


async def test_a_lease_is_on_disk_when_it_begins(library: Library) -> None:
    held = await library.begin()
    assert library.book.held == {Slot.MODE: held}
    assert library.stored == {"mode": held.lease}
    assert library.disk.records["SN1"]["owner"] == "entry"
    now = library.clock.monotonic()
    assert held.deadline == now + 1800
    assert held.changed_at == now
    assert held.looks == 0
    assert held.suspect is False


async def test_what_it_replaces_goes_at_the_same_time(library: Library) -> None:
    first = await library.begin()
    reserve = await library.begin(Slot.RESERVE)
    lease = library.lease(reason="new")
    held = await library.book.begin(Slot.MODE, lease, [Slot.MODE])
    assert library.book.held == {Slot.RESERVE: reserve, Slot.MODE: held}
    assert held is not first
    assert library.stored == {"mode": lease, "reserve": reserve.lease}
    assert len(library.disk.history) == 3
    last = await library.book.begin(Slot.LIMITS, lease, [Slot.MODE, Slot.RESERVE])
    assert library.book.held == {Slot.LIMITS: last}
    assert list(library.stored) == ["limits"]


async def test_a_full_disk_changes_nothing(library: Library) -> None:
    held = await library.begin()
    library.disk.full = True
    with pytest.raises(LeaseNotSaved):
        await library.book.begin(Slot.RESERVE, library.lease(), [Slot.MODE])
    assert library.book.held == {Slot.MODE: held}
    assert library.book.mark == mark({"mode": "force"})
    assert library.stored == {"mode": held.lease}


async def test_a_change_is_saved(library: Library) -> None:
    held = await library.begin()
    deadline = held.deadline
    await library.book.change(held, state=LeaseState.ACTIVE, verified=True)
    assert held.lease == library.stored["mode"]
    assert (held.lease.state, held.lease.verified) == (LeaseState.ACTIVE, True)
    assert held.deadline == deadline


async def test_a_later_end_moves_the_deadline_too(library: Library) -> None:
    held = await library.begin()
    await library.clock.advance(100)
    until = library.clock.now() + timedelta(hours=1)
    await library.book.change(held, until=until)
    assert held.deadline == library.clock.monotonic() + 3600
    assert library.stored["mode"].until == until


async def test_what_is_forgotten_is_on_disk_no_more(library: Library) -> None:
    await library.begin()
    reserve = await library.begin(Slot.RESERVE)
    await library.book.forget([Slot.MODE, Slot.LIMITS])
    assert library.book.held == {Slot.RESERVE: reserve}
    assert list(library.stored) == ["reserve"]
    await library.book.forget([Slot.RESERVE])
    assert library.book.held == {}
    assert library.disk.records == {}


async def test_what_was_held_before_can_be_held_again(library: Library) -> None:
    held = await library.begin()
    before = dict(library.book.held)
    await library.book.begin(Slot.MODE, library.lease(expect={"mode": "hold"}), before)
    assert library.book.mark == mark({"mode": "hold"})
    await library.book.reinstate(before)
    assert library.book.held == {Slot.MODE: held}
    assert library.book.held is not before
    assert library.stored == {"mode": held.lease}
    assert library.book.mark == mark({"mode": "force"})


async def test_a_force_leaves_a_second_trace(library: Library) -> None:
    assert library.book.mark is None
    await library.begin(Slot.RESERVE, expect={"reserve": 50})
    assert library.notes.values == {}
    held = await library.begin()
    noted = {"store": "", "values": {"mode": "force"}}
    assert library.notes.values == {"SN1/forced": noted}
    assert library.book.mark == mark({"mode": "force"})
    await library.book.change(held, expect={"mode": "forced"})
    assert library.book.mark == mark({"mode": "forced"})
    await library.book.forget([Slot.RESERVE])
    assert library.book.mark == mark({"mode": "forced"})
    await library.book.forget([Slot.MODE])
    assert library.notes.values == {}


async def test_a_change_of_another_lease_is_no_trace(library: Library) -> None:
    await library.begin()
    reserve = await library.begin(Slot.RESERVE)
    await library.book.change(reserve, expect={"reserve": 20})
    assert library.book.mark == mark({"mode": "force"})


@pytest.mark.parametrize(
    "note", [None, "force", ["mode"], 5, {"mode": "force"}, {"values": 1, "store": ""}]
)
def test_a_broken_note_is_no_trace(library: Library, note: Any) -> None:
    library.notes.set("SN1/forced", note)
    assert library.book.mark is None


def test_a_note_is_written_only_if_it_says_something_new(library: Library) -> None:
    written: list[Any] = []
    library.notes.set = lambda key, value: written.append((key, value))  # type: ignore[method-assign]
    library.book.set_mark(None)
    assert written == []
    library.book.set_mark(mark({"mode": "force"}))
    assert written == [("SN1/forced", {"store": "", "values": {"mode": "force"}})]
    library.notes.values["SN1/forced"] = written[0][1]
    library.book.set_mark(mark({"mode": "force"}))
    assert len(written) == 1
    library.book.set_mark(None)
    assert written[1:] == [("SN1/forced", None)]


async def test_a_restart_takes_over_what_is_on_disk(library: Library) -> None:
    await library.begin(state=LeaseState.ACTIVE)
    await library.begin(Slot.RESERVE)
    stored = library.stored
    await library.clock.advance(600)
    library.open().load()
    assert {slot: one.lease for slot, one in library.book.held.items()} == stored
    now = library.clock.monotonic()
    for held in library.book.held.values():
        assert held.deadline == now + 1200
        assert held.changed_at == now
        assert held.looks == SETTLE_LOOKS
        assert held.suspect is True
        assert held.following is None
    assert library.book.held[Slot.MODE].watched_from == now
    assert library.book.held[Slot.RESERVE].watched_from is None


async def test_what_has_ended_while_we_were_away(library: Library) -> None:
    await library.begin()
    library.clock.jump(timedelta(hours=2))
    library.open().load()
    held = library.book.held[Slot.MODE]
    assert held.deadline == library.clock.monotonic() - 5400


@pytest.mark.parametrize(
    "record",
    [None, {}, {"owner": "entry"}, {"leases": None}, {"leases": {}}],
)
def test_nothing_on_disk(library: Library, record: Any) -> None:
    library.disk.get = lambda key: record  # type: ignore[method-assign]
    library.book.load()
    assert library.book.held == {}


@pytest.mark.parametrize(
    ("name", "broken", "error"),
    [
        ("garden", {}, "ValueError"),
        ("mode", {}, "KeyError"),
        ("mode", None, "AttributeError"),
        ("mode", {"intent": {"kind": "hold", "until": None}}, "TypeError"),
    ],
)
async def test_a_damaged_lease_does_not_harm_the_others(
    library: Library,
    name: str,
    broken: Any,
    error: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = library.lease(Slot.RESERVE).dump()
    record = {"leases": {name: broken, "reserve": good}}
    library.disk.get = lambda key: record  # type: ignore[method-assign]
    library.book.load()
    assert list(library.book.held) == [Slot.RESERVE]
    assert caplog.messages == [f"A stored lease cannot be read: {error}"]
    assert caplog.records[0].levelno == logging.WARNING


async def test_each_device_has_its_own_record(library: Library) -> None:
    other = LeaseBook("SN2", "entry", library.disk, library.notes, library.clock)
    until = library.clock.now() + timedelta(hours=1)
    await library.begin()
    lease = library.lease(intent=Hold(until=until), expect={"mode": "hold"})
    await other.begin(Slot.MODE, lease, ())
    assert set(library.disk.records) == {"SN1", "SN2"}
    assert library.book.mark == mark({"mode": "force"})
    assert other.mark == mark({"mode": "hold"})
    await other.forget([Slot.MODE])
    assert set(library.disk.records) == {"SN1"}
    assert library.book.mark == mark({"mode": "force"})


@pytest.mark.parametrize(
    ("memos", "one"),
    [
        ([], {}),
        ([{"a": 1}, {"b": 2}], {"a": 1, "b": 2}),
        ([{"a": 1}, {"a": 2}], {"a": 2}),
        ([{"a": {"x": 1, "y": 1}}, {"a": {"y": 2}}], {"a": {"x": 1, "y": 2}}),
        ([{"a": {"x": 1}}, {"a": 2}], {"a": 2}),
        ([{"a": 1}, {"a": {"x": 1}}], {"a": {"x": 1}}),
    ],
)
def test_several_memos_are_one(memos: list[Any], one: dict[str, Any]) -> None:
    copies = [dict(memo) for memo in memos]
    assert merged(memos) == one
    assert memos == copies


def test_a_mark_is_what_would_keep_it_going(library: Library) -> None:
    """As it reads: the device may have clamped it."""
    lease = library.lease(
        expect={"mode": "force", "power": 60, "limit": 5},
        mark={"mode": "force", "power": 80},
        store="weekly",
    )
    assert mark_of(lease) == Mark(store="weekly", values={"mode": "force", "power": 60})


def test_without_a_mark_it_is_all_of_it(library: Library) -> None:
    assert mark_of(library.lease()) == mark({"mode": "force"})
