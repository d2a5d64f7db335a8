"""What must be true of a device, its disk and its manager, whatever happens."""

from asyncio import CancelledError
from collections.abc import Callable

from core.client.errors import ApiError
from core.control.driver import Plan, is_clamped
from core.control.intent import Intent, SelfUse, Slot, Value, Values, end_of
from core.control.lease import Lease, LeaseState
from core.control.outcome import Outcome, Problem, Refusal, Result, outcome_of

from .device import MOST
from .fakes import World

# What only a force, a hold or a limit for a while sets
_FORCING: dict[str, Callable[[Value], bool]] = {
    "mode": lambda value: value in {"force", "export", "hold"},
    "power": lambda value: value != 0,
    "period": lambda value: value is not None,
    "flag": bool,
}
type Ended = Result | BaseException | None


class Model:
    """How the device would be if nobody had ever leased anything.

    `allowed` are the values that each key may have then: several where nobody can
    know, such as after a write whose end was never seen.
    """

    def __init__(self, world: World) -> None:
        """Take the device as it is."""
        self._world, self._device = world, world.device
        self.allowed: dict[str, list[Value]] = {}
        self.meddled = False
        """Whether somebody else may have changed what is leased."""
        # What others changed after a write had begun with what was there before
        self._raced: dict[str, list[Value]] = {}
        self.as_it_is()
        world.device.on_write = self._wrong_with
        world.device.on_effect = self._arrives
        world.on_event = self._event

    def as_it_is(self) -> None:
        """Nobody remembers how it was: what is there stays."""
        self.allowed = {key: [value] for key, value in self._device.values.items()}

    def outside(self, values: Values) -> None:
        """Somebody else changes something."""
        now = self._device.values
        values = {k: v for k, v in values.items() if now.get(k) != v}
        leases = self._world.manager.leases.values()
        doubtful = self._world.manager._jobs.busy or not self._device.settled
        for key, value in values.items():
            before = self.allowed.get(key, [None])
            self.allowed[key] = [value]
            # As long as nothing was read back it may be taken for our own, clamped
            unread = doubtful or any(not one.verified for one in leases)
            if unread and is_clamped(value, -1, None):
                self.allowed[key] = [value, *before]
            if self._world.manager._jobs.busy:
                self._raced[key] = before
        self.meddled |= bool(values)
        self._device.outside(values)

    def begin(self) -> None:
        """Something new begins with what is there now."""
        if not self._world.manager._jobs.busy:
            self._raced.clear()
            self._device.doubtful &= not self._device.settled

    def may_be(self, values: Values) -> None:
        """Nobody knows whether these values have arrived."""
        for key, value in values.items():
            known = self.allowed.get(key, [None])
            clamps = self._device.clamps and key in MOST and isinstance(value, int)
            self.allowed[key] = [*known, min(value, MOST[key]) if clamps else value]

    def killed(self) -> None:
        """The program is killed, perhaps while the disk does not have what it should.

        What was released a moment ago has not been told yet.
        """
        self._device.doubtful |= not self._device.settled
        if self.meddled and not self._world.disk.records:
            self.may_be(self._device.values)
        if self._world.disk.text == self._world.disk.memory:
            return
        self.meddled = True
        for record in self._world.disk.records.values():
            for stored in record["leases"].values():
                lease = Lease.load(stored)
                for key in lease.put_back:
                    self.may_be({key: self._device.values.get(key)})
                    self.may_be({key: lease.put_back[key]})

    def differs(self) -> list[str]:
        """Return what nobody has asked for, given that nothing is leased."""
        return [
            f"{key} is {value!r}, not one of {allowed}"
            for key in {**self._device.values, **self.allowed}
            if (value := self._device.values.get(key))
            not in (allowed := self.allowed.get(key, [None]))
        ]

    def _event(self, event: str) -> None:
        if event != "external":
            return
        if not self.meddled:
            self._device.complaints.append("external, but nobody was there")
        kept = {k for one in self._world.manager.leases.values() for k in one.put_back}
        for key in {**self._device.values, **self.allowed}.keys() - kept:
            self.allowed[key] = [self._device.values.get(key)]

    def _arrives(self, values: Values) -> None:
        """Take note of what is overwritten because it came in between."""
        for key in values.keys() & self._raced.keys():
            self.allowed[key] = [*self.allowed[key], *self._raced.pop(key)]

    def _wrong_with(self, values: Values) -> str | None:
        """Say which value of a request has no lease on the disk."""
        stored = [
            Lease.load(one)
            for record in self._world.disk.records.values()
            for one in record["leases"].values()
        ]
        intent, plan = self._world.driver.plans[-1] if stored else (None, None)
        for key, value in values.items():
            forcing = key in _FORCING and _FORCING[key](value)
            if intent is not None and plan is not None and end_of(intent):
                forcing |= plan.target.get(key) == value
            leased = any(
                value in one.ours.get(key, ()) or one.put_back.get(key) == value
                for one in stored
            )
            if forcing and not leased and value not in self.allowed.get(key, ()):
                return f"{key}={value} was sent without a lease"
        return None


class Witness:
    """Judges what a caller is told about one intent."""

    def __init__(self, world: World, model: Model, intent: Intent) -> None:
        """Look at everything before the intent is given."""
        model.begin()
        self._world, self._model, self._intent = world, model, intent
        self._before = dict(world.device.values)
        self._unsettled = not world.device.settled
        self._sent, self._plans = len(world.device.sent), len(world.driver.plans)
        self._forced = Problem.FORCED_WITHOUT_LEASE in world.manager.problems
        self.touched: set[str] = set()
        self.look()
        world.on_done = self._done

    def _done(self, name: str) -> None:
        if name == str(self._intent.kind):
            self.look()
            self._world.on_done = lambda name: None

    def look(self) -> None:
        """Take down how it is: at the end, before anything else is begun."""
        device = self._world.device
        self._read, self._after = device.last_read, dict(device.values)
        self._after_sent = len(device.sent)
        self._after_leases = list(self._world.manager.leases.values())

    @property
    def _plan(self) -> Plan | None:
        plans = self._world.driver.plans[self._plans :]
        return next((plan for one, plan in plans if one is self._intent), None)

    def judge(self, ended: Ended) -> None:
        """Look whether it is true, and what it means for what is there for good."""
        assert not isinstance(ended, CancelledError), (
            "the write was cancelled with its caller"
        )
        outcome = None
        if isinstance(ended, Result):
            outcome = ended.outcome
        elif isinstance(ended, ApiError):
            outcome = outcome_of(ended)
        if self._forced and getattr(self._intent, "slot", Slot.MODE) is Slot.MODE:
            self._model.may_be({"mode": "self_use"})
        elif isinstance(ended, Refusal) or outcome is Outcome.UNCHANGED:
            sent = self._world.device.sent[self._sent : self._after_sent]
            assert not sent, f"{ended}: but {sent} was sent"
        # What is put back only in part is not undone: it is tried again
        ends = isinstance(self._intent, SelfUse)
        others = ends or self._forced or self._unsettled
        if outcome is Outcome.REJECTED and not others:
            self._nothing_changed()
        if isinstance(ended, Result):
            self._shown(ended)
        if isinstance(self._intent, SelfUse) or end_of(self._intent) is not None:
            return
        self._for_good(outcome, refused=isinstance(ended, Refusal))

    def _nothing_changed(self) -> None:
        now = self._after
        changed = {
            key: (self._before.get(key), now.get(key))
            for key in {**self._before, **now}
            if self._before.get(key) != now.get(key) and key not in self.touched
        }
        assert not changed, f"rejected, but {changed}"

    def _shown(self, result: Result) -> None:
        if isinstance(self._intent, SelfUse):
            # What was never seen may still appear: it is looked at again
            left = [
                one
                for one in self._after_leases
                if one.verified or one.state is not LeaseState.RESTORING
            ]
            assert not left, left
            return
        if (plan := self._plan) is None:  # only its end was moved
            return
        read = self._read
        for key, asked in plan.target.items():
            if key == "flag":
                continue
            shown = read.get(key)
            was = self._before.get(key)
            good = shown == asked or is_clamped(shown, asked, was)
            # A number of somebody else's looks as if the device had clamped ours
            good |= shown == was and bool(self.touched & MOST.keys())
            good |= shown == was == MOST.get(key, object())
            assert good, f"{result.outcome} of {plan.target}, but it shows {read}"
            assert result.effective.get(key) == shown

    def _for_good(self, outcome: Outcome | None, *, refused: bool) -> None:
        if (plan := self._plan) is None or refused:
            return
        if outcome in {Outcome.APPLIED, Outcome.UNCHANGED}:
            for key, asked in plan.target.items():
                was = self._model.allowed.get(key, [None])
                self._model.allowed[key] = [self._read.get(key)]
                if key in self.touched:
                    self._model.allowed[key] += [asked, *was]
        elif outcome is not Outcome.REJECTED:
            self._model.may_be(plan.target)
