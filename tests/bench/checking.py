"""Associations checked against their shape a second: the checker of the register beside plain pySHACL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pyshacl
import rdflib

from app.bootstrap.ambient import now
from app.model.graph import from_ntriples
from app.model.schema import load_schema
from app.model.shapes import load_checker
from app.store.log import open_log
from tests.bench.decisions import rdflib_of, timed
from tests.bench.flanders import BASE, Filled
from tests.bench.table import Line
from tests.register.builders import ROOT

MANY, FEW = 500, 40


def lines(filled: Filled) -> Iterator[Line]:
    """pySHACL gets fewer of them, each alone as a register would ask, with its shapes read once."""
    checker = load_checker(load_schema(ROOT, BASE), "vereniging")
    with closing(open_log(f"sqlite:///{filled.data / 'log.sqlite'}", now)) as log:
        versions = log.entities("vereniging", limit=MANY)
    graphs = [(from_ntriples((each.public or b"") + each.internal), each.entity) for each in versions]
    ours = timed(lambda: [checker.check(graph, entity) for graph, entity in graphs])
    shapes = rdflib.Graph().parse(data=checker.shapes.ntriples(), format="nt")
    asked = [rdflib_of(graph.ntriples()) for graph, _ in graphs[:FEW]]
    theirs = timed(lambda: [pyshacl.validate(each, shacl_graph=shapes) for each in asked])
    yield Line("verenigingen nakijken (SHACL)", MANY / ours, "per s", "pySHACL", FEW / theirs)
