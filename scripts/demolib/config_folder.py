"""Home Assistant's configuration folder, ready for a first start without questions."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
import json
import re
import secrets
from typing import Any
import uuid

import bcrypt
import jwt

from .folder import HOST, ROOT, Demo

USER = "demo"
PASSWORD = "demo"

CONFIGURATION = """\
homeassistant:
  name: Demo house
  time_zone: {zone}
  latitude: {latitude}
  longitude: {longitude}
  elevation: 40
  unit_system: metric
  country: AU
  currency: AUD
  language: en
frontend:
config:
history:
logbook:
energy:
automation: !include automations.yaml
logger:
  default: warning
  logs: # this machine may have neither libturbojpeg nor ffmpeg, which nothing here needs
    homeassistant.components.camera.img_util: critical
    haffmpeg.core: critical
    haffmpeg.tools: critical
"""


def write_storage(demo: Demo, key: str, version: tuple[int, int], data: Any) -> None:
    """Writes a file that Home Assistant reads at its start."""
    storage = demo.config / ".storage"
    storage.mkdir(parents=True, exist_ok=True)
    path = storage / key
    path.touch(mode=0o600)
    path.write_text(
        json.dumps(
            {
                "version": version[0],
                "minor_version": version[1],
                "key": key,
                "data": data,
            },
            indent=2,
        ),
        encoding="utf-8",
    )


def write_address(demo: Demo) -> None:
    """Makes Home Assistant listen on the demo's port of this machine.

    In configuration.yaml the address would only be a trial: a dialog asks for its
    confirmation and five minutes later Home Assistant goes back to its own port.
    """
    stable = {
        "server_host": [HOST],
        "server_port": demo.port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    write_storage(
        demo,
        "http",
        (2, 2),
        {"stable": stable, "pending": None, "yaml_migration_done": True},
    )


def write_user(demo: Demo) -> str:
    """Creates the user and returns a token for the API, valid for ten years."""
    user, token, key = uuid.uuid4().hex, uuid.uuid4().hex, secrets.token_hex(64)
    now = datetime.now(UTC)
    valid_for = timedelta(days=3650)
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4))
    write_storage(
        demo,
        "auth_provider.homeassistant",
        (1, 1),
        {"users": [{"username": USER, "password": base64.b64encode(hashed).decode()}]},
    )
    credential = {
        "id": uuid.uuid4().hex,
        "user_id": user,
        "auth_provider_type": "homeassistant",
        "auth_provider_id": None,
        "data": {"username": USER},
    }
    refresh_token = {
        "id": token,
        "user_id": user,
        "client_id": None,
        "client_name": "Demo script",
        "client_icon": None,
        "token_type": "long_lived_access_token",
        "created_at": now.isoformat(),
        "access_token_expiration": valid_for.total_seconds(),
        "token": secrets.token_hex(64),
        "jwt_key": key,
        "last_used_at": None,
        "last_used_ip": None,
        "expire_at": None,
        "credential_id": None,
        "version": None,
    }
    groups = {
        "system-admin": "Administrators",
        "system-users": "Users",
        "system-read-only": "Read Only",
    }
    write_storage(
        demo,
        "auth",
        (1, 1),
        {
            "users": [
                {
                    "id": user,
                    "group_ids": ["system-admin"],
                    "is_owner": True,
                    "is_active": True,
                    "name": "Demo",
                    "system_generated": False,
                    "local_only": True,
                }
            ],
            "groups": [{"id": key, "name": name} for key, name in groups.items()],
            "credentials": [credential],
            "refresh_tokens": [refresh_token],
        },
    )
    return jwt.encode(
        {"iss": token, "iat": now, "exp": now + valid_for}, key, algorithm="HS256"
    )


def link_integrations(demo: Demo) -> None:
    """Makes the integrations of this repository those of the demo."""
    link = demo.config / "custom_components"
    if not link.is_symlink():
        link.symlink_to(ROOT / "custom_components", target_is_directory=True)


def prepare(demo: Demo, *, link: bool = True) -> None:
    """Writes what is missing in the folder; data of earlier starts stay.

    Without links to the integrations they have to be installed.
    """
    demo.config.mkdir(parents=True, exist_ok=True)
    if link:
        link_integrations(demo)
    write_address(demo)
    if not demo.is_new:
        return
    # somewhere in the demo's zone, so that sunrise fits the clock
    longitude = (
        15 * (demo.local_time().utcoffset() or timedelta()).total_seconds() / 3600
    )
    (demo.config / "configuration.yaml").write_text(
        CONFIGURATION.format(
            zone=demo.zone, latitude=50.0, longitude=(longitude + 180) % 360 - 180
        ),
        encoding="utf-8",
    )
    (demo.config / "automations.yaml").write_text("[]\n", encoding="utf-8")
    write_storage(
        demo,
        "onboarding",
        (4, 1),
        {"done": ["user", "core_config", "analytics", "integration"]},
    )
    demo.token = write_user(demo)


def move_simulators(demo: Demo, port: int, count: int) -> None:
    """Points the integrations to the ports that the simulators have this time."""
    first, demo.simulator_port = demo.simulator_port, port
    entries = demo.config / ".storage" / "core.config_entries"
    if entries.exists() and first != port:
        # at once, for an old port may be the new one of another vendor
        moves = {first + place: port + place for place in range(count)}
        content = json.loads(entries.read_text(encoding="utf-8"))
        entries.write_text(
            json.dumps(moved(content, moves), indent=2), encoding="utf-8"
        )


def moved(stored: Any, moves: Mapping[int, int]) -> Any:
    """Returns what Home Assistant has stored, with other ports of this machine.

    They stand in addresses, and beside a host.
    """
    if isinstance(stored, str):
        return re.sub(
            rf"(?<=//{re.escape(HOST)}:)\d+",
            lambda port: str(moves.get(int(port[0]), port[0])),
            stored,
        )
    if isinstance(stored, list):
        return [moved(value, moves) for value in stored]
    if not isinstance(stored, dict):
        return stored
    changed = {key: moved(value, moves) for key, value in stored.items()}
    if changed.get("host") == HOST and changed.get("port") in moves:
        changed["port"] = moves[changed["port"]]
    return changed
