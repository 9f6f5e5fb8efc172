"""The faults of MAGDA in plain words, by their Identificatie; which of them pass by themselves.

>>> words_of("30004"), words_of("12345")
('Deze persoon heeft intussen een ander nummer.', 'MAGDA kan dit niet beantwoorden (code 12345).')
"""

from __future__ import annotations

from collections.abc import Mapping

FAULTS: Mapping[str, str] = {
    "13202": "Van deze persoon heeft MAGDA geen dossier: de persoon is nog niet ingeschreven.",
    "30001": "Het Rijksregister vindt bij dit nummer niemand.",
    "30002": "Dit nummer is geschrapt.",
    "30003": "Dit nummer bestaat niet in het Rijksregister.",
    "30004": "Deze persoon heeft intussen een ander nummer.",
    "40046": "De KBO kent dit nummer niet.",
    "60003": "MAGDA aanvaardt de vorm van dit nummer niet.",
    "60009": "Bij MAGDA deed zich een technisch probleem voor.",
    "60013": "De bron achter MAGDA is nu niet bereikbaar.",
    "99000": "MAGDA kon ons bericht niet lezen.",
    "99001": "Ons bericht was niet volgens het schema van MAGDA.",
    "99986": "MAGDA kent de gevraagde bron nu niet.",
    "99995": "Er komen bij MAGDA te veel vragen tegelijk binnen.",
    "Server": "MAGDA zelf kan nu niet antwoorden.",
    "Client": "MAGDA weigert ons bericht.",
}
# The source is not reachable, not known there now, or there are too many at once: nothing is wrong with the question.
TEMPORARY = frozenset({"60009", "60013", "99986", "99995", "Server"})


def words_of(code: str) -> str:
    """One sentence for a clerk."""
    return FAULTS.get(code, f"MAGDA kan dit niet beantwoorden (code {code}).")
