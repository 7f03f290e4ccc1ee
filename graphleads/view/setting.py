"""The settings' documentation, made from their models: `python -m graphleads.view.setting > docs/settings.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from graphleads.settings import Settings

_HEAD = """# Settings

Settings stand in `graphleads.yaml` in the home. Every one has a default, so the file need not be there, and one that is
there names only what differs. Unknown names and values that cannot be used are refused.
`graphleads config show` prints what is in force, and where each value comes from. This page is made from the settings
themselves by `python -m graphleads.view.setting`, and a test keeps the two equal.

```yaml
team: north
language: zh
recommend:
  proximity:
    walk:
      person_cap: 30
      role:
        secretary: 0
```

Every setting may stand in the environment too: `GRAPHLEADS_` and its name in capitals, with two underscores for each
dot. `GRAPHLEADS_TEAM` sets `team`, `GRAPHLEADS_RECOMMEND__PROXIMITY__WALK__ROLE__SECRETARY` sets
`recommend.proximity.walk.role.secretary`. What is
secret belongs into a file that only the program can read: a variable with `_FILE` behind it names that file
(`GRAPHLEADS_DATABASE_URL_FILE=/run/secrets/database_url`), and `GRAPHLEADS_SECRETS_DIR` names a folder in which each
file is called as the variable of the setting that it holds, in capitals or not (`graphleads_database_url`,
`graphleads_neo4j__password`).

A variable goes before a secret file, that before `graphleads.yaml`, and that before the default. A name with
`GRAPHLEADS_` in front that is no setting is refused, whether it is a variable's or a secret file's. Passwords are never
shown. `GRAPHLEADS_HOME` names the home.

| setting | default | meaning |
|---|---|---|
"""


def settings_markdown() -> str:
    """Return the documentation of every setting as Markdown."""
    return _HEAD + "\n".join(_rows(Settings())) + "\n"


def _rows(model: BaseModel, prefix: str = "") -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _rows(value, f"{prefix}{name}.")
        else:
            yield f"| `{prefix}{name}` | {_default(value)} | {field.description} |"


def _default(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return f"{value}"


if __name__ == "__main__":
    sys.stdout.write(settings_markdown())
