"""The share of renewables in a state's grid, which needs no token (reference 3.5)."""

from datetime import datetime, timedelta
from functools import partial
import random
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.ha.coordinator import BundleCoordinator, Document
from .const import DOMAIN
from .driver import RenewableInterval, Renewables
from .states import STATES

if TYPE_CHECKING:
    from .site import AmberSite

INTERVAL: Final = timedelta(minutes=30)
# Until when a value may be shown that could not be read again
MAX_AGE: Final = 3 * INTERVAL + timedelta(minutes=5)
_FORECASTS: Final = 96
# How long after the half hour it is asked, s: not with everybody else
_SOONEST, _LATEST = 15.0, 120.0


class RenewablesCoordinator(BundleCoordinator[Renewables]):
    """Polls one state a moment after each half hour while somebody listens."""

    _begun = False

    @callback
    def begin(self) -> None:
        """Go on from what is known, or read it for the first time.

        Called before somebody begins to listen, however often.
        """
        if self._begun:
            return
        self._begun = True
        if not self.restore():
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{DOMAIN} renewables"
            )

    @override
    async def _async_update_data(self) -> Renewables:
        data = await super()._async_update_data()
        self.update_interval = until_next(dt_util.utcnow())
        return data


def build_renewables(site: AmberSite) -> dict[str, RenewablesCoordinator]:
    """Return a coordinator for each state; none is polled before its entities ask."""
    return {state: _coordinator(site, state) for state in STATES}


def running(renewables: Renewables, now: datetime) -> RenewableInterval | None:
    """Return the interval that runs now, which may still be one of the forecasts."""
    known = (renewables.current, *renewables.forecasts)
    return next(
        (item for item in known if item is not None and item.start <= now < item.end),
        renewables.current,
    )


def forecast(renewables: Renewables, now: datetime) -> list[dict[str, Any]]:
    """Return what is expected after the interval that runs now, for an attribute."""
    return [
        {
            "start_time": dt_util.as_local(item.start).isoformat(),
            "end_time": dt_util.as_local(item.end).isoformat(),
            "renewables": None if item.share is None else round(item.share, 1),
            "descriptor": None if item.descriptor is None else str(item.descriptor),
        }
        for item in renewables.forecasts
        if item.start > now
    ]


def until_next(now: datetime) -> timedelta:
    """Return how long it is until the next half hour has begun for everybody."""
    passed = timedelta(
        minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond
    )
    return INTERVAL - passed + timedelta(seconds=random.uniform(_SOONEST, _LATEST))


def _coordinator(site: AmberSite, state: str) -> RenewablesCoordinator:
    return RenewablesCoordinator(
        site.hass,
        site.entry,
        domain=DOMAIN,
        document=Document(
            key=f"renewables/{state}",
            label="renewables",
            interval=INTERVAL,
            max_age=lambda _: MAX_AGE,
            fetch=partial(site.client.get_current_renewables, state, next=_FORECASTS),
            decode=driver.renewables,
            optional=True,
        ),
        account=site.account,
        reachability=site.reachability,
        device=f"{state.upper()} renewables",
    )
