"""One line in the log when something stops answering, one when it is back."""

import logging

from ..client.errors import (
    ApiError,
    AuthError,
    LockedError,
    MaintenanceError,
    ThrottledError,
    TransportError,
)

_LOGGER = logging.getLogger(__name__)

# So many failed polls in a row are an outage; live values are then hidden too.
MISSED_POLLS = 3


class Reachability:
    """Logs once when something stops answering, and once when it is back.

    All documents of an account fail together when the cloud does, and single polls
    fail all the time; so a line is written when one document has failed so often
    that its values are hidden, and only the first one of a situation.
    """

    def __init__(self, account: str) -> None:
        """Name the account; names stand in the log, so they are no serials."""
        self._account = account
        self._failures: dict[str, int] = {}
        # What the line that was written is about: the device's key and name
        self._told: dict[str, tuple[str, str]] = {}

    def failed(
        self, key: str, device: str, label: str, err: ApiError, *, final: bool = True
    ) -> None:
        """Note that the document ``key`` of a device failed.

        What stands before the first slash tells devices of one name apart. Rejected
        credentials are told at once, unless they are tried again (not ``final``).
        """
        self._failures[key] = self._failures.get(key, 0) + 1
        at_once = final and isinstance(err, AuthError)
        if self._failures[key] < MISSED_POLLS and not at_once:
            return
        subject = ("", self._account)
        if not _concerns_account(err):
            subject = (key.partition("/")[0], device)
        if subject not in self._told.values():
            _LOGGER.warning("%s cannot be read (%s): %s", subject[1], label, err)
        self._told[key] = subject

    def answered(self, key: str) -> None:
        """Note that the document ``key`` was read."""
        self._failures.pop(key, None)
        subject = self._told.pop(key, None)
        if subject is not None and subject not in self._told.values():
            _LOGGER.info("%s can be read again", subject[1])

    def forget(self, key: str) -> None:
        """Note that the document ``key`` is not read any more."""
        self._failures.pop(key, None)
        self._told.pop(key, None)


def _concerns_account(err: ApiError) -> bool:
    """Tell what stops the whole account from what one device lacks."""
    if isinstance(err, MaintenanceError):
        return err.reason is None
    return isinstance(err, AuthError | LockedError | ThrottledError | TransportError)
