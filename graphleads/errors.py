"""What can go wrong, as one tree.

::

    GraphLeadsError
    ├── InputError                 something that was handed in
    │   ├── FileUnreadable         missing, a directory, empty, truncated, of an unknown encoding
    │   ├── FormatMismatch         another format than the reader's: HTML, a spreadsheet, an archive
    │   ├── FormatChanged          a required column is missing or was renamed
    │   ├── MappingInvalid         a mapping file that cannot be used, with the line
    │   ├── StatusUnsaid           nothing says how new customers stand, or several columns do
    │   ├── SettingInvalid         a setting that cannot be used, with its name
    │   └── ValueInvalid           an argument that cannot be used: an id, a date, a status
    ├── NotFound
    │   ├── EntityNotFound         no company or person with that id
    │   ├── CustomerNotFound
    │   ├── ImportNotFound
    │   ├── ReaderNotFound
    │   ├── RunNotFound
    │   └── SnapshotNotFound
    ├── Conflict
    │   ├── DeliveryConflict       another full delivery of the same day
    │   ├── ImportUndone           the import was taken back before
    │   ├── LeadConflict           the company is claimed by somebody else
    │   └── MatchUndecided         it is not sure which company a customer is
    ├── StepMissing                a step of the main job has not been run yet
    ├── BuildRefused               a check before the switch failed; the old snapshot stays
    ├── SnapshotDamaged            a file of a snapshot does not match its checksum
    ├── DiskFull                   there is no room for what was to be written
    ├── DatabaseUnavailable        the database's server does not answer, or has no room for another connection
    ├── VersionUnsupported         tables, a snapshot, a database or a server of another version
    ├── ExtraMissing               a package that an extra of graphleads brings is not installed
    └── Neo4jError
        ├── Neo4jUnavailable       no server answers, or not in time
        ├── Neo4jRefused           the server does not let the user in, or not do this
        ├── Neo4jFailed            the server cannot do it: its disk is full, a statement goes wrong
        ├── Neo4jOutOfStep         it does not hold the snapshot that the ranking uses
        └── Neo4jForeign           the database holds somebody else's data

A message gives the value, the place (file, row, column) and the next step, in one sentence a person can act on. What
is wrong and what puts it right are told apart: the next step is a `Remedy` of `graphleads.remedy`, and each face has
its own words for it.
"""

from __future__ import annotations

import re
from functools import partial

from graphleads.remedy import Remedy, advise

Value = str | int | float | tuple[str, ...] | None


class GraphLeadsError(Exception):
    """Whatever graphleads raises on purpose; as text, with the next step in the command line's words.

    Args:
        what: What is wrong: a sentence that names no command, option or method.
        remedy: What puts it right, None where the sentence says that itself.
        values: What the sentence and the remedy are about, by name.

    Attributes:
        what: As above.
        remedy: As above.
        values: As above.
    """

    def __init__(self, what: str, remedy: Remedy | None = None, /, **values: Value) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy
        self.values = values
        if remedy is not None:
            self.add_note(f"In Python: {remedy.python.format_map(values)}.")

    def __str__(self) -> str:
        return self.what if self.remedy is None else advise(self.what, self.remedy.command.format_map(self.values))

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), **self.values), (self.what, self.remedy)

    @classmethod
    def code(cls) -> str:
        """Return what faces call this kind of error: `lead-conflict` for `LeadConflict`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()


class InputError(GraphLeadsError):
    """Something that was handed in cannot be used."""


class FileUnreadable(InputError):
    """A file is missing, a directory, empty, truncated or of an unknown encoding."""


class FormatMismatch(InputError):
    """A file has another format than the reader reads."""


class FormatChanged(InputError):
    """A required column is missing or was renamed."""


class MappingInvalid(InputError):
    """A mapping file cannot be used; the message names the line."""


class StatusUnsaid(InputError):
    """A file of customers does not say how those that are new stand, or says it twice and differently."""


class SettingInvalid(InputError):
    """A setting cannot be used; the message names it."""


class ValueInvalid(InputError):
    """An argument cannot be used."""


class NotFound(GraphLeadsError):
    """Something that was asked for is not there."""


class EntityNotFound(NotFound):
    """No company or person has that id."""


class CustomerNotFound(NotFound):
    """No customer has that external id."""


class ImportNotFound(NotFound):
    """No import of customers has that number."""


class ReaderNotFound(NotFound):
    """No reader is registered under that name."""


class RunNotFound(NotFound):
    """No recommendation run has that id."""


class SnapshotNotFound(NotFound):
    """No snapshot has that id, or none was built yet."""


class Conflict(GraphLeadsError):
    """The request is right, but something else is in its way."""


class DeliveryConflict(Conflict):
    """Another full delivery of the same dataset and day is already here."""


class ImportUndone(Conflict):
    """The import was taken back already."""


class LeadConflict(Conflict):
    """The company is claimed by somebody else."""


class MatchUndecided(Conflict):
    """It is not sure which company a customer is."""


class StepMissing(GraphLeadsError):
    """A step of the main job has to be run first."""


class BuildRefused(GraphLeadsError):
    """A check before the switch failed; what was served before still is."""


class SnapshotDamaged(GraphLeadsError):
    """A file of a snapshot does not match its checksum."""


class DiskFull(GraphLeadsError):
    """There is no room for what was to be written; what was there before is unchanged."""


class DatabaseUnavailable(GraphLeadsError):
    """The database's server does not answer just now; what it acknowledged before is there when it does."""


class VersionUnsupported(GraphLeadsError):
    """Tables, a snapshot or a database were written by another version, or a server has one."""


class ExtraMissing(GraphLeadsError):
    """A package that an extra of graphleads brings is not installed."""


class Neo4jError(GraphLeadsError):
    """Something is wrong with a Neo4j server or with what it holds."""


class Neo4jUnavailable(Neo4jError):
    """No server answers, or not in time."""


class Neo4jRefused(Neo4jError):
    """The server does not let the user in, or not do this."""


class Neo4jFailed(Neo4jError):
    """The server cannot do what it was asked."""


class Neo4jOutOfStep(Neo4jError):
    """The database does not hold the snapshot that the ranking uses."""


class Neo4jForeign(Neo4jError):
    """The database holds somebody else's data."""
