"""The tables of an integration's actions."""

from collections.abc import Iterator, Mapping
import json
from typing import Any

from .markdown import plain, table

type Tree = Mapping[str, Any]

_NAMES = {
    "boolean": "`true` or `false`",
    "date": "date",
    "datetime": "date and time",
    "duration": "time span",
    "time": "time of day",
}
_SEVERAL = {
    "config_entry": ("id of an entry", "ids of entries"),
    "device": ("device", "one or several devices"),
    "text": ("text", "one or several texts"),
    "object": ("data", "list of rows"),
}
# What a person could not write without having seen it
_SHOWN = {"date", "datetime", "duration", "object", "text", "time"}


def render(domain: str, services: Tree, english: Tree) -> str:
    """Returns a heading, a sentence and a table of fields for each action.

    Raises ValueError for an action or a field that has no text.
    """
    parts = []
    for name in services:
        texts = _text(english.get("services", {}), name, f"{domain}.{name}")
        parts.append(f"### {plain(texts['name'])}")
        parts.append(f"`{domain}.{name}`: {plain(texts['description'])}")
        rows = list(
            _rows(
                f"{domain}.{name}",
                (services[name] or {}).get("fields", {}),
                texts.get("fields", {}),
                english.get("selector", {}),
            )
        )
        if rows:
            head = ("Field", "Key", "Meaning", "Value", "Required")
            parts.append(table(head, rows))
    return "\n\n".join(parts)


def _text(texts: Tree, key: str, what: str) -> Tree:
    text: Tree = texts.get(key, {})
    if not text.get("name") or not text.get("description"):
        raise ValueError(f"{what} has no name, or says nothing of itself")
    return text


def _rows(
    action: str, fields: Tree, texts: Tree, selectors: Tree, above: str = ""
) -> Iterator[list[str]]:
    for key, described in fields.items():
        ((kind, config),) = described["selector"].items()
        config = config or {}
        text = _text(texts, key, f"{action}: {key}")
        yield [
            plain(text["name"]),
            f"{above}`{key}`",
            plain(text["description"]),
            "; ".join(_value(kind, config, described, selectors)),
            "yes" if described.get("required") else "",
        ]
        if inner := config.get("fields"):
            of_rows = selectors[config["translation_key"]]["fields"]
            yield from _rows(action, inner, of_rows, selectors, f"{above}`{key}`: ")


def _value(kind: str, config: Tree, described: Tree, selectors: Tree) -> Iterator[str]:
    """Yields what may be given, what it is if nothing is, and an example."""
    if kind == "number":
        yield _number(config)
    elif kind == "select":
        yield _choice(config, selectors)
    elif kind in _SEVERAL:
        yield _SEVERAL[kind][bool(config.get("multiple"))]
    else:
        yield _NAMES[kind]
    if (default := described.get("default")) is not None:
        yield f"{_code(default)} if left out"
    if kind in _SHOWN and (example := described.get("example")) is not None:
        yield f"e.g. {_code(example)}"


def _number(config: Tree) -> str:
    unit = config.get("unit_of_measurement")
    step = config.get("step", 1)
    ends = [config.get("min"), config.get("max")]
    said = {
        (True, True): "{0} to {1}",
        (True, False): "at least {0}",
        (False, True): "at most {1}",
        (False, False): "number",
    }[ends[0] is not None, ends[1] is not None].format(*ends)
    if unit:
        said += f" {unit}"
    return said if step in {1, "any"} else f"{said} in steps of {step}"


def _choice(config: Tree, selectors: Tree) -> str:
    labels = selectors.get(config.get("translation_key", ""), {}).get("options", {})
    options = ", ".join(_option(str(item), labels) for item in config["options"])
    return f"one or several of {options}" if config.get("multiple") else options


def _option(option: str, labels: Mapping[str, str]) -> str:
    label = labels.get(option, option)
    if label.lower() == option.replace("_", " "):
        return f"`{option}`"
    return f"`{option}` ({plain(label)})"


def _code(value: object) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"
