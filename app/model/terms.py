"""Namespaces of the vocabularies in use; `REGORG.orgStatus` or `SCHEMA["contactPoint"]` is an IRI."""

from app.model.graph import IRI


class Namespace(str):
    """A namespace IRI whose attributes and items are the terms in it."""

    def __getattr__(self, name: str) -> IRI:
        if name.startswith("__"):
            raise AttributeError(name)
        return IRI(self + name)

    def __getitem__(self, name: str) -> IRI:  # type: ignore[override]
        return IRI(self + name)


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCT = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
ORG = Namespace("http://www.w3.org/ns/org#")
REGORG = Namespace("http://www.w3.org/ns/regorg#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
DPV = Namespace("https://w3id.org/dpv#")
PAV = Namespace("http://purl.org/pav/")
PERSON = Namespace("http://www.w3.org/ns/person#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SCHEMA = Namespace("http://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
VOID = Namespace("http://rdfs.org/ns/void#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
M8G = Namespace("http://data.europa.eu/m8g/")
ADRES = Namespace("https://data.vlaanderen.be/ns/adres#")
ORGANISATIE = Namespace("https://data.vlaanderen.be/ns/organisatie#")
GENERIEK = Namespace("https://data.vlaanderen.be/ns/generiek#")
FV = Namespace("https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#")
VER = Namespace("http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/")
ERE = Namespace("http://data.lblod.info/vocabularies/erediensten/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
MANDAAT = Namespace("http://data.vlaanderen.be/ns/mandaat#")
BESLUIT = Namespace("http://data.vlaanderen.be/ns/besluit#")
# Our own terms, as few as possible; `ontology/vocabulary.ttl` defines them and `/ns` serves them.
VL = Namespace("https://w3id.org/verenigingsloket#")
