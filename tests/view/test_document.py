from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from graphleads.model import CustomerStatus
from graphleads.view.document import render_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    day: date
    status: CustomerStatus


def test_everything_that_an_answer_is_made_of_has_a_json_form() -> None:
    answer = {
        "answer": Answer(day=date(2023, 5, 9), status=CustomerStatus.WON),
        "path": Path("a/b"),
        "capital": Decimal("10.50"),
        "codes": {"b", "a"},
        "by_table": MappingProxyType({"companies": 3}),
        "share": np.float64(0.25),
        "unknown": float("nan"),
        "name": "株式会社 \x1b[31m",
    }

    assert json.loads(render_json(answer)) == {
        "answer": {"day": "2023-05-09", "status": "won"},
        "path": "a/b",
        "capital": "10.50",
        "codes": ["a", "b"],
        "by_table": {"companies": 3},
        "share": 0.25,
        "unknown": None,
        "name": "株式会社 \x1b[31m",
    }


def test_control_characters_are_escaped() -> None:
    assert "\x1b" not in render_json({"name": "\x1b[31m"})


def test_what_has_no_json_form_is_a_programming_mistake() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        render_json({"answer": object()})
