-- Nieuw, gestopt en verdwenen, per maand
--+ uitleg: Wat er in het register gebeurde: verenigingen die erbij kwamen, die stopten, en die niet meer getoond worden (verwijderd, verborgen, verhuisd of een dubbel).
--+ thema: verloop 3
--+ beeld: lijn maand nieuw gestopt verdwenen
--+ periode: voorbij
--+ kolom maand: maand Maand
--+ kolom nieuw: getal Nieuw
--+ kolom gestopt: getal Gestopt
--+ kolom verdwenen: getal Verdwenen
--+ param gemeente: nis
--+ param van: date
--+ param tot: date

SELECT
  maand,
  SUM(CASE WHEN operation = 'create' THEN 1 ELSE 0 END) AS nieuw,
  SUM(CASE WHEN activity LIKE '%#VerenigingGestopt' THEN 1 ELSE 0 END) AS gestopt,
  SUM(CASE WHEN operation = 'delete' THEN 1 ELSE 0 END) AS verdwenen
FROM (
  SELECT substr(version.time, 1, 7) AS maand, member.operation, version.activity
  FROM feed
  JOIN member ON member.feed = feed.id
  JOIN version ON version.sequence = member.sequence
  WHERE feed.name = 'verenigingen' || CASE WHEN :gemeente = '' THEN '' ELSE '/gemeente/' || :gemeente END
    AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
  UNION ALL
  SELECT substr(version.time, 1, 7), version.operation, version.activity
  FROM version
  WHERE version.entity IN :verborgen AND version.public IS NULL
    AND (version.operation = 'create' OR version.activity LIKE '%#VerenigingGestopt')
    AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
) AS gebeurd
GROUP BY maand
ORDER BY maand
