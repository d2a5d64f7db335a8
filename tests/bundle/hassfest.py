"""The structures that Home Assistant's validator asks of an integration's files.

Written down once more, as the validator is no part of what is installed. Each rule
returns what breaks it.
"""

from collections.abc import Mapping
import re
from typing import Any

from homeassistant.helpers.selector import validate_selector
from homeassistant.util.yaml import load_yaml_dict
from probatio import Any as AnyOf, Invalid, Optional, Required, Schema
from probatio.humanize import humanize_error

from ..translation_rules import Texts

_TEXTS = {str: str}
_REGISTERS = re.compile(
    r"hass\.services\.(async_)?register\b"
    r"|async_register_(platform_)?entity_service|async_register_admin_service"
)


def _data_described(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse descriptions of fields that are not there."""
    if extra := set(step.get("data_description", ())) - set(step.get("data", ())):
        raise Invalid(f"data_description without data: {sorted(extra)}")
    return step


def _one_way(issue: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse an issue that is described and mended, or neither."""
    if ("description" in issue) == ("fix_flow" in issue):
        raise Invalid("either description or fix_flow")
    return issue


def _all(inner: dict[Any, Any], check: Any) -> Any:
    """Apply a schema, then a check of the whole."""
    schema = Schema(inner)
    return lambda found: check(schema(found))


_FIELDS = {
    Optional("data"): _TEXTS,
    Optional("data_description"): _TEXTS,
    Optional("description"): str,
}
_STEP = {
    Optional("title"): str,
    **_FIELDS,
    Optional("menu_options"): _TEXTS,
    Optional("menu_option_descriptions"): _TEXTS,
    Optional("submit"): str,
    Optional("sections"): {
        str: _all({**_FIELDS, Optional("name"): str}, _data_described)
    },
}
_FLOW = {
    Required("step"): {str: _all(_STEP, _data_described)},
    Optional("error"): _TEXTS,
    Optional("abort"): _TEXTS,
    Optional("progress"): _TEXTS,
    Optional("create_entry"): _TEXTS,
}
_STATES = {Optional("name"): str, Optional("state"): _TEXTS}
_NAMED = {Required("name"): str, Optional("description"): str}
_DESCRIBED = {Required("name"): str, Required("description"): str}
TRANSLATIONS = Schema(
    {
        Optional("title"): str,
        Required("config"): {**_FLOW, Optional("flow_title"): str},
        Optional("options"): _FLOW,
        Optional("application_credentials"): {Required("description"): str},
        Optional("common"): _TEXTS,
        Optional("device"): {str: {Required("name"): str}},
        Optional("entity"): {
            str: {
                str: {
                    **_STATES,
                    Optional("state_attributes"): {str: _STATES},
                    Optional("unit_of_measurement"): str,
                }
            }
        },
        Optional("exceptions"): {str: {Required("message"): str}},
        Optional("issues"): {
            str: _all(
                {
                    Required("title"): str,
                    Optional("description"): str,
                    Optional("fix_flow"): _FLOW,
                },
                _one_way,
            )
        },
        Optional("selector"): {
            str: {
                Optional("options"): _TEXTS,
                Optional("fields"): {str: _NAMED},
                Optional("unit_of_measurement"): _TEXTS,
            }
        },
        Optional("services"): {
            str: {
                **_DESCRIBED,
                Optional("fields"): {str: {**_DESCRIBED, Optional("example"): str}},
                Optional("sections"): {str: _NAMED},
            }
        },
        Optional("system_health"): {Required("info"): _TEXTS},
    }
)
ICONS = Schema(
    {
        Optional("entity"): {
            str: {
                str: {
                    Required("default"): str,
                    Optional("state"): _TEXTS,
                    Optional("range"): _TEXTS,
                    Optional("state_attributes"): {
                        str: {Required("default"): str, Optional("state"): _TEXTS}
                    },
                }
            }
        },
        Optional("services"): {
            str: {Required("service"): str, Optional("sections"): _TEXTS}
        },
    }
)
_FIELD = {
    Optional("required"): bool,
    Optional("default"): object,
    Optional("example"): object,
    Optional("filter"): dict,
    Required("selector"): validate_selector,
}
_SECTION = {Optional("collapsed"): bool, Required("fields"): {str: _FIELD}}


def _without_devices(target: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse a target that is chosen by its device."""
    if "device" in target:
        raise Invalid("a target must not have a filter for devices")
    validate_selector({"target": dict(target)})
    return target


SERVICES = Schema(
    {
        str: AnyOf(
            None,
            {
                Optional("target"): _without_devices,
                Optional("fields"): {str: AnyOf(_SECTION, _FIELD)},
            },
        )
    }
)


def _faults(schema: Schema, found: dict[str, Any]) -> list[str]:
    try:
        schema(found)
    except Invalid as err:
        return [humanize_error(found, err)]
    return []


def translation_faults(english: dict[str, Any]) -> list[str]:
    """Return texts in places where none are looked for."""
    return _faults(TRANSLATIONS, english)


def icon_faults(icons: dict[str, Any]) -> list[str]:
    """Return icons in places where none are looked for."""
    return _faults(ICONS, icons)


def service_faults(services: dict[str, Any]) -> list[str]:
    """Return what is wrong in the descriptions of actions."""
    return _faults(SERVICES, services)


def registers_services(code: str) -> bool:
    """Whether a module makes actions known."""
    return bool(_REGISTERS.search(code))


def file_faults(texts: Texts) -> list[str]:
    """Return what is wrong in an integration's files, those that it has."""
    faults = translation_faults(texts.english)
    if (texts.folder / "icons.json").exists():
        faults += icon_faults(texts.json("icons.json"))
    services = texts.folder / "services.yaml"
    if services.exists():
        faults += service_faults(load_yaml_dict(str(services)))
    registers = any(
        registers_services(path.read_text("utf-8"))
        for path in texts.folder.rglob("*.py")
    )
    if registers and not services.exists():
        faults.append("actions without services.yaml")
    return faults
