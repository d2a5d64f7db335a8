"""The settings of a NOAH or NEXA, by whichever of the app's paths knows it (3.F)."""

from collections.abc import Mapping
from typing import Any, Protocol

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import BadDataError, UnsupportedError
from .base import Raw
from .identity import Remembered

_BEANS = ("noah", "nexa")


class NoahClient(Protocol):
    """Who can ask, with a login or a token."""

    async def noah_info(self, serial: str) -> dict[str, Any]:
        """Read what the app knows of a NOAH."""

    async def nexa_info(self, serial: str) -> dict[str, Any]:
        """Read what the app knows of a NEXA."""


def is_nexa(kept: Remembered, serial: str) -> bool:
    """Return whether a device is a NEXA, as far as that was found out."""
    return bool(kept.get(f"nexa/{serial}"))


async def noah_info(client: NoahClient, kept: Remembered, serial: str) -> Raw:
    """Return the settings, empty if neither path has any; which one did is kept.

    Raises what the likelier path raises if the other one has nothing either.
    """
    likely = is_nexa(kept, serial)
    failed: BadDataError | UnsupportedError | None = None
    for nexa in (likely, not likely):
        try:
            ask = client.nexa_info if nexa else client.noah_info
            found = _settings(await ask(serial))
        except (BadDataError, UnsupportedError) as err:
            failed = failed or err
            continue
        if found:
            kept.set(f"nexa/{serial}", nexa or None)
            return found
    if failed is not None:
        raise failed
    return {}


def _settings(info: Mapping[str, Any]) -> Raw:
    """Return what is about the device; how a NEXA's is wrapped is not known for sure."""
    for name in _BEANS:
        if bean := mapping(info.get(name)):
            return dict(bean)
    return dict(info)
