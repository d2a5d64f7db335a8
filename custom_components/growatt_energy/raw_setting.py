"""A setting that no driver keeps: sent as it is, and asked of the device itself."""

from collections.abc import Sequence
from functools import partial

from ._vendor.core.client.decode import integer
from ._vendor.core.client.errors import (
    ApiError,
    UnsupportedError,
    WriteUnknown,
    WriteUnverified,
)
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Outcome, Result
from .control_common import TIMING
from .device import Device
from .inverter_settings import Sending

# Together with those before, the read-back time
_LAST_PAUSES = (20.0, 25.0, 30.0)


async def send_raw(
    device: Device,
    manager: ControlManager,
    driver: Sending,
    type_: str,
    params: Sequence[str],
) -> Result:
    """Send a setting; once more only when the device shows that it did not arrive.

    What cannot be read stands as it was acknowledged, as a clock's time does.

    Raises:
        WriteUnknown: Nobody knows whether it arrived.
        WriteUnverified: The device shows something else.
        ApiError: It was refused.
    """

    async def once() -> Result | None:
        lost: WriteUnknown | None = None
        async with driver.pacer.turn:
            await driver.pacer.wait()
            try:
                await device.setter.set(device.family, device.serial, type_, params)
            except WriteUnknown as err:
                lost = err  # it may be there all the same (Q19)
            finally:
                driver.pacer.done()
        try:
            effective = await _shown(device, manager, driver, type_, params)
        except UnsupportedError:
            if lost is not None:
                raise lost from None
            return Result(outcome=Outcome.APPLIED)
        except WriteUnverified:
            if lost is not None:
                return None
            raise
        return Result(outcome=Outcome.APPLIED, effective={type_: effective})

    admit = partial(driver.admit, 1)
    for _ in range(2):
        if (result := await manager.take_turn(once, type_, admit)) is not None:
            return result
    raise WriteUnverified(f"{type_} is not as asked")


async def _shown(
    device: Device,
    manager: ControlManager,
    driver: Sending,
    type_: str,
    params: Sequence[str],
) -> int:
    """Return what the device shows when that is what was asked for.

    Raises:
        UnsupportedError: It does not tell, or nothing that can be compared.
        WriteUnknown: It cannot be reached for the whole read-back time.
        WriteUnverified: It shows something else all that time.
    """
    if len(params) > 1 or (wanted := integer(params[0])) is None:
        raise UnsupportedError(f"{type_} cannot be compared")
    found: int | None = None
    await driver.pacer.wait()
    for pause in (*TIMING.pauses, *_LAST_PAUSES, 0.0):
        try:
            async with driver.pacer.turn:
                shown = await device.setter.read_named(
                    device.family, device.serial, type_
                )
        except UnsupportedError:
            raise
        except ApiError:
            pass
        else:
            if (found := integer(shown)) is None:
                raise UnsupportedError(f"{type_} reads as no number")
            if found == wanted:
                return found
        if pause and not await manager.pause(pause):
            raise WriteUnknown("there was no time to read it back", reason="closing")
    if found is None:
        raise WriteUnknown(f"{type_} cannot be read back", reason="unreadable")
    raise WriteUnverified(f"{type_} is {found}")
