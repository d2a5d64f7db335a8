"""Forms, and redirects that are answers."""

import aiohttp
import pytest

from core.client.budget import Budget
from core.client.errors import WriteUnknown
from core.client.http import HttpClient, Request, Response
from tests.core.fake_clock import FakeClock

from .server import Server, body_answer

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def send(server: Server, request: Request, *, write: bool = True) -> int:
    """Send a request and return the status that was handed out."""
    clock = FakeClock(auto=True)

    def build() -> Request:
        return request

    def decode(response: Response) -> int:
        return response.status

    async with aiohttp.ClientSession() as session:
        client = HttpClient(
            session, server.url, budget=Budget(clock=clock), clock=clock, redact=str
        )
        return await (client.write if write else client.read)(build, decode)


async def test_a_form_is_encoded() -> None:
    form = {"EM_USOC": "25", "b c": 'ä&=+ ["x"]'}
    async with Server().running() as server:
        await send(server, Request(method="PUT", path="a", form=form))
        (request,) = server.requests
        assert request.content_type == "application/x-www-form-urlencoded"
        assert server.bodies == [
            b"EM_USOC=25&b+c=%C3%A4%26%3D%2B+%5B%22x%22%5D",
        ]
        assert dict(await request.post()) == form


async def test_an_empty_form_is_one() -> None:
    async with Server().running() as server:
        await send(server, Request(method="PUT", path="a", form={}))
        (request,) = server.requests
        assert request.content_type == "application/x-www-form-urlencoded"


async def test_other_content_goes_out_as_it_is() -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    content = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
    async with Server().running() as server:
        await send(
            server,
            Request(method="POST", path="a", content=content, headers=headers),
        )
        (request,) = server.requests
        assert request.headers["Content-Type"] == headers["Content-Type"]
        assert server.bodies == [content]


@pytest.mark.parametrize("write", [True, False])
async def test_a_redirect_can_be_an_answer(write: bool) -> None:
    async with Server().running() as server:
        server.answer = body_answer(b"", 301, Location="/other")
        request = Request(method="GET", path="a", redirects=False)
        assert await send(server, request, write=write) == 301
        assert server.count == 1


async def test_else_a_change_that_is_redirected_is_lost() -> None:
    async with Server().running() as server:
        server.answer = body_answer(b"", 301, Location="/other")
        with pytest.raises(WriteUnknown):
            await send(server, Request(method="PUT", path="a"))
