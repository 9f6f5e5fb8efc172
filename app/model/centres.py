"""Where each municipality lies, for a map: `ontology/middelpunten.ttl`, as places on a sheet.

load_centres(root)["44021"]        # (358.9, 224.2) on a sheet of WIDTH by HEIGHT, from the top left
"""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from pathlib import Path
from types import MappingProxyType

from app.model.graph import IRI, Graph, Literal, parse_graph
from app.model.terms import Namespace

WIDTH, HEIGHT, MARGIN = 1000, 415, 30
_WGS = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")

Place = tuple[float, float]


def load_centres(root: Path) -> Mapping[str, Place]:
    """The place of each municipality on the sheet, by NIS code; the whole of Flanders fills its width."""
    graph = parse_graph((root / "ontology" / "middelpunten.ttl").read_bytes())
    points = {node.value: _point(graph, node) for node in graph.subjects() if isinstance(node, IRI)}
    west, east = min(long for long, _ in points.values()), max(long for long, _ in points.values())
    north = max(lat for _, lat in points.values())
    # At this latitude a degree of longitude is that much shorter: equirectangular, which is exact enough for dots.
    narrowed = cos(radians(51))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * narrowed)
    return MappingProxyType(
        {
            iri.rpartition("/")[2].zfill(5): (
                round(MARGIN + (long - west) * narrowed * scale, 1),
                round(MARGIN + (north - lat) * scale, 1),
            )
            for iri, (long, lat) in points.items()
        }
    )


def _point(graph: Graph, node: IRI) -> Place:
    long, lat = graph.value(node, _WGS.long), graph.value(node, _WGS.lat)
    assert isinstance(long, Literal) and isinstance(lat, Literal), node
    return float(long.value), float(lat.value)
