"""What people paste from docs/: it is YAML or JSON, and what it calls exists."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from textwrap import dedent
from typing import Any

from homeassistant.helpers import config_validation as cv
import probatio
import pytest
import yaml

from ..translation_rules import ROOT

# In Predbat's way of calling actions, what is no field of the action
PREDBAT = {"service", "repeat"}
INTEGRATIONS = ROOT / "custom_components"
BLUEPRINTS = ROOT / "blueprints"

_BLOCK = re.compile(r"^([ >]*)```(yaml|json)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class _Loader(yaml.SafeLoader):
    """Home Assistant's YAML: its tags are known."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: f"!{suffix}")


def blocks(page: str) -> Iterator[tuple[int, str, str]]:
    """Yields line, language and text of the blocks of a page."""
    for found in _BLOCK.finditer(page):
        yield page.count("\n", 0, found.start()) + 1, found[2], dedent(found[3])


def dicts(data: Any) -> Iterator[dict[str, Any]]:
    """Yields all mappings, at whatever depth."""
    if isinstance(data, dict):
        yield data
    for inner in (
        data.values() if isinstance(data, dict) else data if type(data) is list else ()
    ):
        yield from dicts(inner)


def services(domain: str) -> Mapping[str, Any] | None:
    """Returns the actions of one of our integrations."""
    path = INTEGRATIONS / domain / "services.yaml"
    return yaml.safe_load(path.read_text("utf-8")) if path.exists() else None


def faults(page: str) -> list[str]:
    """Returns what cannot be pasted, with its line."""
    found = []
    for line, language, text in blocks(page):
        try:
            data = json.loads(text) if language == "json" else yaml.load(text, _Loader)
        except (ValueError, yaml.YAMLError) as err:
            found.append(f"{line}: no {language}: {err}")
            continue
        for one in dicts(data):
            found += [f"{line}: {fault}" for fault in called(one)]
            found += [f"{line}: {fault}" for fault in filled_in(one)]
            found += [f"{line}: {fault}" for fault in refused(one)]
        found += [f"{line}: {fault}" for fault in no_templates(data)]
    return found


# What Home Assistant takes in an automation or a script, by its key
SCHEMAS = {
    "triggers": cv.TRIGGER_SCHEMA,
    "conditions": cv.CONDITIONS_SCHEMA,
    "actions": cv.SCRIPT_SCHEMA,
    "sequence": cv.SCRIPT_SCHEMA,
}


def refused(one: dict[str, Any]) -> Iterator[str]:
    """Yields what Home Assistant would not take of a part of an automation."""
    parts = [(schema, one[key]) for key, schema in SCHEMAS.items() if key in one]
    if "action" in one:
        parts.append((cv.SCRIPT_SCHEMA, [one]))
    for schema, part in parts:
        try:
            schema(part)
        except probatio.Invalid as err:
            yield f"Home Assistant refuses it: {err}"


def no_templates(data: Any) -> Iterator[str]:
    """Yields the templates that Home Assistant could not read."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from no_templates(item)
    elif isinstance(data, str) and ("{{" in data or "{%" in data):
        try:
            cv.template(data)
        except probatio.Invalid as err:
            yield f"no template: {err}"


def called(one: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with an action of ours that a mapping calls."""
    name = one.get("action", one.get("service"))
    if not isinstance(name, str):
        return
    domain, _, action = name.partition(".")
    if (known := services(domain)) is None:
        if domain.endswith("_energy"):
            yield f"{name}: no integration of ours"
        return
    if action not in known:
        yield f"{name}: no such action"
        return
    fields = (known[action] or {}).get("fields", {})
    given = (
        {**one.get("data", {}), **one.get("target", {})}
        if "action" in one
        else {key: value for key, value in one.items() if key not in PREDBAT}
    )
    for key in given.keys() - fields.keys():
        yield f"{name}: no field {key}"
    for key, field in fields.items():
        if key in given:
            yield from (f"{name}: {key}: {fault}" for fault in value(field, given[key]))
        elif field.get("required"):
            yield f"{name}: {key} is missing"
    if {"duration", "until"} <= given.keys():
        yield f"{name}: duration and until"


def value(field: Mapping[str, Any], given: Any) -> Iterator[str]:
    """Yields what is wrong with the value of a field, unless it is a template."""
    ((kind, config),) = field["selector"].items()
    config = config or {}
    if isinstance(given, str) and "{" in given:
        return
    match kind:
        case "select":
            options = [
                one["value"] if isinstance(one, dict) else one
                for one in config["options"]
            ]
            wrong = set(given if isinstance(given, list) else [given]) - set(options)
            yield from (f"no option {one}" for one in sorted(wrong, key=str))
        case "number":
            if not isinstance(given, int | float) or not (
                config.get("min", given) <= given <= config.get("max", given)
            ):
                yield f"{given} is out of range"
        case "object" if "fields" in config:
            for row in given:
                yield from (
                    f"no field {key}" for key in row.keys() - config["fields"].keys()
                )
                for key in row.keys() & config["fields"].keys():
                    yield from value(config["fields"][key], row[key])


def filled_in(one: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with a blueprint of ours that a mapping fills in."""
    used = one.get("use_blueprint")
    if not used:
        return
    name = Path(used["path"]).name
    if not (paths := list(BLUEPRINTS.rglob(name))):
        yield f"{name}: no such blueprint"
        return
    blueprint = yaml.load(paths[0].read_text("utf-8"), _Loader)["blueprint"]
    inputs: dict[str, Any] = {}
    for key, described in blueprint["input"].items():
        inputs |= described.get("input", {key: described})
    for key in used["input"].keys() - inputs.keys():
        yield f"{name}: no input {key}"
    for key, described in inputs.items():
        if key not in used["input"] and "default" not in described:
            yield f"{name}: {key} is missing"


PAGES = {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("docs/*.md"))}


# Home Assistant's schemas and templates need one that runs
@pytest.mark.usefixtures("hass")
@pytest.mark.parametrize("name", PAGES)
async def test_can_be_pasted(name: str) -> None:
    page = PAGES[name]
    assert faults(page) == []
    # None of them was overlooked
    assert page.count("```yaml") + page.count("```json") == len(list(blocks(page)))


HOLD = "action: sonnen_energy.hold\ndata:"
SCHEDULE = "action: alphaess_energy.set_schedule\ndata:"
SERVICE = "service: sonnen_energy.force_charge"


@pytest.mark.usefixtures("hass")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: [b", "no yaml"),
        ("- action: sonnen_energy.hold_on", "sonnen_energy.hold_on: no such action"),
        ("- action: sony_energy.hold", "no integration of ours"),
        (f"{HOLD} {{block: both}}", "device_id is missing"),
        (f"{HOLD} {{device_id: X, blok: both}}", "no field blok"),
        (f"{HOLD} {{device_id: X, block: charge}}", "no option charge"),
        (
            f"{HOLD} {{device_id: X, duration: 60, until: '17:00'}}",
            "duration and until",
        ),
        (
            f"charge_start_service: {{{SERVICE}, device_id: X, soc: '{{soc}}'}}",
            "no field soc",
        ),
        (
            "action: sonnen_energy.set_reserve\ndata: {device_id: X, soc: 101}",
            "101 is out of range",
        ),
        (
            f"{SCHEDULE} {{device_id: X, rows: [{{start: '1:00', stop: '2:00'}}]}}",
            "no field stop",
        ),
        ("use_blueprint: {path: a/b.yaml, input: {}}", "b.yaml: no such blueprint"),
        (
            "use_blueprint: {path: a/evcc_hold.yaml, input: {mode: select.a}}",
            "evcc_hold.yaml: no input mode",
        ),
        (
            "use_blueprint: {path: a/evcc_hold.yaml, input: {}}",
            "evcc_hold.yaml: battery_mode is missing",
        ),
        (
            "triggers: [{trigger: numeric_state, below: 1}]\nactions: [{acton: a.b}]",
            "Home Assistant refuses it",
        ),
        ("conditions: [{condition: states}, 3]", "Home Assistant refuses it"),
        ("template:\n  - state: \"{{ states('sensor.a') | flot }}\"", "no template"),
        ('payload: "{% if %}"', "no template"),
    ],
)
async def test_faults_are_told(text: str, fault: str) -> None:
    assert any(fault in one for one in faults(f"Text\n\n```yaml\n{text}\n```\n"))


def test_json_is_read() -> None:
    assert faults('```json\n{"a": 1,}\n```\n')[0].startswith("1: no json")


def test_what_is_not_ours_is_left_alone() -> None:
    page = "```yaml\naction: number.set_value\ndata: {anything: 1}\n```\n"
    assert faults(page) == []
