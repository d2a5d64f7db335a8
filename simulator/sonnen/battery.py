"""One sonnenBatterie: its house, its settings, and what it is doing right now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal

from ..balance import Command, Mode
from ..house import House, Live, State
from ..journal import Effect, Journal, Write
from ..setting import Setting
from . import configuration
from .attributes import Attributes
from .behaviour import (
    MANUAL,
    SetPoints,
    automatic,
    manual,
    rsoc_of,
    set_point_of,
    usoc_of,
)
from .configuration import MODE, RESERVE
from .homes import Home
from .schedule import KEY as SCHEDULE
from .site import Site
from .variants import variant

type Direction = Literal["charge", "discharge"]

NO_SET_POINTS: SetPoints = {"charge": 0, "discharge": 0}
# It is full from here on: a battery is never filled to the last watt-hour
_FULL = 99.5
_RESET_AT = time(2, 49)


@dataclass(slots=True, kw_only=True, eq=False)
class SonnenBattery(Attributes):
    """A battery as its owner sees it; the plain attributes are switches for tests."""

    home: Home
    house: House
    site: Site
    token: str

    settings: dict[str, Setting[str]] = field(init=False)
    set_points: Setting[SetPoints] = field(init=False)
    journal: Journal = field(default_factory=Journal, init=False)
    last_full: datetime = field(init=False)
    last_status: dict[str, Any] | None = field(default=None, init=False)
    recorded: dict[str, Callable[[], Any]] = field(default_factory=dict, init=False)
    """By endpoint: what it answers in the place of what the house does."""
    counters: tuple[float, float, float] | None = field(default=None, init=False)
    """Slot and kWh (production, consumption) that the meters show."""
    down_until: datetime = field(init=False)
    boot_until: datetime = field(init=False)
    _brief_until: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Take the battery over."""
        now = self.house.live().at
        self.variant = variant(self.home.variant)
        self.settings = {
            key: Setting(value)
            for key, value in configuration.initial(self.home).items()
            if key not in self.variant.missing_configurations
        }
        self.set_points = Setting(NO_SET_POINTS)
        self.last_full = now - timedelta(hours=2)
        self.down_until = self.boot_until = now
        self.house.policy = self._policy
        self._next_reset(now)

    # What it is

    @property
    def serial(self) -> str:
        """What is printed on it; no endpoint tells it."""
        return self.home.serial

    @property
    def hostname(self) -> str:
        """The name that it gives to the router."""
        return f"sb-{self.serial}"

    @property
    def host(self) -> str:
        """Address that it listens on."""
        return self.site.host

    @property
    def port(self) -> int:
        """Port that it listens on."""
        return self.site.port

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return self.site.url

    async def start(self) -> None:
        """Plug it into the network again, on the same port."""
        await self.site.start()

    async def stop(self) -> None:
        """Unplug it from the network: connections are refused."""
        await self.site.stop()

    def change(self, **switches: Any) -> None:
        """Set switches, of the variant too, so that they act at once.

        As plain attributes they act at once on the wire, and on the battery from the
        next minute on.
        """

        def put() -> None:
            for name, value in switches.items():
                target = self if hasattr(self, name) else self.variant
                wanted = set(value) if isinstance(value, list) else value
                setattr(target, name, wanted)

        self.house.change(put)

    # What it does

    @property
    def mode(self) -> str:
        """The operating mode that it goes by."""
        return self.settings[MODE].active

    @property
    def reserve(self) -> float:
        """The backup reserve that it goes by, as a usable state of charge."""
        return float(self.settings[RESERVE].active)

    @property
    def usoc(self) -> float:
        """The usable state of charge in percent."""
        return usoc_of(self.house.live().soc)

    def set_usoc(self, percent: float) -> None:
        """Put the battery to a usable state of charge."""
        self.house.override(soc=rsoc_of(percent))

    @property
    def live(self) -> Live:
        """The house now."""
        return self.house.live()

    @property
    def booting(self) -> bool:
        """Whether it answers with the values of a start."""
        now = self.house.live().at
        return self.down_until <= now < self.boot_until

    @property
    def bare(self) -> bool:
        """Whether there is nothing but `status` yet: the rest is answered 404."""
        missing = timedelta(minutes=self.boot_missing_minutes)
        now = self.house.live().at
        return self.down_until <= now < self.down_until + missing

    @property
    def reachable(self) -> bool:
        """Whether it answers at all."""
        live = self.house.live()
        return self.online and live.at >= self.down_until and (live.grid or self.backup)

    def local_time(self) -> datetime:
        """Return the time on its own clock; it begins in 1970 while it starts."""
        now = self.house.live().at + timedelta(seconds=self.clock_error)
        if self.booting:
            now = datetime.fromtimestamp(0, now.tzinfo)
        return now.astimezone(self.house.spec.zone)

    @property
    def set_point(self) -> int:
        """What the controller asks of the inverter in W, + is discharging."""
        live = self.house.live()
        if self.mode != MANUAL:
            return round(live.battery_w)
        most = self.home.power_w
        return max(min(set_point_of(self.set_points.active), most), -most)

    def _policy(self, local: datetime, state: State) -> Command:
        if state.soc >= _FULL:
            self.last_full = local
        points, mode = self.set_points.active, self.mode
        floor = rsoc_of(self.reserve)
        if self.shutdown_reason is not None or local < self.boot_until:
            return Command(mode=Mode.HOLD)
        if self.battery_care:
            return Command(mode=Mode.CHARGE, power_w=self.care_power)
        if mode == MANUAL or (
            local.timestamp() < self._brief_until and set_point_of(points)
        ):
            return manual(points, floor)
        schedule = self.settings.get(SCHEDULE)
        text = schedule.active if schedule else None
        return automatic(mode, self.reserve, text, local, state)

    # Writes

    @property
    def stored(self) -> dict[str, Any]:
        """All that can be written, as it is stored: keys and set points."""
        return {
            key: setting.stored
            for key, setting in self.settings.items()
            if key in configuration.WRITABLE
        } | dict(self.set_points.stored)

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Have `stored` as if it had been so for long, without a journal."""

        def put() -> None:
            for key in self.settings.keys() & stored.keys():
                self.settings[key] = Setting(stored[key])
            self.set_points = Setting({key: stored[key] for key in NO_SET_POINTS})

        self.house.change(put)

    @property
    def writes(self) -> list[Write]:
        """Writes that were accepted, also such that changed nothing, oldest first."""
        return self.journal.writes

    @property
    def effects(self) -> list[Effect]:
        """What accepted writes changed until now, oldest first."""
        self.house.advance()
        return self.journal.effects

    def write(self, key: str, value: str) -> None:
        """Take a configuration value that came through the API and has passed."""
        at = self.house.live().at
        self.journal.writes.append(Write(at, key, value))
        if not self.stores_writes:
            return
        setting = self.settings[key]
        before = setting.stored
        self._accept(key, self._clamped(key, value))
        self.journal.effect(at, key, before, setting.stored)

    def write_as_app(self, **values: str) -> None:
        """Change keys as a person does in the app: shown at once, then followed."""
        for key, value in values.items():
            self._accept(key, value, by_app=True)

    def write_set_point(self, direction: Direction, watts: int) -> None:
        """Take a set point that came through the API."""
        at = self.house.live().at
        self.journal.writes.append(Write(at, direction, watts))
        if not self.stores_writes:
            return
        before = self.set_points.stored
        rest = before if self.separate_set_points else NO_SET_POINTS
        most = int(self.clamps.get(direction, watts))
        after = {**rest, direction: min(watts, most)}
        delay = self.reaction_delay if self.follows else None
        self.set_points.accept(after, self.house, shown_after=0, active_after=delay)
        self.journal.effect(at, direction, before, after)
        if delay is not None and self.settings[MODE].stored != MANUAL:
            over = at + timedelta(seconds=delay + self.overridden_after)
            self._brief_until = over.timestamp()
            self.house.call_at(over, lambda: None)

    def _accept(self, key: str, value: str, *, by_app: bool = False) -> None:
        entered = key == MODE and value == MANUAL != self.settings[MODE].stored
        if entered and not self.revives_set_point:
            self._forget_set_points()
        self.settings[key].accept(
            value,
            self.house,
            shown_after=0 if by_app else self.readback_delay,
            active_after=self.reaction_delay if self.follows or by_app else None,
        )

    def _clamped(self, key: str, value: str) -> str:
        most = self.clamps.get(key)
        if most is None or float(value) <= most:
            return value
        return f"{most:g}"

    def _forget_set_points(self) -> None:
        self._brief_until = 0.0
        self.set_points = Setting(NO_SET_POINTS)

    # The reset

    def nightly_reset(
        self, minutes: float | None = None, *, boot_minutes: float | None = None
    ) -> None:
        """Restart the controller now: the set points are gone, and maybe the mode.

        It does not answer for some minutes, and answers like a device that has just
        started for some more; None is as the switches say.
        """
        self._restart(minutes, boot_minutes, loses_mode=not self.reset_keeps_mode)

    def restart(
        self, minutes: float | None = None, *, boot_minutes: float | None = None
    ) -> None:
        """Power it off and on again: what is stored stays, set points do not."""
        self._restart(minutes, boot_minutes, loses_mode=False)

    def _restart(
        self, minutes: float | None, boot: float | None, *, loses_mode: bool
    ) -> None:
        def go_down() -> None:
            self._forget_set_points()
            if loses_mode and self.settings[MODE].stored == MANUAL:
                self.settings[MODE] = Setting("2")

        down = self.reset_minutes if minutes is None else minutes
        boot = self.boot_minutes if boot is None else boot
        self.down_until = self.house.live().at + timedelta(minutes=down)
        self.boot_until = self.down_until + timedelta(minutes=boot)
        self.house.change(go_down)
        self.house.call_at(self.boot_until, lambda: None)

    def _next_reset(self, after: datetime) -> None:
        zone = self.house.spec.zone
        local = after.astimezone(zone)
        night = datetime.combine(local.date(), _RESET_AT, zone)
        if night <= local:
            night = datetime.combine(local.date() + timedelta(1), _RESET_AT, zone)

        def reset() -> None:
            if self.resets_nightly:
                self._restart(None, None, loses_mode=not self.reset_keeps_mode)
            self._next_reset(night)

        self.house.call_at(night, reset)
