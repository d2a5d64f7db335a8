"""What a plan and a look need to know of a device (control.md, section 2)."""

from datetime import datetime, timedelta

from .._vendor.core.control.driver import Observation

# A force is refused on anything older.
FRESH = timedelta(minutes=20)
OFF_GRID = frozenset({"off_grid", "off_grid_charging", "backup"})
FORCED = frozenset({"forced_mode", "energy_dispatch", "dispatched_running"})
# In these it is seen that nobody leads it
FREE = frozenset({"running", "grid_connected"})


def observation_of(
    now: datetime,
    *,
    at: datetime | None,
    soc: float | None,
    battery: float | None,
    status: str | None,
    online: bool | None,
    obstacle: str | None = None,
) -> Observation:
    """Return what was last seen.

    ``at`` is the time of the record (``device_time``), ``battery`` W (+ discharging),
    ``status`` the slug of the operating status.
    """
    return Observation(
        at=at,
        fresh=at is not None and now - at <= FRESH,
        soc=soc,
        battery=battery,
        off_grid=None if status is None else status in OFF_GRID,
        reachable=online is not False,
        obstacle=obstacle,
    )
