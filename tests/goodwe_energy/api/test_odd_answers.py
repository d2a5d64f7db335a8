"""Whatever the vendor answers, the client raises its own errors only."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st

from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.errors import ApiError
from custom_components.goodwe_energy._vendor.core.client.message import (
    Request,
    Response,
)
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.frame import Frame
from custom_components.goodwe_energy.api.regions import Hosts
from custom_components.goodwe_energy.api.session import Session
from custom_components.goodwe_energy.api.settings import Target
from tests.core.fake_clock import START, FakeClock
from tests.odd_json import anything

from .conftest import ACCOUNT, PASSWORD, Notes, ok, session_of

NAMES = (
    "code",
    "data",
    "api",
    "uid",
    "token",
    "region",
    "agreement",
    "translationCode",
    "dataList",
    "total",
    "id",
    "deviceDetailList",
    "statusDetailList",
    "snList",
    "detailMap",
    "sn",
    "preSn",
    "items",
    "functionName",
    "value",
    "functionMenus",
    "chargeLog",
    "children",
    "clientId",
)
named = st.recursive(
    anything,
    lambda inner: (
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
        | st.lists(inner, max_size=2)
    ),
    max_leaves=8,
)
answers = st.one_of(named, st.builds(ok, named))
DAY = date(2026, 9, 1)
TARGET = Target(station="1", sn="SN12345", device_name="Inverter 1")
type Ask = Callable[[], Awaitable[Any]]


class Saying:
    """Answers every request with the same thing, logins with what they want."""

    def __init__(self, answer: Any, status: int, *, logins: bool) -> None:
        """Logins get the answer too if told so."""
        self._answer, self._status, self._logins = answer, status, logins

    async def read(
        self, build: Callable[[], Request], decode: Callable[[Response], Any], **_: Any
    ) -> Any:
        """Answer one request."""
        login = "cross-login" in build().path and not self._logins
        answer = session_of() if login else self._answer
        return decode(
            Response(
                status=200 if login else self._status,
                headers={},
                body=json.dumps(answer).encode(),
                received_at=START,
            )
        )

    write = read


def asks(client: GoodWeClient) -> list[Ask]:
    """Return everything that a client can be asked."""
    return [
        client.stations,
        lambda: client.station_info("1"),
        lambda: client.flow("1"),
        lambda: client.device_status("1"),
        lambda: client.device_page("1"),
        lambda: client.devices_by_type("1", "EV_CHARGER"),
        lambda: client.telemetry("1", "SN12345", "INVERTER"),
        lambda: client.information("1", "SN12345", "INVERTER"),
        lambda: client.related("1", "SN12345"),
        lambda: client.energy("1", ["proGridStats"], "day", DAY, DAY),
        lambda: client.income("1", DAY, DAY),
        lambda: client.power_day("1", DAY, timedelta(0)),
        lambda: client.alarm_counts(["1"]),
        lambda: client.alarms("1"),
        lambda: client.charger("1", "SN12345"),
        lambda: client.charger_session("1", "SN12345"),
        lambda: client.charger_log("1", "SN12345"),
        lambda: client.charger_start("1", "SN12345"),
        lambda: client.work_mode("SN12345"),
        lambda: client.related_sn("SN12345", 1),
        lambda: client.function_menus("SN12345"),
        lambda: client.function_values("SN12345", {"1": "2"}),
        lambda: client.settings("SN12345", ["TOU1"]),
        lambda: client.set_setting(TARGET, "TOU1", {}, {}),
        lambda: client.live_enable("1"),
        client.live_config,
    ]


async def outcome(ask: Ask) -> str:
    """Return a value as JSON, or what an error tells."""
    try:
        return json.dumps(await ask(), default=repr)
    except ApiError as err:
        return str(err)


@settings(max_examples=120, deadline=None)
@given(answers, st.sampled_from([200, 200, 200, 401, 404, 500]), st.booleans())
def test_odd_answers_are_errors_or_values(
    answer: Any, status: int, logins: bool
) -> None:
    clock, redactor = FakeClock(auto=True), Redactor()
    saying: Any = Saying(answer, status, logins=logins)
    frame = Frame(lambda _: saying, clock=clock, redact=redactor.text)
    session = Session(
        frame,
        Hosts(),
        ACCOUNT,
        PASSWORD,
        budget=Budget(clock=clock),
        notes=Notes(),
        redactor=redactor,
    )
    client = GoodWeClient(frame, session, redactor=redactor)

    async def ask_all() -> None:
        for ask in (session.log_in, *asks(client)):
            assert isinstance(await outcome(ask), str)

    asyncio.run(ask_all())
