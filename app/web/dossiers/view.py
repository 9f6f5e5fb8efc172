"""A dossier as its pages show it, to the association and to who handles it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from app.model.codelists import CodeLists
from app.model.fields import Document, EntityType
from app.register.dossiers.own_dossiers import DossierRead, is_late, open_document
from app.register.dossiers.processes import Process, Step
from app.store.documents import StoredDocument, own_documents
from app.web.dossiers.applying import label_of, title_at
from app.web.dossiers.process_picture import in_words, process_picture
from app.web.entity_page import Row, rows_of
from app.web.service import Service

HIDDEN = frozenset({"code", "aanvrager", "versie", "datumLaatsteAanpassing", "hoogsteVolgnummer"})


@dataclass(frozen=True)
class Line:
    """A dossier in a list."""

    code: str
    name: str
    status: str
    tone: str
    step: str
    department: str
    since: str
    due: str
    late: bool
    action: str
    handler: str
    closed: str
    submitted: str


@dataclass(frozen=True)
class Letter:
    """One message, and the documents with it."""

    ours: bool
    time: str
    text: str
    documents: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DossierView:
    """One dossier whole; values of people are in it, so it prints without them."""

    code: str
    version: int
    document: Document = field(repr=False)
    line: Line
    title: str
    association: str
    owner: str
    process: Process
    step: Step | None
    picture: Markup
    words: str
    answers: tuple[Row, ...] = field(repr=False)
    letters: tuple[Letter, ...] = field(repr=False)
    course: tuple[tuple[str, str, str], ...]
    documents: tuple[tuple[str, str, int], ...]


def line_of(dossier: Document, service: Service) -> Line:
    """The dossier in short."""
    lists, today = service.codelists, service.register.today()
    status = lists.concept(dossier["status"], "dossierstatus")
    closed = dossier.get("afgeslotenOp", "")
    return Line(
        code=dossier["code"],
        name=dossier["naam"],
        status=status.label if status else "",
        tone=tone_of(dossier, status.notation if status else "", today),
        step=dossier.get("statusDetail", ""),
        department=dossier.get("dienst", ""),
        since=dossier["statusSinds"],
        due=dossier.get("termijn", ""),
        late=is_late(dossier, today) and not closed,
        action=dossier.get("actie", "") if dossier.get("actieNodig") else "",
        handler=dossier.get("behandelaar", ""),
        closed=closed,
        submitted=dossier["ingediendOp"],
    )


def tone_of(dossier: Document, status: str, today: date) -> str:
    """The colour of its badge."""
    if status in ("Geweigerd", "OnOntvankelijk", "Stopgezet", "Stopzetting"):
        return "bad"
    if dossier.get("actieNodig"):
        return "warn"
    return "good" if dossier.get("afgeslotenOp") or status in ("Goedgekeurd", "KlaarVoorBetaling") else ""


def view_of(read: DossierRead, service: Service) -> DossierView:
    """All that the page of a dossier shows."""
    dossier, lists = read.document, service.codelists
    there = {each.iri: each for each in own_documents(service.log.database, dossier["vereniging"])}
    owner = lists.organisations.get(dossier["bestuur"])
    step = dossier.get("stap", "")
    return DossierView(
        code=dossier["code"],
        version=read.version.number,
        document=dossier,
        line=line_of(dossier, service),
        title=title_at(dossier["product"], service),
        association=_name_of(dossier["vereniging"], service),
        owner=owner.name if owner else "het bestuur",
        process=read.process,
        step=read.process.step(step),
        picture=process_picture(read.process, step),
        words=in_words(read.process, step),
        answers=tuple(_answers(read, service)),
        letters=tuple(_letter(each, there, lists) for each in dossier.get("berichten", ())),
        course=tuple(_course(dossier, lists)),
        documents=tuple(_document(there[iri], lists) for iri in dossier.get("documenten", ()) if iri in there),
    )


def _name_of(iri: str, service: Service) -> str:
    version = service.log.latest(iri)
    if version is None or version.operation == "delete":
        return iri.rpartition("/")[2]
    return str(open_document(version, service.register).get("naam", ""))


def _answers(read: DossierRead, service: Service) -> list[Row]:
    """What was filled in; documents stand apart."""
    type: EntityType | None = read.form
    if type is None:
        return []
    apart = HIDDEN | {each.term for each in type.fields if each.attachment is not None}
    shown = {term: value for term, value in read.application.items() if term not in apart}
    return list(rows_of(service, shown, type))


def _letter(message: Document, there: dict[str, StoredDocument], lists: CodeLists) -> Letter:
    files = tuple((there[iri].code, label_of(there[iri], lists)) for iri in message.get("bijlagen", ()) if iri in there)
    return Letter(not message.get("vanVereniging"), message["op"], message.get("tekst", ""), files)


def _course(dossier: Document, lists: CodeLists) -> list[tuple[str, str, str]]:
    """When it got which status, and what that is called here; the last first."""
    found = []
    for each in reversed(dossier.get("verloop", [])):
        status = lists.concept(each["status"], "dossierstatus")
        found.append((each["sinds"], each.get("detail", ""), status.label if status else ""))
    return found


def _document(document: StoredDocument, lists: CodeLists) -> tuple[str, str, int]:
    return document.code, label_of(document, lists), document.size
