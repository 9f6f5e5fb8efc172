"""How publishers write the names of vocabularies, beside how they are meant: `ontology/lblod/namen.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spellings:
    """The prefixes of the manual for suppliers, and what is written in more than one way."""

    schemes: frozenset[str]
    prefixes: Mapping[str, str]
    starts: Mapping[str, str]
    run_together: Mapping[str, str]
    datatypes: Mapping[str, str]

    def official(self, iri: str) -> str:
        """The IRI as it is written here.

        >>> Spellings(frozenset(), {}, {"https://a.be/ns#": "http://a.be/ns#"}, {}, {}).official("https://a.be/ns#x")
        'http://a.be/ns#x'
        """
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        start = self.starts.get(iri[:end])
        if start:
            return start + iri[end:]
        for found, meant in self.run_together.items():
            _, mark, code = iri.partition(found)
            if mark and code[:1].isalnum() and len(code) == len("8e791b27-7600-4577-b24e-c7c29e0eb773"):
                return meant + code
        if iri.startswith("https://data.lblod.info/id/"):
            return "http" + iri[5:]
        return iri


def load_spellings(root: Path) -> Spellings:
    """Read the table under `root`."""
    read = tomllib.loads((root / "ontology" / "lblod" / "namen.toml").read_text(encoding="utf-8"))
    return Spellings(
        frozenset(read["schemas"]), read["voorvoegsels"], read["spellingen"], read["aaneen"], read["datatypes"]
    )
