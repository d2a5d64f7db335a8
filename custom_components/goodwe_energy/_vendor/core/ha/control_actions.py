"""The actions of control.md section 4, for what a vendor can do at all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import verify_domain_control
from homeassistant.util import dt as dt_util

from ..client.errors import ApiError
from ..control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    Kind,
    SelfUse,
    SetExportLimit,
    SetReserve,
    SetSchedule,
)
from ..control.outcome import Refusal, Result
from .actions import ATTR_DEVICE_ID, for_each, targets
from .control_calls import async_execute, refusal_error
from .control_defaults import default_block, force_defaults
from .control_schemas import row_of, schemas
from .control_times import end_of
from .errors import action_error

if TYPE_CHECKING:
    from ..control.manager import ControlManager

READ_SCHEDULE = "read_schedule"


class Controllable(Protocol):
    """What a device stands for."""

    @property
    def zone(self) -> tzinfo:
        """Where times of day are meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorActions[T: Controllable]:
    """What the actions of one vendor are made of.

    ``find`` gets an entry's runtime data and an identifier; ``manager`` raises
    ``Refusal`` for what cannot be controlled. ``modes`` are those of a schedule's rows,
    ``switches`` the names of the vendor's own switches beside it. ``read_schedule``
    answers rows and switches in the words that ``set_schedule`` takes.
    """

    domain: str
    find: Callable[[Any, str], T | None]
    manager: Callable[[T], ControlManager]
    kinds: frozenset[Kind]
    modes: Sequence[str] = ()
    switches: Sequence[str] = ()
    read_schedule: Callable[[T], Awaitable[dict[str, Any]]] | None = None


@callback
def async_register_control[T: Controllable](
    hass: HomeAssistant, vendor: VendorActions[T]
) -> None:
    """Register the actions, each for who may control the vendor's entities."""
    control = verify_domain_control(vendor.domain)

    def register(kind: Kind, make: Make) -> None:
        async def handle(call: ServiceCall) -> ServiceResponse:
            return await _order(call, vendor, make)

        hass.services.async_register(
            vendor.domain,
            kind,
            control(handle),
            described[kind],
            SupportsResponse.OPTIONAL,
        )

    described = schemas(vendor.modes, vendor.switches)
    for kind, make in _INTENTS.items():
        if kind in vendor.kinds or kind is Kind.SELF_USE:
            register(kind, make)

    if (reader := vendor.read_schedule) is None:
        return

    async def read(call: ServiceCall) -> ServiceResponse:
        return await _read_schedule(call, vendor, reader)

    hass.services.async_register(
        vendor.domain,
        READ_SCHEDULE,
        control(read),
        described[READ_SCHEDULE],
        SupportsResponse.ONLY,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an action was called with, for one device; ``now`` is aware UTC."""

    data: Mapping[str, Any]
    manager: ControlManager
    now: datetime
    zone: tzinfo
    default_end: datetime

    @property
    def end(self) -> datetime | None:
        """When it ends, if that was said. Raises ``Refusal``."""
        duration, until = self.data.get("duration"), self.data.get("until")
        return end_of(duration, until, self.now, self.zone)


type Make = Callable[[Order], Intent]


def _force_charge(order: Order) -> Intent:
    return ForceCharge(
        until=order.end or order.default_end,
        power=order.data.get("power"),
        target_soc=order.data.get("target_soc"),
    )


def _force_discharge(order: Order) -> Intent:
    return ForceDischarge(
        until=order.end or order.default_end,
        power=order.data.get("power"),
        target_soc=order.data.get("target_soc"),
    )


def _hold(order: Order) -> Intent:
    able = order.manager.driver.capabilities.blocks
    return Hold(
        until=order.end or order.default_end,
        block=order.data.get("block") or default_block(able),
    )


def _set_reserve(order: Order) -> Intent:
    return SetReserve(soc=order.data["soc"], until=order.end)


def _set_export_limit(order: Order) -> Intent:
    return SetExportLimit(
        power=order.data.get("power"),
        percent=order.data.get("percent"),
        until=order.end,
    )


def _set_schedule(order: Order) -> Intent:
    data = order.data
    switches = {name: value for name, value in data.items() if isinstance(value, bool)}
    return SetSchedule(
        rows=tuple(row_of(row) for row in data.get("rows", ())),
        clear=frozenset(data.get("clear", ())),
        switches=switches,
    )


_INTENTS: dict[Kind, Make] = {
    Kind.FORCE_CHARGE: _force_charge,
    Kind.FORCE_DISCHARGE: _force_discharge,
    Kind.HOLD: _hold,
    Kind.SELF_USE: lambda _: SelfUse(),
    Kind.SET_RESERVE: _set_reserve,
    Kind.SET_EXPORT_LIMIT: _set_export_limit,
    Kind.SET_SCHEDULE: _set_schedule,
}


async def _order[T: Controllable](
    call: ServiceCall, vendor: VendorActions[T], make: Make
) -> ServiceResponse:
    """Give every device its intent and answer for all of them."""
    # Before anything is awaited: unloading an entry takes its runtime data away.
    found = targets(call.hass, vendor.domain, call.data[ATTR_DEVICE_ID], vendor.find)
    now = dt_util.utcnow()

    async def work(device: T) -> dict[str, Any]:
        try:
            manager = vendor.manager(device)
            defaults = force_defaults(call.hass, vendor.domain, manager.key)
            intent = make(
                Order(
                    data=call.data,
                    manager=manager,
                    now=now,
                    zone=device.zone,
                    default_end=now + defaults.duration,
                )
            )
        except Refusal as err:
            raise await refusal_error(call.hass, vendor.domain, err) from err
        return answer(await async_execute(call.hass, vendor.domain, manager, intent))

    return await for_each(call.hass, vendor.domain, found, work)


async def _read_schedule[T: Controllable](
    call: ServiceCall,
    vendor: VendorActions[T],
    read: Callable[[T], Awaitable[dict[str, Any]]],
) -> ServiceResponse:
    found = targets(call.hass, vendor.domain, call.data[ATTR_DEVICE_ID], vendor.find)

    async def work(device: T) -> dict[str, Any]:
        try:
            return await read(device)
        except Refusal as err:
            raise await refusal_error(call.hass, vendor.domain, err) from err
        except ApiError as err:
            raise action_error(vendor.domain, err) from err

    return await for_each(call.hass, vendor.domain, found, work)


def answer(result: Result) -> dict[str, Any]:
    """Return what an action responds; moments are local ISO texts."""

    def local(moment: datetime | None) -> str | None:
        return dt_util.as_local(moment).isoformat() if moment is not None else None

    return {
        "outcome": str(result.outcome),
        "following": result.following,
        "effective": dict(result.effective),
        "effective_from": local(result.effective_from),
        "expires_at": local(result.expires_at),
        "warnings": list(result.warnings),
    }
