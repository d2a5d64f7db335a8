"""What follows from all documents together (reference section 3.9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from . import health, times
from .activity import Activity, activity, flow
from .api.models import BatteryInfo, Configurations, Latest
from .capacity import Capacity, capacity
from .driver import Battery, Configuration, Detail, InverterReading, Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """The derived values of one moment. Moments are aware UTC, exact to the second.

    Attributes:
        clock: The battery's own time (quirk 9).
        full_since: Since when it is full, None while it is not; to be handed in again.
        reserve: The backup reserve that is set, percent of the usable charge.
        charge_power: W into the battery without its own consumption.
        discharge_power: W out of it.
        seconds_...: None while the battery does not go that way.
    """

    observed_at: datetime
    clock: datetime
    capacity: Capacity
    activity: Activity | None
    charging: bool | None
    discharging: bool | None
    charge_power: float | None
    discharge_power: float | None
    reserve: float | None
    using_reserve: bool | None
    seconds_to_reserve: int | None
    reserve_at: datetime | None
    seconds_to_full: int | None
    full_at: datetime | None
    seconds_to_empty: int | None
    empty_at: datetime | None
    seconds_since_full: int | None
    last_full: datetime | None
    full_since: datetime | None
    off_grid: bool | None
    led_state: str | None
    shutdown_reason: str | None
    shutdown_reasons: tuple[str, ...]
    set_point_priority: tuple[str, ...]
    microgrid_enabled: bool | None
    microgrid_empty: bool | None
    returning_to_grid: bool | None
    minimum_charge_shutdown: bool | None
    system_error: bool | None
    internet: bool | None
    overload: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The newest readings of what fits into the battery, however old they are.

    Not ``complete`` while some were not even asked for: values that come from others
    instead would jump when they arrive.
    """

    latest: Latest
    battery: BatteryInfo
    configurations: Configurations
    complete: bool = True


def derive(
    live: Live,
    *,
    detail: Detail | None = None,
    battery: Battery | None = None,
    inverter: InverterReading | None = None,
    configuration: Configuration | None = None,
    known: Known | None = None,
    zone: tzinfo,
    full_since: datetime | None = None,
) -> Derived:
    """Compute everything; what is None or missing makes only its own values None.

    Readings that are too old to be shown have to be left out: a flag of theirs would
    hold the house off grid. Capacities do not get old: they come from what is ``known``,
    from the same readings without it. ``full_since`` is that of the call before, also of the one
    before a restart. ``zone`` is Home Assistant's.
    """
    status = live.status
    latest = detail.values if detail else Latest.from_wire({})
    info = battery.values if battery else BatteryInfo.from_wire({})
    settings = configuration.values if configuration else Configurations(raw={})
    clock = times.clock(live.stamp, latest.utc_offset, zone, live.observed_at)
    off_grid = health.off_grid(live.system_status, latest)

    usable_soc = _known(status.usable_soc, latest.usable_soc)
    real_soc = _known(status.real_soc, latest.real_soc)
    reserve = _known(status.reserve, settings.reserve)
    power = _known(status.battery, latest.battery)
    if power is None and off_grid and inverter:
        power = inverter.values.off_grid
    flows = flow(
        power,
        info.cell_temperature_min,
        charging=status.charging,
        discharging=status.discharging,
    )
    doing = activity(flows, usable_soc=usable_soc, real_soc=real_soc, reserve=reserve)
    known = known or Known(latest=latest, battery=info, configurations=settings)
    stored = (
        capacity(
            usable_soc=usable_soc,
            real_soc=real_soc,
            reserve=reserve,
            latest=known.latest,
            battery=known.battery,
            configurations=known.configurations,
            charge=info,
        )
        if known.complete
        else Capacity()
    )
    to_reserve = times.to_reserve(
        flows,
        usable_full=stored.usable_full,
        usable_soc=usable_soc,
        reserve=reserve,
        consumption=status.consumption_average,
    )
    to_full = times.to_full(flows, full=stored.full, remaining=stored.remaining_ah)
    to_empty = times.to_empty(
        flows, usable=stored.usable, consumption=status.consumption_average
    )
    since_full = latest.seconds_since_full
    last_full = full_since = times.full_since(full_since, since_full, clock)
    if detail and since_full:
        then = times.clock(latest.clock, latest.utc_offset, zone, detail.observed_at)
        last_full = then - timedelta(seconds=since_full)
    led = health.led_state(latest)
    return Derived(
        observed_at=live.observed_at,
        clock=clock,
        capacity=stored,
        activity=doing,
        charging=flows.charges,
        discharging=flows.discharges,
        charge_power=flows.charge,
        discharge_power=flows.discharge,
        reserve=reserve,
        using_reserve=(
            None if usable_soc is None or reserve is None else usable_soc < reserve
        ),
        seconds_to_reserve=to_reserve,
        reserve_at=times.after(clock, to_reserve),
        seconds_to_full=to_full,
        full_at=(
            last_full
            if doing is Activity.CHARGED
            else times.after(clock, to_full)
            if flows.charges
            else None
        ),
        seconds_to_empty=to_empty,
        empty_at=times.after(clock, to_empty) if flows.discharges else None,
        seconds_since_full=since_full,
        last_full=last_full,
        full_since=full_since,
        off_grid=off_grid,
        led_state=led,
        shutdown_reason=health.shutdown_reason(latest),
        shutdown_reasons=health.names(latest.shutdown),
        set_point_priority=health.names(latest.priority),
        microgrid_enabled=health.bit(latest.microgrid, "microgrid_enabled"),
        microgrid_empty=health.bit(latest.microgrid, "min_system_soc"),
        returning_to_grid=health.bit(latest.microgrid, "transition_to_ongrid_pending"),
        minimum_charge_shutdown=health.bit(
            latest.shutdown, "minimum_rsoc_of_system_reached"
        ),
        system_error=health.system_error(live.system_status, latest),
        internet=health.internet(led, off_grid),
        overload=health.overload(latest, off_grid),
    )


def _known(first: float | None, second: float | None) -> float | None:
    return second if first is None else first
