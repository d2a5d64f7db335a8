"""Calls with a token that is renewed when it is refused (reference section 2.2)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from .._vendor.core.client.errors import AuthError, NotPermittedError
from .errors import GRANT_DEAD, NO_PERMISSION, NO_RIGHT, TokenRefused
from .frame import READ_DELAYS, Call, Frame


class Flavour(StrEnum):
    """Which of the two APIs an application is made for (section 2.5)."""

    OAUTH = "oauth"
    LOGIN = "login"


class Credentials(Protocol):
    """Where tokens come from."""

    async def token(self) -> str:
        """Return the access token, a new one if the old one has come to its end.

        Raises ``ApiError``; ``AuthError`` if only the user can help.
        """

    async def renew(self, old: str) -> str:
        """Return another token than ``old``, which was refused; raises as ``token``.

        One call renews, however many have seen the refusal.
        """


class Access:
    """Asks the endpoints of one flavour."""

    def __init__(
        self, frame: Frame, credentials: Credentials, flavour: Flavour
    ) -> None:
        """Nothing is sent."""
        self.flavour = flavour
        self._frame = frame
        self._credentials = credentials
        login = flavour is Flavour.LOGIN
        self._prefix = "openapi/" if login else "openapi/platform/"
        self._plants = "getPowerStationList" if login else "queryPowerStationList"
        # A token that the plant list took, and the endpoints that did not
        self._forbidden: tuple[str, set[str]] = "", set()

    async def ask(
        self,
        endpoint: str,
        fields: Mapping[str, Any],
        *,
        write: bool = False,
        delays: Sequence[float] = READ_DELAYS,
    ) -> Any:
        """Return the ``result_data`` of an endpoint.

        Raises:
            AuthError: ``grant_dead``: a new token is refused as well; and what the
                credentials raise.
            NotPermittedError: ``no_permission``: the token is good for the plant list,
                but not for this.
            ApiError: What ``Frame.ask`` raises.
        """

        async def send(token: str) -> Any:
            call = self._call(endpoint, fields, token, write=write, delays=delays)
            return await self._frame.ask(call)

        token = await self._credentials.token()
        try:
            return await send(token)
        except TokenRefused as err:
            # Renewing costs a single-use token: not for what no token may do
            if err.code == NO_RIGHT or self._is_forbidden(endpoint, token):
                await self._raise_if_alive(endpoint, token, err)
        token = await self._credentials.renew(token)
        try:
            return await send(token)
        except TokenRefused as err:
            await self._raise_if_alive(endpoint, token, err)
            raise AuthError(str(err), code=err.code, reason=GRANT_DEAD) from None

    def _call(
        self,
        endpoint: str,
        fields: Mapping[str, Any],
        token: str,
        *,
        write: bool = False,
        delays: Sequence[float] = READ_DELAYS,
    ) -> Call:
        oauth = self.flavour is Flavour.OAUTH
        return Call(
            path=f"{self._prefix}{endpoint}",
            fields=fields,
            bearer=token if oauth else None,
            token=None if oauth else token,
            write=write,
            delays=delays,
        )

    def _is_forbidden(self, endpoint: str, token: str) -> bool:
        """Tell whether a token that was alive was refused there before.

        Where it came to its end since then, the plant list is what notices.
        """
        known, endpoints = self._forbidden
        return known == token and endpoint in endpoints

    async def _raise_if_alive(
        self, endpoint: str, token: str, refused: TokenRefused
    ) -> None:
        """Raise ``NotPermittedError`` if the plant list still takes the token."""
        if endpoint == self._plants:
            return
        if not self._is_forbidden(endpoint, token):
            page = "page" if self.flavour is Flavour.OAUTH else "curPage"
            call = self._call(self._plants, {page: 1, "size": 1}, token)
            try:
                await self._frame.ask(call)
            except TokenRefused:
                return
            if self._forbidden[0] != token:
                self._forbidden = token, set()
            self._forbidden[1].add(endpoint)
        raise NotPermittedError(
            str(refused), code=refused.code, reason=NO_PERMISSION
        ) from None
