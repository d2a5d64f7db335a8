"""What was not asked for because the battery was away, and is read when it is back."""

from collections.abc import Iterable
from typing import Any

from ._vendor.core.client.errors import TransportError
from ._vendor.core.ha.coordinator import BundleCoordinator


class AwayError(TransportError):
    """The status does not come, so nothing else was asked for."""


def failed_with_it(
    documents: Iterable[BundleCoordinator[Any]],
) -> list[BundleCoordinator[Any]]:
    """Return the documents that were not asked for because the battery was away."""
    return [
        document
        for document in documents
        if isinstance(getattr(document.last_exception, "__cause__", None), AwayError)
        and not document.last_update_success
    ]


async def read_all(documents: Iterable[BundleCoordinator[Any]]) -> None:
    """Read one after the other: the battery's computer is a small one."""
    for document in documents:
        await document.async_refresh()
