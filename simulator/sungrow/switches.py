"""What tests can make the gateway do; plain attributes are switches."""

from dataclasses import dataclass, field
from typing import Literal

from ..switches import Kind

type DeadToken = Literal["E00003", "E900", "002", "401", "error"]
type StateReturned = Literal["query", "fragment", "none"]
_DEAD = ("E00003", "E900", "002", "401", "error")


@dataclass(slots=True, kw_only=True)
class WireSwitches:
    """The frame of all calls (reference sections 2.1, 2.6 and 4.2)."""

    codes_as_numbers: bool = False
    """`result_code` is an integer where it can be one."""
    texts_chinese: bool = False
    """Texts are Chinese even if another language is asked for."""
    dead_token_as: DeadToken = "E00003"
    """How an invalid or expired access token is answered."""
    dead_login_as: DeadToken = "E900"
    """How an invalid or expired token of the account login is answered."""
    refusal: str | None = None
    """A code that every business call and login is answered with, as `E918`."""
    retry_hint: str | None = None
    """Name of a field that says the seconds to wait beside E901, E998 and E999."""
    encryption: Literal["accepted", "required"] = "accepted"
    """`required`: plain calls are answered E902."""
    nonces_refused: int = 0
    """So many encrypted calls more are answered E910 whatever their nonce."""
    timestamp_as: Literal["text", "number", "envelope"] = "text"
    """Form of `GET /timestamp` (uncertain)."""
    absent_as: Literal["404", "405", "E996"] = "404"
    """How an endpoint that is not there is answered."""
    absent: set[str] = field(default_factory=set)
    """Globs of endpoints that are not there."""
    forbidden: set[str] = field(default_factory=set)
    """Globs of endpoints that the application has no permission for: E900."""


WIRE: dict[str, Kind] = {
    "codes_as_numbers": bool,
    "texts_chinese": bool,
    "dead_token_as": _DEAD,
    "dead_login_as": _DEAD,
    "refusal": str,
    "retry_hint": str,
    "encryption": ("accepted", "required"),
    "nonces_refused": int,
    "timestamp_as": ("text", "number", "envelope"),
    "absent_as": ("404", "405", "E996"),
    "absent": set,
    "forbidden": set,
}
OAUTH: dict[str, Kind] = {
    "state_returned": ("query", "fragment", "none"),
    "tokens_at": ("both", "result_data", "top"),
    "failure_status": (200, 400, 401),
    "refresh_failure_at": ("result_data", "top"),
    "used_refresh_as": ("2", "-2", "4", "5"),
    "rotates": bool,
    "old_access_dies": bool,
    "transient_refreshes": int,
    "approved": bool,
    "regrant": ("adds", "replaces"),
    "access_seconds": float,
    "first_life": ("usual", "tiny", "negative"),
    "wrong_client_as": ("codes", "4"),
    "latency": float,
}
LOGIN: dict[str, Kind] = {
    "lock_after": int,
    "logins_per_hour": int,
    "latency": float,
}
QUOTA: dict[str, Kind] = {
    "enforced": bool,
    "hour_limit": int,
    "month_limit": int,
    "gap_seconds": float,
}
