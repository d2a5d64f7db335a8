"""Signing of requests (reference alphaess.md section 2)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hashlib

# The server refuses time stamps that are 300 s off. An answer tells its time only to
# the second and some seconds late, so less than that is suspect.
SUSPECT_SKEW = timedelta(seconds=270)


@dataclass(slots=True)
class Signer:
    """Signs with the developer's id and secret; knows how wrong our clock is."""

    app_id: str
    app_secret: str = field(repr=False)
    offset: timedelta = timedelta()

    def headers(self, now: datetime) -> dict[str, str]:
        """Return the three headers for a request that is sent ``now`` (aware)."""
        timestamp = str(int((now + self.offset).timestamp()))
        return {
            "appId": self.app_id,
            "timeStamp": timestamp,
            "sign": signature(self.app_id, self.app_secret, timestamp),
        }


def signature(app_id: str, app_secret: str, timestamp: str) -> str:
    """Return the SHA-512 over id, secret and Unix seconds, in lower-case hex."""
    return hashlib.sha512(f"{app_id}{app_secret}{timestamp}".encode()).hexdigest()
