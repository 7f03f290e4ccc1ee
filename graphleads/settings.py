"""Settings: what may be set, where each value came from, and the folder that they hold for.

Only the composition root and the faces see them; every algorithm gets its own config. A value comes from the
environment, else from `graphleads.yaml` in the home, else from its default.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from graphleads.bolt import Neo4jConfig
from graphleads.errors import SettingInvalid
from graphleads.graph.config import BuildConfig
from graphleads.identity.match import MatchConfig
from graphleads.recommend.config import RecommendConfig

FILE_NAME = "graphleads.yaml"

VARIABLES = {
    "GRAPHLEADS_TEAM": "team",
    "GRAPHLEADS_LANGUAGE": "language",
    "GRAPHLEADS_DATABASE_URL": "database_url",
    "GRAPHLEADS_STORE": "store",
    "GRAPHLEADS_NEO4J__URI": "neo4j.uri",
    "GRAPHLEADS_NEO4J__USER": "neo4j.user",
    "GRAPHLEADS_NEO4J__DATABASE": "neo4j.database",
    "GRAPHLEADS_NEO4J__PASSWORD_FILE": "neo4j.password_file",
    "GRAPHLEADS_NEO4J__TIMEOUT": "neo4j.timeout",
}
"""Environment variables, and the settings that they set."""

NEO4J_PASSWORD = "GRAPHLEADS_NEO4J__PASSWORD"  # noqa: S105 - the name of a variable
"""The environment variable that holds the password of the Neo4j user; it goes before `neo4j.password_file`."""

_PASSWORD = re.compile(r"(?<=://)([^:/@]*):[^@]*@")


class Settings(BaseModel):
    """What may be set; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: str = Field(
        default="main",
        pattern=r"^\S(.{0,62}\S)?$",
        description="The sales team that customers, claims and exclusions belong to.",
    )
    language: Literal["en", "zh"] = Field(default="en", description="The language of the reasons.")
    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the database; none: `graphleads.db` in the home."
    )
    store: Literal["embedded", "neo4j"] = Field(
        default="embedded",
        description="What answers questions about the graph: the snapshot itself, or the Neo4j that it is loaded into. "
        "The ranking uses the snapshot in any case.",
    )
    neo4j: Neo4jConfig = Field(default_factory=Neo4jConfig, description="The Neo4j server.")
    build: BuildConfig = Field(default_factory=BuildConfig, description="How a snapshot is built.")
    match: MatchConfig = Field(default_factory=MatchConfig, description="How customers are found in the register.")
    recommend: RecommendConfig = Field(default_factory=RecommendConfig, description="How leads are ranked.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective setting: its dotted name, its value, and where that came from (default, the file, a variable)."""

    name: str
    value: object
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings in force, the home that they hold for, and the names that the file or a variable sets.

    The password of the Neo4j user is no setting: only `neo4j_password` hands it out.
    """

    home: Path
    settings: Settings
    origins: Mapping[str, str]
    given_password: SecretStr | None = None

    def neo4j_password(self) -> SecretStr | None:
        """Return the password of the Neo4j user, from the environment or its file; None if neither is set.

        Raises:
            SettingInvalid: If the file cannot be read, or is empty.
        """
        path = self.settings.neo4j.password_file
        if self.given_password is not None or path is None:
            return self.given_password
        try:
            password = Path(path).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise SettingInvalid(
                f"The password file {path} of neo4j.password_file cannot be read: {reason}."
            ) from error
        if not password:
            raise SettingInvalid(f"The password file {path} of neo4j.password_file is empty.")
        return SecretStr(password)

    def effective(self) -> list[Setting]:
        """Return every setting in order, passwords in URLs hidden."""
        return [
            Setting(name=name, value=_without_password(value), origin=self._origin(name))
            for name, value in _flatten(self.settings.model_dump(mode="json"))
        ]

    def _origin(self, name: str) -> str:
        return next((where for start, where in self.origins.items() if f"{name}.".startswith(f"{start}.")), "default")


def find_home(home: str | Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the home: the one given, else GRAPHLEADS_HOME, else `~/.graphleads`.

    Raises:
        SettingInvalid: If something other than a folder is there.
    """
    folder = Path(home or environment.get("GRAPHLEADS_HOME") or Path("~/.graphleads")).expanduser()
    if folder.exists() and not folder.is_dir():
        raise SettingInvalid(f"The home {folder} is no folder: name another one with --home or GRAPHLEADS_HOME.")
    return folder


def load_settings(home: Path, environment: Mapping[str, str] = os.environ) -> Configuration:
    """Return the settings in force for a home.

    Raises:
        SettingInvalid: If the file cannot be read or a value cannot be used; the message names both.
    """
    path = home / FILE_NAME
    given = _read_file(path)
    origins = dict.fromkeys((name for name, _ in _flatten(given)), FILE_NAME)
    for variable, name in VARIABLES.items():
        if environment.get(variable):
            _set(given, name, environment[variable])
            origins[name] = variable
    try:
        settings = Settings.model_validate(_over(Settings().model_dump(), given))
    except ValidationError as error:
        raise SettingInvalid(_sentence(error, origins, path)) from error
    password = environment.get(NEO4J_PASSWORD)
    secret = SecretStr(password) if password else None
    return Configuration(home=home, settings=settings, origins=origins, given_password=secret)


def _set(given: dict[str, Any], name: str, value: str) -> None:
    """Put a value in under its dotted name."""
    *sections, last = name.split(".")
    for section in sections:
        below = given.get(section)
        given[section] = below = dict(below) if isinstance(below, Mapping) else {}
        given = below
    given[last] = value


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


def _over(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Lay what is given over the defaults, so that one weight can be changed without writing out all."""
    merged = dict(defaults)
    for name, value in given.items():
        below = merged.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[name] = _over(merged[name], value) if both else value
    return merged


def _flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _sentence(error: ValidationError, origins: Mapping[str, str], path: Path) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    where = next((origin for start, origin in origins.items() if f"{name}.".startswith(f"{start}.")), FILE_NAME)
    place = str(path) if where == FILE_NAME else where
    if first["type"] == "extra_forbidden":
        return f"{place} sets {name}, which is no setting: `graphleads config show` lists them."
    return f"{place} sets {name} to {_without_password(first['input'])!r}: {first['msg'][0].lower()}{first['msg'][1:]}."


def _without_password(value: object) -> object:
    return _PASSWORD.sub(r"\1:***@", value) if isinstance(value, str) else value
