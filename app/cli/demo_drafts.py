"""Products that a clerk of Ghent is still writing: one unfinished, one changed, one that waits for its validator."""

from __future__ import annotations

from app.cli.clerk import clerk
from app.model.fields import Document
from app.register.commands import Change, Create
from app.register.handle import handle
from app.register.products.draft_commands import SubmitProduct
from app.register.products.drafts import KIND, draft_of
from app.register.products.own_products import Own, own_products
from app.register.register import Register

TOWN = "Gent"


def write_products(register: Register, validator: str) -> None:
    """`validator` is the account of whoever approves the last one."""
    agent = clerk(TOWN, register)
    first, second = [own for own in own_products(agent, register) if own.document.get("verantwoordelijken")][:2]
    unfinished = {
        "naam": {"nl-be-x-informal": "Buurtfeest: tafels en stoelen lenen"},
        "taalvariant": "nl-be-x-informal",
    }
    handle(Create(KIND, draft_of(unfinished)), agent, register)
    handle(Create(KIND, draft_of(_changed(first), first.version)), agent, register)
    posts = [{**each, **({"account": validator} if each["rol"].endswith("validator") else {})}
             for each in second.document["verantwoordelijken"]]  # fmt: skip
    handle(Change("product", second.code, {"verantwoordelijken": posts}), agent, register)
    [validated] = [own for own in own_products(agent, register) if own.code == second.code]
    code = handle(Create(KIND, draft_of(_changed(validated), validated.version)), agent, register).code
    handle(SubmitProduct(code), agent, register)


def _changed(own: Own) -> Document:
    """The same with a clearer title."""
    titles = {tag: f"{text} (vernieuwd)" for tag, text in own.document["naam"].items()}
    return {**own.document, "naam": titles}
