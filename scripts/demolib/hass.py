"""What a browser does with Home Assistant, in code: its REST and WebSocket API."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from .folder import Demo, DemoError
from .process import Child
from .vendor import Answers

ENTRY_FLOW = "/api/config/config_entries/flow"
OPTIONS_FLOW = "/api/config/config_entries/options/flow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """An entity of the registry with its present state (None: not in use)."""

    entity_id: str
    platform: str
    unique_id: str
    key: str  # by which its name is translated
    device_id: str | None
    disabled: bool
    name: str
    state: str | None
    attributes: Mapping[str, Any]


class Hass:
    """The API of a running Home Assistant, seen by the demo's user."""

    def __init__(self, demo: Demo) -> None:
        """Prepares a client; use it as an asynchronous context manager."""
        self._demo = demo

    async def __aenter__(self) -> Self:
        """Opens the session."""
        self._session = ClientSession(
            base_url=self._demo.url,
            headers={"Authorization": f"Bearer {self._demo.token}"},
            timeout=ClientTimeout(total=120),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the session."""
        await self._session.close()

    async def get(self, path: str) -> Any:
        """Asks the REST API; DemoError unless it answers with 2xx."""
        return await self._rest("GET", path, None)

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Sends to the REST API; DemoError unless it answers with 2xx."""
        return await self._rest("POST", path, body)

    async def delete(self, path: str) -> Any:
        """Deletes by the REST API; DemoError unless it answers with 2xx."""
        return await self._rest("DELETE", path, None)

    async def _rest(self, method: str, path: str, body: Any) -> Any:
        async with self._session.request(method, path, json=body) as response:
            if not response.ok:
                text = (await response.text())[:500]
                raise DemoError(f"{method} {path}: {response.status} {text}")
            return await response.json()

    async def call(self, kind: str, **fields: Any) -> Any:
        """Sends a WebSocket command and returns its result; DemoError on an error.

        Each has a socket of its own: Home Assistant closes one whose heartbeat nobody
        answers for a minute, and at its own end waits ten seconds for an open one.
        """
        async with self._session.ws_connect("/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json(timeout=60)
            await socket.send_json({"type": "auth", "access_token": self._demo.token})
            answer = await socket.receive_json(timeout=60)
            if answer["type"] != "auth_ok":
                raise DemoError("Home Assistant does not accept the demo's token")
            await socket.send_json({"id": 1, "type": kind, **fields})
            answer = await socket.receive_json(timeout=60)
        if not answer["success"]:
            raise DemoError(f"{kind}: {answer['error']}")
        return answer["result"]

    async def act(self, domain: str, action: str, **data: Any) -> Any:
        """Calls an action and returns its response; DemoError when it fails."""
        answer = await self.post(
            f"/api/services/{domain}/{action}?return_response", data
        )
        return answer["service_response"]

    async def wait_until_running(self, child: Child) -> None:
        """Waits for Home Assistant's start, 120 s at most.

        Raises DemoError when it ends, or comes up in its recovery mode.
        """
        for _ in range(600):
            if child.exit_code is not None:
                raise DemoError(
                    f"Home Assistant ended with exit code {child.exit_code}; "
                    f"its log: {self._demo.config / 'home-assistant.log'}"
                )
            try:
                config = await self.get("/api/config")
            except ClientError, TimeoutError, DemoError:
                config = {}
            if config.get("recovery_mode"):
                raise DemoError("Home Assistant came up in recovery mode")
            if config.get("state") == "RUNNING":
                return
            await asyncio.sleep(0.2)
        raise DemoError("Home Assistant is not running after two minutes")

    async def is_running(self) -> bool:
        """Whether a Home Assistant answers that it has come up."""
        try:
            config = await self.get("/api/config")
        except ClientError, TimeoutError, DemoError:
            return False
        return bool(config["state"] == "RUNNING")

    async def entities(self, *domains: str) -> list[Entity]:
        """Returns the entities that the integrations own, with their states."""
        registry = await self.call("config/entity_registry/list")
        states = {state["entity_id"]: state for state in await self.get("/api/states")}
        found = []
        for entry in registry:
            if entry["platform"] not in domains:
                continue
            state = states.get(entry["entity_id"])
            attributes = state["attributes"] if state else {}
            found.append(
                Entity(
                    entity_id=entry["entity_id"],
                    platform=entry["platform"],
                    unique_id=str(entry["unique_id"]),
                    key=entry["translation_key"] or "",
                    device_id=entry["device_id"],
                    disabled=entry["disabled_by"] is not None,
                    name=attributes.get("friendly_name")
                    or entry["name"]
                    or entry["original_name"]
                    or "",
                    state=state["state"] if state else None,
                    attributes=attributes,
                )
            )
        return sorted(found, key=lambda entity: (entity.platform, entity.entity_id))

    async def state(self, entity_id: str) -> str:
        """Returns an entity's state as text."""
        return str((await self.get(f"/api/states/{entity_id}"))["state"])

    async def attribute(self, entity_id: str, name: str) -> Any:
        """Returns an attribute of an entity, None if it has none of that name."""
        return (await self.get(f"/api/states/{entity_id}"))["attributes"].get(name)

    async def statistics(
        self, ids: list[str], start: datetime, end: datetime
    ) -> dict[str, list[dict[str, Any]]]:
        """Returns hourly statistics by id: start (epoch ms), state (kWh), sum (kWh)."""
        result: dict[str, list[dict[str, Any]]] = await self.call(
            "recorder/statistics_during_period",
            start_time=start.isoformat(),
            end_time=end.isoformat(),
            statistic_ids=ids,
            period="hour",
            types=["state", "sum"],
        )
        return result

    async def create_entry(self, domain: str, answers: Answers) -> Any:
        """Sets an integration up as a user does; DemoError if that does not end well.

        Returns the end of the flow, as do the next two.
        """
        return await self._begin(ENTRY_FLOW, domain, answers)

    async def go_on(self, domain: str, flow_id: str, answers: Answers) -> Any:
        """Ends the set-up of an integration that another one has begun."""
        flow = await self.get(f"{ENTRY_FLOW}/{flow_id}")
        return await self._answer(ENTRY_FLOW, domain, flow, answers)

    async def set_options(self, entry_id: str, answers: Answers) -> Any:
        """Changes the options of an entry as a user does; DemoError as above."""
        return await self._begin(OPTIONS_FLOW, entry_id, answers)

    async def _begin(self, path: str, handler: str, answers: Answers) -> Any:
        flow = await self.post(path, {"handler": handler})
        return await self._answer(path, handler, flow, answers)

    async def _answer(
        self, path: str, handler: str, flow: Any, answers: Answers
    ) -> Any:
        """Answers each step that comes, by its name, until an entry is made."""
        seen = set()
        while flow["type"] in {"form", "menu"}:
            step = flow["step_id"]
            if flow.get("errors") or step in seen or step not in answers:
                raise DemoError(f"{handler} stops at {step!r}: {flow.get('errors')}")
            seen.add(step)
            answer = answers[step]
            if not isinstance(answer, Mapping):
                answer = await answer(flow["description_placeholders"] or {})
            flow = await self.post(f"{path}/{flow['flow_id']}", answer)
        if flow["type"] != "create_entry":
            raise DemoError(f"{handler} ends with {flow['type']} {flow.get('reason')}")
        return flow
