"""The closed set of errors that the client layer raises; design.md section 4."""

from datetime import datetime


class ApiError(Exception):
    """A request did not bring what was asked for.

    `str()` of it is safe to log: who raises it has redacted the message. `code` is
    the vendor's own code. `reason` is a stable slug from which texts for people are
    chosen, such as `clock_skew`, `device_offline` or `not_json`.
    """

    def __init__(
        self, message: str, *, code: str | None = None, reason: str | None = None
    ) -> None:
        """Keep what happened."""
        super().__init__(message)
        self.code = code
        self.reason = reason


class _PausingError(ApiError):
    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        code: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Keep the pause in seconds from now; `None` if nobody named one."""
        super().__init__(message, code=code, reason=reason)
        self.retry_after = retry_after


class TransportError(ApiError):
    """Nothing usable came back: not reached, a gateway's error, not the vendor's API.

    It may go over by itself; the only error after which a read is repeated.
    """


class ThrottledError(_PausingError):
    """Too many requests, says the vendor or our own budget.

    `group` is the only group of requests that it is about; `None` means all.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        code: str | None = None,
        reason: str | None = None,
        group: str | None = None,
    ) -> None:
        """Keep the pause in seconds from now; `None` if nobody named one."""
        super().__init__(message, retry_after=retry_after, code=code, reason=reason)
        self.group = group


class LockedError(ApiError):
    """The vendor locked the account; the credentials are not to blame."""

    def __init__(
        self,
        message: str,
        *,
        until: datetime | None = None,
        code: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Keep the end of the lock (aware); `None` if the vendor did not tell."""
        super().__init__(message, code=code, reason=reason)
        self.until = until


class AuthError(ApiError):
    """The vendor rejects the credentials: only the user can help."""


class NotPermittedError(ApiError):
    """The credentials are right but may not do this: a scope, plan or whitelist."""


class MaintenanceError(_PausingError):
    """The vendor is down on purpose or calls itself busy."""


class BadDataError(ApiError):
    """The vendor's API answered, but not with what it should; or we asked nonsense."""


class UnsupportedError(ApiError):
    """This account, device or server does not have what was asked for."""


class WriteError(ApiError):
    """A change did not reach a good end; the subclass tells what is known."""


class WriteRejected(WriteError):
    """The vendor or the device refused it: nothing has changed."""


class WriteUnverified(WriteError):
    """It was accepted, but reading back does not show it."""


class WriteUnknown(WriteError):
    """It may or may not have arrived: read before anything is sent again."""
