"""The company itself as labelled lines: who it is, whose branch, and where its row came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screening.report.figures import DASH, amount, cut, date, whole
from screening.report.page import Line

if TYPE_CHECKING:
    from screening.report.wording import Words
    from screening.result.dossier_records import Company, Dossier

BRANCHES = ("branch", "processing_plant")


def identity(company: Company, words: Words) -> tuple[Line, ...]:
    """Return who it is."""
    place = " ".join(part for part in (company.city, company.district) if part)
    return (
        Line(words("identity.id"), cut(company.company_id, 80), mono=True),
        Line(words("identity.place"), cut(place)),
        Line(words("identity.established"), date(company.established_on)),
        Line(words("identity.status"), cut(company.status_text)),
        Line(words("identity.type"), cut(company.company_type)),
        *_branch(company, words),
        Line(
            words("identity.capital"),
            amount(company.registered_capital, words.lang, company.registered_capital_currency),
        ),
        Line(words("identity.address"), cut(company.address, 120)),
    )


def _branch(company: Company, words: Words) -> tuple[Line, ...]:
    """Say whose branch it is; a company of its own needs no line."""
    if company.entity_kind not in BRANCHES:
        return ()
    kind, parent = words.of("entity_kind", company.entity_kind), company.parent
    value = (
        words("identity.branch", kind=kind)
        if parent is None
        else words(
            "identity.branch_of", kind=kind, name=cut(parent.name, 40), outcome=words.of("outcome", parent.outcome)
        )
    )
    return (Line(words("identity.entity_kind"), value),)


def provenance(dossier: Dossier, words: Words) -> tuple[Line, ...]:
    """Return where the company's row came from and what it was screened with."""
    run, company = dossier.run, dossier.company
    row = (
        words("foot.row", file=cut(company.source_file, 120), row=whole(company.source_row))
        if company.source_file
        else DASH
    )
    return (
        Line(words("foot.source"), row),
        Line(words("run.id"), run.run_id, mono=True),
        Line(words("run.pack"), f"{run.pack_id} {run.pack_version}"),
        Line(words("run.pack_digest"), run.pack_digest or DASH, mono=True),
        Line(words("run.result_digest"), run.result_digest or DASH, mono=True),
        Line(words("run.as_of"), f"{date(run.as_of)} {words.of('as_of_basis', run.as_of_basis)}"),
    )
