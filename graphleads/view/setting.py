"""The settings' documentation, made from their models: `python -m graphleads.view.setting > docs/settings.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from graphleads.settings import NEO4J_PASSWORD, VARIABLES, Settings

_HEAD = """# Settings

Settings stand in `graphleads.yaml` in the home. Every one has a default, so the file need not be there, and one that is
there names only what differs. Unknown names and values that cannot be used are refused.
`graphleads config show` prints what is in force, and where each value comes from. This page is made from the settings
themselves by `python -m graphleads.view.setting`, and a test keeps the two equal.

```yaml
team: north
language: zh
build:
  walk:
    person_cap: 30
    role:
      secretary: 0
```

The environment goes before the file: {variables}. `GRAPHLEADS_HOME` names the home. The password of the Neo4j user is
no setting: it stands in `{password}`, or in the file that `neo4j.password_file` names.

| setting | default | meaning |
|---|---|---|
"""


def settings_markdown() -> str:
    """Return the documentation of every setting as Markdown."""
    variables = ", ".join(f"`{variable}` sets `{name}`" for variable, name in VARIABLES.items())
    return _HEAD.format(variables=variables, password=NEO4J_PASSWORD) + "\n".join(_rows(Settings())) + "\n"


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
