"""The report of a check as JSON, for the build of a supplier."""

from __future__ import annotations

from typing import Any

from app.exchange.publication.check import Finding, Report
from app.exchange.rdfa.notes import Note


def as_json(report: Report) -> dict[str, Any]:
    """Members in Dutch, as on the page; what is absent is null."""
    return {
        "url": report.url,
        "documenttype": report.profile.key,
        "niveau": report.level,
        "mandatarissenOpgezocht": report.resolved,
        "tripels": report.triples,
        "onderdelen": {tally.part: tally.count for tally in report.tallies},
        "bevindingen": [_finding(finding) for finding in report.findings],
        "lezing": [_note(note) for note in report.notes],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "soort": finding.kind.value,
        "onderdeel": finding.part,
        "eigenschap": finding.property or None,
        "niveau": finding.level,
        "bonus": finding.bonus,
        "boodschap": finding.message,
        "aantal": finding.count,
        "plaatsen": [{"iri": iri, "regel": line} for iri, line in finding.places],
        "voorbeeld": finding.example or None,
    }


def _note(note: Note) -> dict[str, Any]:
    return {
        "soort": note.fault.value,
        "regel": note.line,
        "stond": note.before,
        "gelezenAls": note.after,
        "aantal": note.count,
        "boodschap": note.message,
    }
