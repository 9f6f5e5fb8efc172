"""The preset dictionary of `packing`; what is packed with it stays for ever, so never change it: add a second one."""

# An association in N-Triples without its values, in the order of the log; in front, concepts that many share.
# zlib reaches what stands last most cheaply, so the main node comes at the end.
PHRASES_1 = b"""\
bc030c29-7f70-5e60-828c-dbc6d7a85535 68023564-66df-5717-beb8-d974fc7da114 1e562652-7c0c-5db6-bfcd-c6d195b9c784
08abc36c-2ac4-5efc-844c-17686bf327c2 7d2f1817-a098-5cdd-aa8b-7393fd71a9fc d211b11d-70c1-5eca-85a8-5c0e101801f4
ca68ba40-03ae-597f-9dc0-40bb407b3f40 bc8bac97-2746-5175-b50a-35bd9b24d2bd 9a2bc306-e338-5ce1-9692-bfdd09139002
b3f49621-2266-5d37-94a3-50de053cce5e 780a9cf8-30b5-5a98-94e6-fb06b77a7eb4 5bad5447-e53b-57b7-89f6-cf755c2d041b
9dc78d31-ffd4-58b2-b856-0e905cce2d70 324b0347-a6f6-563a-9f0c-66c736a20f5c 1015b579-c0ee-5719-8dda-c596c5a19b34
2093ec73-1285-58a9-b21e-ca57a7b67cb3 36b3d6f1-4171-5dd8-a768-0b6eaf917909 b47fd079-d692-5d91-8657-168aab04b498
17eaf356-2ea0-56d8-a934-843dbbd706a6 7a79b270-8ef0-58dc-a536-48201f9880b7 c8a1577c-2211-53d8-937a-604854354bc5
d02c4e12bf88d2fdf5123b07f29c9311 abf4fee82019f88cf122f986830621ab 3d790fd9-bec9-43dd-840c-f835eda6997e
da22fc58-2cde-5326-a07a-b890f761de93 27955b23-50a0-527d-a474-cb929caaae1c a601c493-26f5-5a1e-9016-adb301973a36
5c144a13-a7de-5b92-bd7f-fa74ef3f0a9e 491b5a8d-844c-51af-ae48-2a32fb77f147 f18372a8-f576-4233-b70c-84044f66b2f8
5c9ca00c-48ea-47f4-b5b3-e71ea83cde68 db2c6464-55fa-5ba3-86ce-7edb3ff6707e
> <http://schema.org/dissolutionDate> "
#lidmaatschap-1> <http://www.w3.org/ns/org#organization> <
> <http://www.w3.org/ns/org#hasMembership> <#lidmaatschap-1> .
#lidmaatschap-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/org#Membership> .
#contact-1> <http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/socialMedia> <https://www.facebook.com/
> <http://www.w3.org/ns/org#hasPrimarySite> <#locatie-1> .
> <https://w3id.org/verenigingsloket#verenigingssubtype> <http://data.vlaanderen.be/id/conceptscheme/
> <https://w3id.org/verenigingsloket#kboNummer> "
#adres-1> <https://data.vlaanderen.be/ns/adres#Adresvoorstelling.busnummer> "
#adres-1> <https://data.vlaanderen.be/ns/adres#verwijstNaar> <https://data.vlaanderen.be/id/adres/
> <http://purl.org/pav/lastUpdateOn> "202
> <http://purl.org/pav/version> "
^^<http://www.w3.org/2001/XMLSchema#dateTime> .
^^<http://www.w3.org/2001/XMLSchema#date> .
^^<http://www.w3.org/2001/XMLSchema#integer> .
^^<http://www.w3.org/2001/XMLSchema#boolean> .
#bankrekening-1> <http://purl.org/dc/terms/description> "
#bankrekening-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/BankAccount> .
#vertegenwoordiger-1> <http://schema.org/jobTitle> "
#vertegenwoordiger-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/person#Person> .
#vertegenwoordiger-1> <https://w3id.org/verenigingsloket#isPrimair> "true"
> <http://www.w3.org/ns/org#hasMember> <#vertegenwoordiger-1> .
> <https://w3id.org/verenigingsloket#bankrekening> <#bankrekening-1> .
> <https://w3id.org/verenigingsloket#hoogsteVolgnummer> "
> <https://w3id.org/verenigingsloket#zichtbaarInLoket> "true"
#adres-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/locn#Address> .
#adres-1> <http://www.w3.org/ns/locn#fullAddress> "
#adres-1> <http://www.w3.org/ns/locn#postCode> "
#adres-1> <http://www.w3.org/ns/locn#thoroughfare> "
#adres-1> <https://data.vlaanderen.be/ns/adres#Adresvoorstelling.huisnummer> "
#adres-1> <https://data.vlaanderen.be/ns/adres#gemeentenaam> "
#adres-1> <https://data.vlaanderen.be/ns/adres#land> "Belgi\xc3\xab" .
#contact-1> <http://schema.org/email> "
#contact-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/ContactPoint> .
#contact-1> <https://w3id.org/verenigingsloket#isPrimair> "true"
#contact-1> <http://schema.org/telephone> "+324" .
#contact-1> <https://w3id.org/verenigingsloket#isPrimair> "false"
#contact-1> <http://xmlns.com/foaf/0.1/page> <https://www.> .
#doelgroep-1> <http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/maximumleeftijd> "
#doelgroep-1> <http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/minimumleeftijd> "
#doelgroep-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>\
 <http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/Doelgroep> .
#identificator-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>\
 <https://data.vlaanderen.be/ns/generiek#GestructureerdeIdentificator> .
#identificator-1> <https://data.vlaanderen.be/ns/generiek#lokaleIdentificator> "
#locatie-1> <http://data.lblod.info/vocabularies/erediensten/vestigingstype>\
 <http://lblod.data.gift/concepts/f72b1da1-7a65-5546-bbfd-ad32f1942d69> .
#locatie-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/org#Site> .
#locatie-1> <http://www.w3.org/2004/02/skos/core#prefLabel> "correspondentie" .
#locatie-1> <https://data.vlaanderen.be/ns/organisatie#bestaatUit> <#adres-1> .
#locatie-1> <https://w3id.org/verenigingsloket#isPrimair> "true"
#locatie-1> <http://data.lblod.info/vocabularies/erediensten/vestigingstype>\
 <http://lblod.data.gift/concepts/aaeba47c-13a4-5cae-9bc0-3dd8a20ee9c7> .
#locatie-1> <http://www.w3.org/2004/02/skos/core#prefLabel> "
#locatie-1> <https://w3id.org/verenigingsloket#isPrimair> "false"
#sleutel-1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/adms#Identifier> .
#sleutel-1> <http://www.w3.org/2004/02/skos/core#notation> "KBO nummer" .
#sleutel-1> <https://data.vlaanderen.be/ns/generiek#gestructureerdeIdentificator> <#identificator-1> .
#sleutel-1> <http://www.w3.org/2004/02/skos/core#notation> "vCode" .
> <http://data.lblod.info/vocabularies/FeitelijkeVerenigingen/doelgroep> <#doelgroep-1> .
> <http://purl.org/dc/terms/description> "
> <http://purl.org/dc/terms/identifier> "
> <http://purl.org/dc/terms/spatial> <http://data.vlaanderen.be/id/concept/werkingsgebied/> .
> <http://purl.org/pav/createdOn> "
> <http://schema.org/contactPoint> <#contact-1> .
> <http://schema.org/location> <http://vocab.belgif.be/auth/refnis2025/4> .
> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>\
 <https://data.vlaanderen.be/ns/FeitelijkeVerenigingen#Vereniging> .
> <http://www.w3.org/2004/02/skos/core#altLabel> "
> <http://www.w3.org/2004/02/skos/core#prefLabel> "
> <http://www.w3.org/ns/adms#identifier> <#sleutel-1> .
> <http://www.w3.org/ns/org#classification>\
 <http://data.vlaanderen.be/id/conceptscheme/VerenigingClassificatieCode/f3c67343-57f8-587e-89a8-afea6e202078> .
> <http://www.w3.org/ns/org#hasSite> <#locatie-1> .
> <http://www.w3.org/ns/regorg#orgActivity> <http://data.lblod.info/id/concept/activiteit/> .
> <http://www.w3.org/ns/regorg#orgStatus> <http://lblod.data.gift/concepts/63cc561de9188d64ba5840a42ae8f0d6> .
"""
