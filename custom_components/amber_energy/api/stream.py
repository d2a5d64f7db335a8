"""Amber's websocket, an undocumented alpha (reference section 3.7)."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
from yarl import URL

from .._vendor.core.client.decode import mapping
from .._vendor.core.client.errors import NotPermittedError, TransportError
from .._vendor.core.client.websocket import websocket
from .client import DEFAULT_URL, STREAM_URL

_PING = 30.0
# Seconds for connecting and being let in
HANDSHAKE = 15.0
_LARGEST = 1024 * 1024
# Every price brings an update
SILENCE = 360.0


class AmberStream:
    """The running prices of one site as Amber sends them."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        site_id: str,
        *,
        base_url: str = DEFAULT_URL,
        silence: float = SILENCE,
    ) -> None:
        """Keep the settings; nothing is opened. The session is never closed here.

        ``silence`` is how many seconds without an update are too many.
        """
        self._session, self._token, self._site_id = session, token, site_id
        self._url, self._silence = stream_url(base_url), silence

    async def listen(self, push: Callable[[Any], None]) -> None:
        """Hand each list of current prices, as Amber's JSON, to `push`.

        Raises:
            NotPermittedError: The account has no such stream (`stream_refused`).
            TransportError: It ended, was silent, or never came up.
        """
        try:
            async with (
                asyncio.timeout(HANDSHAKE) as patience,
                websocket(
                    self._session,
                    self._url,
                    headers={"Authorization": f"Bearer {self._token}"},
                    heartbeat=_PING,
                    max_msg_size=_LARGEST,
                    timeout=aiohttp.ClientWSTimeout(ws_close=5.0),
                ) as socket,
            ):
                self._wait(patience)
                await socket.send_json(
                    {
                        "service": "live-prices",
                        "action": "subscribe",
                        "data": {"siteId": self._site_id},
                    }
                )
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        if (prices := self._prices(message)) is not None:
                            self._wait(patience)
                            push(prices)
        except aiohttp.WSServerHandshakeError as err:
            # Its message has the address, but no more
            if err.status in {401, 403}:
                raise NotPermittedError(
                    "Amber offers this account no stream",
                    code=str(err.status),
                    reason="stream_refused",
                ) from None
            raise TransportError(f"the stream answered HTTP {err.status}") from None
        except TimeoutError:
            raise TransportError("the stream was silent", reason="timeout") from None
        except (aiohttp.ClientError, OSError) as err:
            raise TransportError(f"no stream ({type(err).__name__})") from None
        raise TransportError("the stream ended", reason="disconnected")

    def _wait(self, patience: asyncio.Timeout) -> None:
        patience.reschedule(asyncio.get_running_loop().time() + self._silence)

    def _prices(self, message: aiohttp.WSMessage) -> Any:
        """Return the prices of an update for our site; `None` for all else."""
        try:
            news = mapping(message.json())
        except ValueError:
            return None
        data = mapping(news.get("data"))
        if news.get("action") != "price-update" or data.get("siteId") not in {
            None,
            self._site_id,
        }:
            return None
        prices = data.get("prices")
        return prices if isinstance(prices, list) else None


def stream_url(base_url: str) -> str:
    """Return the stream's address of an API's: of another server its own origin."""
    if base_url == DEFAULT_URL:
        return STREAM_URL
    url = URL(base_url)
    scheme = "ws" if url.scheme == "http" else "wss"
    return str(url.origin().with_scheme(scheme).with_path("/"))
