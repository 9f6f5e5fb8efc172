"""The work queue as JSON: the same that the pages show."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from app.register.doubles.cases import Case
from app.register.doubles.referrals import Referral
from app.register.doubles.worklist import Worklist
from app.web.associations.compared import compared
from app.web.service import Service

Json = dict[str, Any]


def as_json(body: Json) -> Response:
    """An answer that no store and no proxy keeps."""
    return Response(
        orjson.dumps(body, option=orjson.OPT_INDENT_2), 200, {"cache-control": "no-store"}, "application/json"
    )


def list_json(found: Worklist, service: Service) -> Json:
    """One page of the list, and how much there is."""
    return {
        "totaal": found.total,
        "soorten": found.by_kind,
        "gemeenten": found.by_municipality,
        "vragen": [referral_json(referral, service) for referral in found.referrals],
    }


def referral_json(referral: Referral, service: Service) -> Json:
    """What is asked, and once it is decided, what was decided."""
    body: Json = {
        "id": referral.task.id,
        "adres": f"{service.base}/beheer/werklijst/{referral.task.id}",
        "soort": referral.kind,
        "naam": referral.name,
        "gemeente": referral.municipality,
        "sinds": referral.task.time,
        "kandidaten": [{"vCode": code, "redenen": list(reasons)} for code, reasons in referral.candidates],
        "problemen": [{"pad": problem.path, "melding": problem.message} for problem in referral.problems],
    }
    more = {"vCode": referral.code, "bron": referral.source, "beslist": dict(referral.decided)}
    return {**body, **{name: value for name, value in more.items() if value}}


def case_json(laid: Case, service: Service) -> Json:
    """The question with each candidate beside it: grounds with their points, and the fields that differ."""
    body = referral_json(laid.referral, service)
    if laid.side is None:
        return body
    candidates = []
    for candidate in laid.candidates:
        lines = compared(laid.side.document, candidate.side.document, service)
        candidates.append(
            {
                "vCode": candidate.side.code,
                "naam": candidate.side.name,
                "versie": candidate.side.version,
                "score": round(candidate.match.score, 2),
                "gronden": [{"wat": what, "punten": points} for what, points in candidate.match.grounds],
                "verschillen": [
                    {
                        "veld": line.term,
                        "label": line.label,
                        "ingediend": [value.text for value in line.coming],
                        "bestaand": [value.text for value in line.standing],
                        "keuzes": [word for word, _ in line.choices],
                    }
                    for line in lines
                    if line.differs
                ],
            }
        )
    return {**body, "kandidaten": candidates}
