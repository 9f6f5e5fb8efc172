-- Wijzigingen per bron
--+ uitleg: Wie de gegevens van verenigingen registreerde of wijzigde.
--+ thema: verloop 4
--+ beeld: staven bron aantal
--+ periode: voorbij
--+ kolom bron: tekst Bron
--+ kolom aantal: getal Wijzigingen
--+ param gemeente: nis
--+ param van: date
--+ param tot: date

SELECT
  CASE
    WHEN on_behalf_of <> '' THEN 'Software van leveranciers'
    WHEN actor LIKE '%/id/vereniging/%' THEN 'De vereniging zelf'
    WHEN actor LIKE 'http://data.lblod.info/id/bestuurseenheden/%' THEN 'Gemeenten'
    WHEN actor LIKE '%/id/organisatie/kbo' THEN 'KBO'
    WHEN actor LIKE '%/id/organisatie/OVO002949' THEN 'Vlaamse overheid'
    WHEN actor LIKE '%/id/organisatie/%' THEN 'Federaties'
    ELSE 'Het systeem'
  END AS bron,
  COUNT(*) AS aantal
FROM (
  SELECT version.sequence, version.actor, version.on_behalf_of
  FROM feed
  JOIN member ON member.feed = feed.id
  JOIN version ON version.sequence = member.sequence
  WHERE feed.name = 'verenigingen' || CASE WHEN :gemeente = '' THEN '' ELSE '/gemeente/' || :gemeente END
    AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
  UNION
  SELECT version.sequence, version.actor, version.on_behalf_of
  FROM version
  WHERE version.entity IN :verborgen AND version.public IS NULL
    AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
) AS gebeurd
GROUP BY 1
ORDER BY aantal DESC, bron
