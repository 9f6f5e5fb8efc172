"""The preset dictionary of `packing`; what is written with it stays for ever, so never change it: add a second one."""

# zlib finds what stands last fastest, so the most frequent phrases come at the end.
PHRASES_1 = b"\n".join(
    (
        b"<http://schema.org/memberOf> <http://www.w3.org/ns/org#memberOf> <http://www.w3.org/ns/org#hasMembership>",
        b'<http://purl.org/dc/terms/description> "@nl . <http://www.w3.org/2004/02/skos/core#altLabel> "',
        b"<https://data.vlaanderen.be/id/concept/VerenigingsType/ <https://data.vlaanderen.be/id/concept/",
        b"<http://data.vlaanderen.be/ns/besluit# <http://mu.semte.ch/vocabularies/ext/ <http://data.lblod.info/",
        b"<http://vocab.belgif.be/auth/refnis2025/ <https://data.vlaanderen.be/id/adres/",
        b'^^<http://www.w3.org/2001/XMLSchema#boolean> . "true" "false" ^^<http://www.w3.org/2001/XMLSchema#integer> .',
        b"^^<http://www.w3.org/2001/XMLSchema#dateTime> . ^^<http://www.w3.org/2001/XMLSchema#date> .",
        b"<https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#FeitelijkeVereniging> .",
        b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#",
        b'<http://schema.org/contactPoint> <http://schema.org/ContactPoint> <http://schema.org/email> "',
        b'<http://schema.org/telephone> "+32 <http://xmlns.com/foaf/0.1/page> <http://schema.org/url> "https://www.',
        b"<https://data.vlaanderen.be/ns/adres#Adresvoorstelling> <https://data.vlaanderen.be/ns/adres#verwijstNaar>",
        b'<https://data.vlaanderen.be/ns/adres#Straatnaam> <https://data.vlaanderen.be/ns/adres#gemeentenaam> "@nl .',
        b'<https://data.vlaanderen.be/ns/adres#land> "Belgi\\u00EB"@nl . <http://www.w3.org/ns/locn#adminUnitL1> "',
        b'<http://www.w3.org/ns/locn#thoroughfare> "straat" . <http://www.w3.org/ns/locn#postName> "',
        b'<https://data.vlaanderen.be/ns/adres#Adresvoorstelling.huisnummer> "',
        b'<http://www.w3.org/ns/locn#postCode> "9 <http://www.w3.org/ns/locn#fullAddress> "',
        b"<http://www.w3.org/ns/locn#address> <http://www.w3.org/ns/locn#Address> .",
        b"<http://www.w3.org/ns/org#hasPrimarySite> <http://www.w3.org/ns/org#hasSite> <http://www.w3.org/ns/org#Site>",
        b"<http://www.w3.org/ns/org#siteAddress> <http://www.w3.org/ns/regorg#orgStatus> <http://www.w3.org/ns/org#",
        b"<http://www.w3.org/ns/regorg#orgActivity> <http://www.w3.org/ns/regorg#RegisteredOrganization>",
        b'<http://www.w3.org/ns/regorg#legalName> "vzw <http://www.w3.org/2004/02/skos/core#prefLabel> "',
        b'<http://www.w3.org/2004/02/skos/core#notation> " <http://purl.org/dc/terms/type> <http://purl.org/dc/terms/',
        b"<https://data.vlaanderen.be/ns/generiek#gestructureerdeIdentificator> <https://data.vlaanderen.be/ns/generiek#",
        b'<https://data.vlaanderen.be/ns/generiek#lokaleIdentificator> "V000',
        b"<http://www.w3.org/ns/adms#identifier> <http://www.w3.org/ns/adms#Identifier> .",
        b"#lidmaatschap- #bankrekening- #vertegenwoordiger- #sleutel-1> #adres-1> #contact-1> #locatie-1>",
        b'<https://w3id.org/verenigingsloket# "@nl .\n> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://',
        b"/id/vereniging/V000",
    )
)
