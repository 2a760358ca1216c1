"""The manifest of a run as a typed record: what every reader of a run folder relies on. More keys may stand beside these."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, strict=True)]


class ManifestPart(BaseModel):
    """A part of the manifest: later versions add keys, none changes its meaning."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)


class PackUsed(ManifestPart):
    """The rule pack of a run."""

    id: str
    version: str
    digest: Digest


class ReadFile(ManifestPart):
    """A file that was read, by its hash."""

    path: str
    sha256: Digest


class Offered(ManifestPart):
    """What the dataset offered to the rules: columns by table, what no row means, when a source was searched."""

    available: dict[str, list[str]]
    absence: dict[str, Literal["zero", "unknown"]]
    searched_on: dict[str, datetime.date | None]


class Rows(ManifestPart):
    """Rows of one table: read = clean + set aside."""

    read: Count
    clean: Count
    set_aside: Count
    set_aside_by_reason: dict[str, Count]


class RunManifest(ManifestPart):
    """`manifest.json`. `files`: SHA-256 of every other file of the folder, by its path in it."""

    run_id: Annotated[str, Field(pattern=r"^\d{8}T\d{6}Z-[0-9a-f]{8}$")]
    pack: PackUsed
    as_of: datetime.date
    data: list[ReadFile]
    inputs: Offered
    rows: Rows
    tables: dict[str, Rows]
    outcomes: dict[str, Count]
    files: dict[str, Digest]
    result_digest: Digest
    input_digest: Digest
    options: dict[str, Any] = Field(default_factory=dict)
    notices: list[dict[str, Any]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_companies(self) -> RunManifest:
        if "companies" not in self.tables:
            raise ValueError("tables: there are no companies")
        return self
