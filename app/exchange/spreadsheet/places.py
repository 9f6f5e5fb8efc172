"""Postcode and municipality of a row: one completes the other; what does not fit is for somebody to decide."""

from __future__ import annotations

from app.exchange.spreadsheet.address import street_and_number
from app.exchange.spreadsheet.draft import CellProblem, Document, Draft
from app.model.codelists import CodeLists, Municipality, fold
from app.model.identifiers import validate_postcode
from app.register.derive import BELGIUM

NO_FIT = "Deze postcode en gemeente horen niet bij elkaar."
NO_SUCH_PLACE = "Deze gemeente kennen we niet."
NO_SUCH_POSTCODE = "Deze postcode bestaat niet."
WHICH_POSTCODE = "Vul de postcode in: deze gemeente heeft er meer dan één."


def settle_address(draft: Draft, path: str, address: Document, codelists: CodeLists) -> None:
    """Complete the address in place; note problems and doubts beside the cells that they are about."""
    if "huisnummer" not in address and address.get("straatnaam"):
        for term, text in street_and_number(address["straatnaam"]).items():
            address[term] = text if term == "straatnaam" else address.get(term, text)
            draft.origins.setdefault(path + term, draft.column_of(f"{path}straatnaam"))
    if fold(address.get("land", BELGIUM)) not in ("belgie", "belgium", "belgique", "be", "b"):
        return
    if "postcode" in address:
        try:
            address["postcode"] = validate_postcode(address["postcode"])
        except ValueError as error:
            draft.problems.append(CellProblem(draft.column_of(f"{path}postcode"), str(error)))
            return
    _complete(draft, path, address, codelists)


def _complete(draft: Draft, path: str, address: Document, codelists: CodeLists) -> None:
    postcode, name = address.get("postcode"), address.get("gemeente")
    if postcode and not codelists.by_postcode(postcode):
        draft.doubts.append(CellProblem(draft.column_of(f"{path}postcode"), NO_SUCH_POSTCODE))
    elif postcode and name:
        if codelists.municipality(f"{postcode} {name}") is None:
            message = NO_FIT if codelists.municipality(name) else NO_SUCH_PLACE
            draft.doubts.append(CellProblem(draft.column_of(f"{path}gemeente"), message + _hint(postcode, codelists)))
    elif postcode:
        address["gemeente"] = codelists.by_postcode(postcode)[0].name
        draft.origins[f"{path}gemeente"] = draft.column_of(f"{path}postcode")
    elif name:
        _find_postcode(draft, path, address, codelists)


def _find_postcode(draft: Draft, path: str, address: Document, codelists: CodeLists) -> None:
    column = draft.column_of(f"{path}gemeente")
    found = codelists.municipality(address["gemeente"])
    if found is None:
        suggestions = " of ".join(f"“{name}”" for name in codelists.suggest("gemeente", address["gemeente"], 2))
        hint = f" Bedoelt u {suggestions}?" if suggestions else ""
        draft.doubts.append(CellProblem(column, NO_SUCH_PLACE + hint))
        return
    postcodes = _postcodes_named(address["gemeente"], found, codelists)
    if len(postcodes) == 1:
        address["postcode"] = postcodes[0]
        draft.origins[f"{path}postcode"] = column
    else:
        draft.problems.append(CellProblem(column, WHICH_POSTCODE))


def _postcodes_named(name: str, municipality: Municipality, codelists: CodeLists) -> tuple[str, ...]:
    """The postcodes that the post knows under this name, else all of the municipality."""
    named = tuple(
        code
        for code in municipality.postcodes
        if fold(name) in {fold(postal) for postal in codelists.postal_names(code)}
    )
    return named or municipality.postcodes


def _hint(postcode: str, codelists: CodeLists) -> str:
    names = " of ".join(dict.fromkeys(one.name for one in codelists.by_postcode(postcode)))
    return f" De postcode is van {names}."
