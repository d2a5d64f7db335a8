"""Which endpoint brings the live records of which family (reference 5.2 to 5.4).

The documented limits may hold per endpoint or per endpoint and family. So an endpoint
is for one family only where that is possible: with one family it is v4; with several
each has its own of V1, and v4 is for those that V1 does not have, in turn.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from .._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    ThrottledError,
    UnsupportedError,
)
from ..api.token_client import TokenClient
from ..families import FACTS, Family
from .base import Raw

_POLL = timedelta(minutes=5)
_NOAH_POLL = timedelta(minutes=1)
_BATCH = 100
# v4 that fails so often in a row is left for V1, and tried again after so many polls.
_DEMOTE_AFTER = 3
_PROBE_AFTER = 288
# Families that V1 has, beside those with a request for many
_ONE_BY_ONE = frozenset({Family.STORAGE})


def _in_v1(family: Family) -> bool:
    return FACTS[family].many_param is not None or family in _ONE_BY_ONE


class TokenLive:
    """Asks for the newest records."""

    def __init__(self, client: TokenClient) -> None:
        """Begin without knowing which families there are."""
        self._client = client
        self._families: frozenset[Family] = frozenset()
        self._failed: dict[Family, int] = {}
        self._by_v1: dict[Family, int] = {}
        self._next_meter = 0
        self._next: dict[Family, int] = {}

    def cadence(self, families: Collection[Family]) -> Mapping[Family, timedelta]:
        """Return how often each family may be asked, and remember which there are."""
        self._families = frozenset(families)
        turns = [family for family in self._families if not self._own(family)]
        found = {}
        for family in self._families:
            if self._own(family):
                found[family] = _POLL
            elif turns == [Family.NOAH]:
                found[family] = _NOAH_POLL
            else:
                found[family] = _POLL * len(turns)
        return found

    def _own(self, family: Family) -> bool:
        """Tell whether a family is asked for by an endpoint that is its own."""
        return family is Family.METER or _in_v1(family)

    def _by_v4(self, family: Family) -> bool:
        if not self._own(family):
            return True
        if family is Family.METER or self._families - {family, Family.METER}:
            return False
        left = self._by_v1.get(family, 0)
        self._by_v1[family] = max(left - 1, 0)
        return left == 0

    async def read(self, family: Family, serials: Sequence[str]) -> dict[str, Raw]:
        """Return the newest record of each serial."""
        if not self._by_v4(family):
            return await self._read_v1(family, serials)
        try:
            found = await self._read_v4(family, serials)
        except ApiError as err:
            # That nobody answered, or may not yet, tells nothing of v4.
            if err.code is None or isinstance(err, AuthError | ThrottledError):
                raise
            failed = self._failed[family] = self._failed.get(family, 0) + 1
            if failed >= _DEMOTE_AFTER and _in_v1(family):
                self._failed[family] = 0
                self._by_v1[family] = _PROBE_AFTER
            raise
        self._failed[family] = 0
        return found

    async def _read_v4(self, family: Family, serials: Sequence[str]) -> dict[str, Raw]:
        return await self._client.query_last(family, self._batch(family, serials))

    async def _read_v1(self, family: Family, serials: Sequence[str]) -> dict[str, Raw]:
        if family is Family.METER:
            return await self._read_meters(serials)
        if FACTS[family].many_param is not None:
            return await self._client.last_many(family, self._batch(family, serials))
        found: dict[str, Raw] = {}
        for serial in serials:
            try:
                found[serial] = await self._client.last(family, serial)
            except AuthError, ThrottledError:
                if not found:
                    raise
                break
            except BadDataError, UnsupportedError:
                if len(serials) == 1:
                    raise
        return found

    def _batch(self, family: Family, serials: Sequence[str]) -> Sequence[str]:
        """Return whose turn it is, where there are more than one request may have."""
        if len(serials) <= _BATCH:
            return serials
        first = self._next.get(family, 0) % len(serials)
        self._next[family] = first + _BATCH
        return [*serials[first:], *serials[:first]][:_BATCH]

    async def _read_meters(self, serials: Sequence[str]) -> dict[str, Raw]:
        """Read one meter of several: the endpoint has one turn in 5 minutes."""
        serial = serials[self._next_meter % len(serials)]
        logger, _, address = serial.rpartition("_")
        found = {serial: await self._client.meter_last(logger, address)}
        self._next_meter += 1
        return found
