"""Whatever the vendor answers, the client raises its own errors only."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.errors import ApiError
from custom_components.sungrow_energy._vendor.core.client.message import (
    Request,
    Response,
)
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.api.client import SungrowClient
from custom_components.sungrow_energy.api.frame import Call, Frame
from custom_components.sungrow_energy.api.history import Period
from custom_components.sungrow_energy.api.login import LoginSession
from custom_components.sungrow_energy.api.oauth import OAuthClient
from tests.core.fake_clock import START, FakeClock
from tests.odd_json import anything

from .conftest import APPLICATION, Notes, Tokens

NAMES = (
    "result_code",
    "result_data",
    "error",
    "code",
    "check_result",
    "dev_result_list",
    "pageList",
    "row_count",
    "data_list",
    "device_point_list",
    "device_point",
    "point_dict",
    "fail_ps_id_list",
    "ps_id",
    "ps_key",
    "task_id",
    "access_token",
    "expires_in",
    "auth_ps_list",
    "login_state",
    "token",
    "remain_times",
    "p83022",
    "time_stamp",
    "1",
)
named = st.recursive(
    anything,
    lambda inner: (
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
        | st.lists(inner, max_size=2)
    ),
    max_leaves=8,
)
answers = st.one_of(
    named,
    st.builds(lambda data: {"result_code": "1", "result_data": data}, named),
    st.builds(
        lambda data, beside: {**beside, "result_code": "1", "result_data": data},
        st.dictionaries(st.sampled_from(NAMES), named, max_size=6),
        st.dictionaries(st.sampled_from(NAMES), named, max_size=3),
    ),
)


class Saying:
    """Answers every request with the same thing."""

    def __init__(self, answer: Any, status: int) -> None:
        self._response = Response(
            status=status,
            headers={},
            body=json.dumps(answer).encode(),
            received_at=START,
        )

    async def read(
        self, build: Callable[[], Request], decode: Callable[[Response], Any], **_: Any
    ) -> Any:
        build()
        return decode(self._response)

    write = read


DAY = datetime(2026, 9, 1)
type Ask = Callable[[], Awaitable[Any]]


def asks(client: SungrowClient) -> list[Ask]:
    """Return everything that a client can be asked."""
    return [
        client.plants,
        lambda: client.plant_details(["1"]),
        lambda: client.devices("1"),
        lambda: client.plant_points(["1"], ["83022"]),
        lambda: client.device_points(14, ["k"], ["13141"]),
        client.faults,
        lambda: client.minute_history(["1"], ["1"], DAY, DAY),
        lambda: client.period_history(["1"], ["1"], DAY, DAY, Period.DAY),
        lambda: client.check_parameters("1", write=True),
        lambda: client.submit_parameters("1", [("10001", "950")], write=True),
        lambda: client.submit_parameters("1", [("10001", "")], write=False),
        lambda: client.task("1", "2"),
        lambda: client.open_points(14),
    ]


async def outcome(ask: Ask) -> str:
    """Return a value as JSON, or what an error tells."""
    try:
        return json.dumps(await ask(), default=repr)
    except ApiError as err:
        return str(err)


@settings(max_examples=150, deadline=None)
@given(answers, st.sampled_from([200, 200, 200, 400, 401, 500]))
def test_odd_answers_are_errors_or_values(answer: Any, status: int) -> None:
    clock = FakeClock(auto=True)
    redactor = Redactor()
    saying: Any = Saying(answer, status)
    frame = Frame(saying, APPLICATION, clock=clock, redact=redactor.text)
    oauth = OAuthClient(frame, APPLICATION, redactor=redactor)
    session = LoginSession(
        frame,
        APPLICATION,
        "owner@example.com",
        "password",
        budget=Budget(clock=clock),
        notes=Notes(),
        redactor=redactor,
    )
    clients = [
        SungrowClient(frame, Tokens(), flavour, clock=clock) for flavour in Flavour
    ]

    async def ask_all() -> None:
        for ask in (
            lambda: oauth.exchange("k7Qm2X", "https://h/"),
            lambda: oauth.refresh("token"),
            session.log_in,
            *(ask for client in clients for ask in asks(client)),
        ):
            assert "\ud800" not in await outcome(ask)

    asyncio.run(ask_all())


@pytest.mark.parametrize("code", ["失败", "k7Qm2X is used", "x" * 13, {}, [1]])
async def test_what_is_no_code_is_not_told(code: Any) -> None:
    saying: Any = Saying({"result_code": code, "result_msg": "x"}, 200)
    frame = Frame(saying, APPLICATION, clock=FakeClock(), redact=str)
    with pytest.raises(ApiError) as caught:
        await frame.ask(Call(path="openapi/platform/queryPowerStationList"))
    assert caught.value.code in {None, "odd"}
    assert str(caught.value).startswith("iSolarCloud answered ")
    assert str(code) not in str(caught.value)
