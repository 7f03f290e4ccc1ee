"""Settings: what may be set, where each value came from, and the folder that they hold for.

Only the composition root and the faces see them; every algorithm gets its own config. A value comes from a variable of
the environment, else from a secret file, else from `graphleads.yaml` in the home, else from its default.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_origin

import yaml
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from pydantic_settings.sources import DefaultSettingsSource

from graphleads.errors import SettingInvalid
from graphleads.graph.config import BuildConfig
from graphleads.graph.neo4j.connection import Neo4jConfig
from graphleads.identity.config import MatchConfig
from graphleads.leads.config import RunsConfig
from graphleads.recommend.config import RecommendConfig
from graphleads.remedy import Remedy

FILE_NAME = "graphleads.yaml"

PREFIX, DELIMITER = "GRAPHLEADS_", "__"
"""A variable is the prefix and the setting's name, in capitals, the delimiter between its parts."""

FROM_FILE = "_FILE"
"""What a variable ends in that names a file with the value in it."""

SECRETS = "GRAPHLEADS_SECRETS_DIR"
"""The variable that names a folder of secret files, each called as the variable of the setting that it holds."""

# The last two are what Kubernetes puts into the environment of a service that is called graphleads.
_NO_SETTING = re.compile(r"GRAPHLEADS_(HOME|HASH_KEY|SECRETS_DIR|TEST_\w+|SERVICE_(HOST|PORT)\w*|PORT(_\w+)?)")

NEO4J_PASSWORD = "GRAPHLEADS_NEO4J__PASSWORD"  # noqa: S105 - the name of a variable
"""The variable that holds the password of the Neo4j user; it goes before `neo4j.password_file`."""

_SECRET = "neo4j.password"  # noqa: S105 - the name of a setting
_HIDDEN = "**********"

_PASSWORDS = (
    (re.compile(r"(?<=://)([^:/@]*):.*@"), r"\1:***@"),
    (re.compile(r"(?i)(?<=[?&])(password|passwd|pwd)=[^&]*"), r"\1=***"),
)
"""Passwords in a URL, and what is shown for them."""


_MOVED = {
    "build.walk": "recommend.proximity.walk",
    "recommend.damping": "recommend.proximity.damping",
    "recommend.tolerance": "recommend.proximity.tolerance",
}
"""Settings that stand somewhere else now."""


class Settings(BaseSettings):
    """What may be set; unknown names are refused. `Settings()` are the defaults, whatever the environment says."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=DELIMITER,
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    team: str = Field(
        default="main",
        pattern=r"^\S(.{0,62}\S)?$",
        description="The sales team that customers, claims and exclusions belong to.",
    )
    language: Literal["en", "zh"] = Field(default="en", description="The language of the reasons.")
    database_url: str | None = Field(
        default=None,
        description="Where the database is: `sqlite:///path`, or `postgresql://user@host/database`, which needs the "
        "extra `postgres`; none: `graphleads.db` in the home.",
    )
    store: Literal["embedded", "neo4j"] = Field(
        default="embedded",
        description="What answers questions about the graph: the snapshot itself, or the Neo4j that it is loaded into. "
        "The ranking uses the snapshot in any case.",
    )
    neo4j: Neo4jConfig = Field(default=Neo4jConfig(), description="The Neo4j server.")
    build: BuildConfig = Field(default=BuildConfig(), description="How a snapshot is built.")
    match: MatchConfig = Field(default=MatchConfig(), description="How customers are found in the register.")
    recommend: RecommendConfig = Field(default=RecommendConfig(), description="How leads are ranked.")
    runs: RunsConfig = Field(default=RunsConfig(), description="How rankings that were shown are kept.")

    @classmethod
    def settings_customise_sources(cls, *_: object, **_sources: object) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return no source: what is read is said by `load_settings`."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective setting: its dotted name, its value, and where that came from (default, the file, a variable)."""

    name: str
    value: object
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings in force, the home that they hold for, and where each name stands that something sets."""

    home: Path
    settings: Settings
    origins: Mapping[str, str]

    def neo4j_password(self) -> SecretStr | None:
        """Return the password of the Neo4j user, or what stands in its file; None if neither is set.

        Raises:
            SettingInvalid: If the file cannot be read, or is empty.
        """
        given, path = self.settings.neo4j.password, self.settings.neo4j.password_file
        if given is not None or path is None:
            return given
        password = _read_secret(path, "The password file", "neo4j.password_file")
        if not password:
            raise SettingInvalid(f"The password file {path} of neo4j.password_file is empty.")
        return SecretStr(password)

    def effective(self) -> list[Setting]:
        """Return every setting in order, passwords hidden."""
        return [
            Setting(name=name, value=_without_password(value), origin=self.origins.get(name, "default"))
            for name, value in _flatten(self.settings.model_dump(mode="json"))
        ]


def find_home(home: str | Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the home: the one given, else GRAPHLEADS_HOME, else `~/.graphleads`.

    Raises:
        SettingInvalid: If something other than a folder is there.
    """
    folder = Path(home or environment.get("GRAPHLEADS_HOME") or Path("~/.graphleads")).expanduser()
    if folder.exists() and not folder.is_dir():
        raise SettingInvalid(f"The home {folder} is no folder.", Remedy.NAME_ANOTHER_HOME)
    return folder


class _Layer(NamedTuple):
    """One source of values, and where each name stands that it sets, alone or with all that is below it."""

    source: PydanticBaseSettingsSource
    places: Mapping[str, str]

    def place(self, name: str) -> str:
        """Return where a name stands: the longest of the names that it is, or is below of."""
        while name not in self.places and "." in name:
            name = name.rpartition(".")[0]
        return self.places.get(name, FILE_NAME)


def load_settings(home: Path, environment: Mapping[str, str] = os.environ) -> Configuration:
    """Return the settings in force for a home.

    Raises:
        SettingInvalid: If something cannot be read, is no setting or cannot be used; the message names its place.
    """
    path = home / FILE_NAME
    layers = (_environment_layer(environment), _secret_layer(environment), _file_layer(path))
    origins: dict[str, str] = {}
    try:
        for layer in layers:
            for name, _ in _flatten(layer.source()):
                origins.setdefault(name, layer.place(name))
        sources = (*(layer.source for layer in layers), DefaultSettingsSource(Settings))
        settings = Settings(_build_sources=(sources, {}))
    except ValidationError as error:
        raise SettingInvalid(_sentence(error, origins, path)) from error
    except SettingsError as error:  # pydantic's sentence names the section, never the value
        raise SettingInvalid(f"A section in the environment must be a JSON object: {error}.") from error
    return Configuration(home=home, settings=settings, origins=origins)


def _environment_layer(environment: Mapping[str, str]) -> _Layer:
    values: dict[str, str] = {}
    places: dict[str, str] = {}
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX) and value}
    for variable, value in sorted(given.items(), key=lambda one: one[0].endswith(FROM_FILE)):
        base = variable.removesuffix(FROM_FILE)
        if _NO_SETTING.fullmatch(variable):
            continue
        if _is_setting(_dotted(variable)):
            base, content = variable, value
        elif _is_setting(_dotted(base)):
            content = _read_secret(value, "The file", variable)
        else:
            raise _unknown(variable, _dotted(variable))
        values.setdefault(base, content)
        places.setdefault(_dotted(base), variable)
    return _Layer(_variables(values), places)


def _secret_layer(environment: Mapping[str, str]) -> _Layer:
    """Return what stands in the folder of secret files: those of other programs may stand there too."""
    folder = Path(environment.get(SECRETS) or os.devnull).expanduser()
    if not environment.get(SECRETS):
        return _Layer(_variables({}), {})
    if not folder.is_dir():
        raise SettingInvalid(f"{SECRETS} names {folder}, which is no folder.")
    try:
        found = NestedSecretsSettingsSource.load_secrets(folder.resolve())
    except (OSError, UnicodeDecodeError, SettingsError) as error:
        raise SettingInvalid(f"The secret files in {folder} cannot be read: {_reason(error)}.") from error
    secrets = {name: value for name, value in found.items() if name.upper().startswith(PREFIX)}
    for name in secrets:
        if not _is_setting(_dotted(name)):
            raise _unknown(str(folder / name), _dotted(name))
    return _Layer(_variables(secrets), {_dotted(name): str(folder / name) for name in secrets})


def _file_layer(path: Path) -> _Layer:
    content = _read_file(path)
    names = [name for name, _ in _flatten(content)]
    if any(_is_within(name, _SECRET) for name in names):
        raise SettingInvalid(
            f"{path} sets {_SECRET}, which belongs into {NEO4J_PASSWORD} or a secret file, never here."
        )
    return _Layer(InitSettingsSource(Settings, content), dict.fromkeys(names, FILE_NAME))


def _variables(values: Mapping[str, str]) -> EnvSettingsSource:
    """Return variables as a source: those that are given, not those of the process."""
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in values.items()}
    return source


def _dotted(variable: str) -> str:
    return variable[len(PREFIX) :].lower().replace(DELIMITER, ".")


def _is_setting(name: str) -> bool:
    """Return whether a name is that of a setting, of a section, or of a key in a setting that holds keys."""
    at: Any = Settings
    for part in name.split("."):
        if get_origin(at) is dict:
            return True
        field = getattr(at, "model_fields", {}).get(part)
        if field is None:
            return False
        at = field.annotation
    return True


def _unknown(place: str, name: str) -> SettingInvalid:
    for before, now in _MOVED.items():
        if _is_within(name, before):
            return SettingInvalid(f"{place} sets {name}, which is now {now}{name.removeprefix(before)}: move it there.")
    return SettingInvalid(f"{place} sets {name}, which is no setting.", Remedy.LIST_SETTINGS)


def _read_secret(path: str, what: str, setting: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingInvalid(f"{what} {path} of {setting} cannot be read: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SettingInvalid(f"{path} cannot be read as YAML: {reason}.") from error
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(name, str) for name in content):
        raise SettingInvalid(f"{path} must hold names and values, for example `team: main`.")
    return content


def _flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _sentence(error: ValidationError, origins: Mapping[str, str], path: Path) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    where = next((place for one, place in origins.items() if _is_within(one, name) or _is_within(name, one)), FILE_NAME)
    place = str(path) if where == FILE_NAME else where
    if first["type"] == "extra_forbidden":
        return str(_unknown(place, name))
    value = _HIDDEN if _is_within(name, _SECRET) else _without_password(first["input"])
    return f"{place} sets {name} to {value!r}: {first['msg'][0].lower()}{first['msg'][1:]}."


def _is_within(name: str, section: str) -> bool:
    return f"{name}.".startswith(f"{section}.")


def _without_password(value: object) -> object:
    if isinstance(value, str):
        for pattern, shown in _PASSWORDS:
            value = pattern.sub(shown, value)
    return value
