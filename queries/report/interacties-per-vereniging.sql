-- Interacties per vereniging
--+ uitleg: Hoe vaak de gegevens van een vereniging gewijzigd werden (door haarzelf of door anderen) en haar pagina bekeken is.
--+ thema: gebruik 6
--+ beeld: staven vereniging interacties
--+ periode: voorbij
--+ voor: beheer
--+ kolom vereniging: ding Vereniging
--+ kolom zelf: getal Wijzigingen door haarzelf
--+ kolom anderen: getal Wijzigingen door anderen
--+ kolom weergaven: getal Weergaven
--+ kolom interacties: getal Interacties
--+ param gemeente: nis
--+ param van: date
--+ param tot: date

SELECT
  head.entity AS vereniging,
  COALESCE(changes.zelf, 0) AS zelf,
  COALESCE(changes.aantal - changes.zelf, 0) AS anderen,
  COALESCE(pages.weergaven, 0) AS weergaven,
  COALESCE(changes.aantal, 0) + COALESCE(pages.weergaven, 0) AS interacties
FROM head
LEFT JOIN (
  SELECT version.entity, COUNT(*) AS aantal, SUM(CASE WHEN version.actor = version.entity THEN 1 ELSE 0 END) AS zelf
  FROM version
  WHERE version.kind = 'vereniging' AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
  GROUP BY version.entity
) AS changes ON changes.entity = head.entity
LEFT JOIN (
  SELECT subject, SUM(times) AS weergaven
  FROM usage_count
  WHERE event = 'pagina' AND day >= :van AND day <= :tot
  GROUP BY subject
) AS pages ON pages.subject = head.entity
WHERE head.kind = 'vereniging' AND (head.entity IN :verborgen OR head.is_public
  AND (:gemeente = '' OR head.feeds LIKE '%verenigingen/gemeente/' || :gemeente || '%'))
ORDER BY interacties DESC, head.code
LIMIT 500
