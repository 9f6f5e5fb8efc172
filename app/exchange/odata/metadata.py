"""What an OData client reads first: which lists there are, their columns and types, and what can be asked of them.

https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from app.exchange.odata.lists import Column, Table
from app.exchange.register_api.json import Json

NAMESPACE = "Verenigingsloket"
CONTAINER = "Lijsten"
EDMX, EDM = "http://docs.oasis-open.org/odata/ns/edmx", "http://docs.oasis-open.org/odata/ns/edm"
TYPES = {
    "string": "Edm.String",
    "integer": "Edm.Int32",
    "boolean": "Edm.Boolean",
    "date": "Edm.Date",
    "dateTime": "Edm.DateTimeOffset",
}
VOCABULARIES = {
    "Core": ("Org.OData.Core.V1", "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"),
    "Capabilities": (
        "Org.OData.Capabilities.V1",
        "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml",
    ),
}
# What nobody can do here, as a term and a property of it.
CANNOT = (
    ("InsertRestrictions", "Insertable"),
    ("UpdateRestrictions", "Updatable"),
    ("DeleteRestrictions", "Deletable"),
)

register_namespace("edmx", EDMX)


def metadata(tables: Sequence[Table]) -> bytes:
    """The CSDL document."""
    root = Element(f"{{{EDMX}}}Edmx", Version="4.0")
    for alias, (namespace, address) in VOCABULARIES.items():
        reference = SubElement(root, f"{{{EDMX}}}Reference", Uri=address)
        SubElement(reference, f"{{{EDMX}}}Include", Namespace=namespace, Alias=alias)
    schema = SubElement(
        SubElement(root, f"{{{EDMX}}}DataServices"), "Schema", {"xmlns": EDM, "Namespace": NAMESPACE, "Alias": "Self"}
    )
    for table in tables:
        _entity_type(schema, table, tables)
    container = SubElement(schema, "EntityContainer", Name=CONTAINER)
    _annotate(container, "Core.Description", "Lijsten van verenigingen, om te lezen")
    for table in tables:
        _entity_set(container, table, tables)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def service_document(tables: Sequence[Table], address: str) -> Json:
    """The lists by name and address."""
    lists = [{"name": table.name, "title": table.label, "kind": "EntitySet", "url": table.name} for table in tables]
    return {"@odata.context": f"{address}/$metadata", "value": lists}


def others_of(table: Table, tables: Sequence[Table]) -> list[Table]:
    """The lists that one can go to from a row: from an association to all that is about it."""
    return [] if table.path else [other for other in tables if other.path and other.key[0] == table.key[0]]


def _entity_type(schema: Element, table: Table, tables: Sequence[Table]) -> None:
    type = SubElement(schema, "EntityType", Name=table.singular)
    key = SubElement(type, "Key")
    for name in table.key:
        SubElement(key, "PropertyRef", Name=name)
    for column in table.columns:
        _property(type, column, column.name in table.key)
    for other in others_of(table, tables):
        SubElement(type, "NavigationProperty", Name=other.name, Type=f"Collection({NAMESPACE}.{other.singular})")
    if table.help:
        _annotate(type, "Core.Description", table.help)


def _property(type: Element, column: Column, is_key: bool) -> None:
    told = {"Name": column.name, "Type": TYPES[column.type]}
    if is_key:
        told["Nullable"] = "false"
    if column.type == "dateTime":
        told["Precision"] = "6"
    found = SubElement(type, "Property", told)
    _annotate(found, "Core.Description", column.label)
    if column.help:
        _annotate(found, "Core.LongDescription", column.help)


def _entity_set(container: Element, table: Table, tables: Sequence[Table]) -> None:
    others = others_of(table, tables)
    found = SubElement(container, "EntitySet", Name=table.name, EntityType=f"{NAMESPACE}.{table.singular}")
    for other in others:
        SubElement(found, "NavigationPropertyBinding", Path=other.name, Target=other.name)
    _annotate(found, "Core.Description", table.label)
    _restrict(found, "SearchRestrictions", Searchable=not table.path)
    _restrict(found, "ExpandRestrictions", Expandable=bool(others))
    _restrict(found, "CountRestrictions", Countable=True)
    for term, property in CANNOT:
        _restrict(found, term, **{property: False})


def _annotate(target: Element, term: str, text: str) -> None:
    SubElement(target, "Annotation", Term=term, String=text)


def _restrict(target: Element, term: str, **properties: bool) -> None:
    record = SubElement(SubElement(target, "Annotation", Term=f"Capabilities.{term}"), "Record")
    for name, value in properties.items():
        SubElement(record, "PropertyValue", Property=name, Bool=str(value).lower())
