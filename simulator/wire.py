"""Carries out faults on a request."""

import asyncio
from collections.abc import Awaitable, Callable
import json
import zlib

from aiohttp import web

from .faults import Fault, FaultKind, mutate

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type VendorError = Callable[[int, str | None], web.Response]

SKEW: web.RequestKey[float] = web.RequestKey("skew", float)
CUT: web.RequestKey[bool] = web.RequestKey("cut", bool)

_CHUNK = 64 * 1024
_HTML = (
    "<html><head><title>{status}</title></head><body><center><h1>{status}</h1>"
    "</center><hr><center>nginx</center></body></html>"
)


async def serve(
    request: web.Request,
    handler: Handler,
    faults: list[Fault],
    vendor_error: VendorError,
    stopping: asyncio.Event,
) -> web.StreamResponse:
    """Answer a request with its faults; the first that replaces the handler wins.

    `request[SKEW]` tells the handler how far ahead the server's clock is, in seconds;
    `request[CUT]` is true when no answer arrives.
    """
    for fault in faults:
        if fault.kind is FaultKind.CLOCK_SKEW:
            request[SKEW] = fault.seconds
        elif fault.kind is FaultKind.DELAY:
            await _pause(fault.seconds, stopping)
    for fault in faults:
        replaced = await _instead(request, fault, vendor_error, stopping)
        if replaced is not None:
            return replaced
    response = await handler(request)
    for fault in faults:
        match fault.kind:
            case FaultKind.LOST:
                return cut(request)
            case FaultKind.REPLACE:
                response = web.Response(
                    status=fault.status or 200,
                    text=fault.body,
                    content_type=fault.content_type,
                )
            case FaultKind.MUTATE:
                response = _mutated(response, fault)
            case _:
                pass
    return response


async def _instead(
    request: web.Request,
    fault: Fault,
    vendor_error: VendorError,
    stopping: asyncio.Event,
) -> web.StreamResponse | None:
    match fault.kind:
        case FaultKind.STATUS:
            return _status(fault)
        case FaultKind.HTML:
            status = fault.status or 200
            return web.Response(
                status=status,
                text=_HTML.format(status=status),
                content_type="text/html",
            )
        case FaultKind.DRIP:
            return await _drip(request, fault.seconds, stopping)
        case FaultKind.HUGE:
            return await _huge(request, fault.size, stopping)
        case FaultKind.GZIP_BOMB:
            return web.Response(
                body=_bomb(fault.size),
                headers={
                    "Content-Type": "application/json",
                    "Content-Encoding": "gzip",
                },
            )
        case FaultKind.REDIRECT:
            location = fault.location or str(request.rel_url)
            return web.Response(status=302, headers={"Location": location})
        case FaultKind.RESET:
            return cut(request)
        case FaultKind.VENDOR_ERROR:
            return vendor_error(fault.code, fault.message)
        case _:
            return None


def _status(fault: Fault) -> web.Response:
    status = fault.status or 500
    headers = {}
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return web.Response(
        status=status,
        headers=headers,
        text=_HTML.format(status=status),
        content_type="text/html",
    )


def cut(request: web.Request) -> web.Response:
    """Reset the connection; what it returns goes nowhere."""
    request[CUT] = True
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _pause(seconds: float, stopping: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        pass


async def _drip(
    request: web.Request, seconds: float, stopping: asyncio.Event
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        await response.write(b"{")
        while not stopping.is_set():
            await _pause(seconds, stopping)
            await response.write(b" ")
    except ConnectionError:
        request[CUT] = True
    return response


async def _huge(
    request: web.Request, size: int, stopping: asyncio.Event
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    try:
        await response.write(b'{"filler":"')
        for _ in range(size // _CHUNK):
            if stopping.is_set():
                break
            await response.write(b"x" * _CHUNK)
        await response.write(b'"}')
    except ConnectionError:
        request[CUT] = True
    return response


def _bomb(size: int) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    parts = [squeeze.compress(b'{"filler":"')]
    parts += [squeeze.compress(b"x" * _CHUNK) for _ in range(size // _CHUNK)]
    parts += [squeeze.compress(b'"}'), squeeze.flush()]
    return b"".join(parts)


def _mutated(response: web.StreamResponse, fault: Fault) -> web.StreamResponse:
    if not isinstance(response, web.Response) or response.text is None:
        return response
    document = json.loads(response.text)
    mutate(document, fault.field, fault.value)
    return web.json_response(document, status=response.status)
