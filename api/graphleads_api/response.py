"""What the server alone answers, for the documentation: its health and its problems.

Every other answer has its shape from `graphleads.view.shape`, is made in it, and is not checked again on its way; the
tests hold every answer of every operation against it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Health(_Answer):
    """The process is alive."""

    status: Literal["ok"]
    version: str


class Ready(_Answer):
    """A snapshot is served."""

    status: Literal["ready"]
    snapshot: str
    warning: str | None


class Version(_Answer):
    """Which version answers."""

    version: str
    api: Literal["v0"]


class ProblemError(_Answer):
    """One thing that is wrong with a request."""

    at: str
    message: str


class Problem(_Answer):
    """An error, as RFC 9457 says them."""

    type: str = Field(description="The kind of error: a part of the documentation, or about:blank.")
    title: str
    status: int
    detail: str = Field(description="What is wrong and what to do next, in one sentence.")
    code: str | None = Field(None, description="The kind of error, for machines.")
    next_step: str | None = Field(None, description="What puts it right, for machines; null where nothing is known.")
    values: dict[str, str | int | float | list[str] | None] | None = Field(
        None, description="What the error is about, by name; `candidates` are what may be meant."
    )
    errors: list[ProblemError] | None = Field(None, description="Each thing that is wrong with the request.")
