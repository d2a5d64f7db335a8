"""Vendors that do not exist, in a custom_components of a test's own."""

import json
from pathlib import Path
import shutil
from typing import Any

from custom_components.all_energy.folders import STAMP, stamp
from custom_components.all_energy.installer import Installer

SOLAR, TARIFF, CAR = "made_solar", "made_tariff", "made_up_car"
NAMES = {SOLAR: "Made Solar", TARIFF: "Made Tariff", CAR: "Made-up Car"}

_INIT = """\
async def async_setup_entry(hass, entry):
    hass.data["{domain}"] = "{version}"
    return True

async def async_unload_entry(hass, entry):
    return True
"""
_FLOW = """\
from homeassistant.config_entries import ConfigFlow
{head}
class Flow(ConfigFlow, domain="{domain}"):
    async def async_step_user(self, user_input=None):
        {step}
"""
FORM = """\
if user_input is not None:
            return self.async_create_entry(title="At home", data={})
        return self.async_show_form(step_id="user")"""
MENU = "return self.async_show_menu(step_id='user', menu_options=['user'])"
EXTERNAL = "return self.async_external_step(step_id='user', url='/api/made')"
ABORT = "return self.async_abort(reason='missing_credentials')"
CREATE = "return self.async_create_entry(title='At home', data={})"
DEFECT = "raise ValueError('a defect of the vendor')"


class Bundle:
    """The folder custom_components with the hub's, whose payload changes at will."""

    def __init__(self, folder: Path) -> None:
        self.components = folder / "custom_components"
        self.hub = self.components / "all_energy"
        self.payload = self.hub / "integrations"
        self.payload.mkdir(parents=True)

    @property
    def installer(self) -> Installer:
        return Installer(self.components, self.payload)

    def carry(
        self,
        domain: str,
        *,
        version: str = "1.0.0",
        step: str = FORM,
        head: str = "",
        more: dict[str, str] | None = None,
    ) -> None:
        """Have a version of a vendor in the payload."""
        folder = self.payload / domain
        if folder.exists():
            shutil.rmtree(folder)
        name = NAMES[domain]
        files = {
            "manifest.json": json.dumps(
                {
                    "domain": domain,
                    "name": name,
                    "codeowners": [],
                    "config_flow": True,
                    "documentation": "https://example.com",
                    "integration_type": "hub",
                    "iot_class": "calculated",
                    "version": version,
                }
            ),
            "__init__.py": _INIT.format(domain=domain, version=version),
            "config_flow.py": _FLOW.format(domain=domain, step=step, head=head),
            "translations/en.json": json.dumps({"title": f"{name} {version}"}),
            **(more or {}),
        }
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
        self.seal(domain)

    def seal(self, domain: str, **changed: Any) -> None:
        """Stamp what the payload has of a vendor."""
        folder = self.payload / domain
        mark = {**stamp(folder), **changed}
        (folder / STAMP).write_text(json.dumps(mark), "utf-8")

    def damage(self, domain: str) -> None:
        """Have a vendor's payload be incomplete."""
        (self.payload / domain / "config_flow.py").write_text("", "utf-8")

    def install(self, domain: str) -> None:
        """Have the payload's version in place, as from an earlier run."""
        assert self.installer.place(domain)

    def modify(self, domain: str) -> None:
        """Change an installed file by hand."""
        with (self.components / domain / "__init__.py").open("a") as file:
            file.write("# mine\n")

    def put_otherwise(self, domain: str) -> None:
        """Have a vendor in place that somebody copied there."""
        self.install(domain)
        (self.components / domain / STAMP).unlink()

    def version(self, domain: str) -> str | None:
        """Return the version that is installed."""
        path = self.components / domain / "manifest.json"
        if not path.exists():
            return None
        version: str = json.loads(path.read_text("utf-8"))["version"]
        return version
