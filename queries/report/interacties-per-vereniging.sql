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
  vereniging,
  zelf,
  aantal - zelf AS anderen,
  weergaven,
  aantal + weergaven AS interacties
FROM (
  SELECT
    head.entity AS vereniging,
    head.code,
    (
      SELECT COUNT(*) FROM version
      WHERE version.entity = head.entity
        AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
    ) AS aantal,
    (
      SELECT COUNT(*) FROM version
      WHERE version.entity = head.entity AND version.actor = head.entity
        AND substr(version.time, 1, 10) >= :van AND substr(version.time, 1, 10) <= :tot
    ) AS zelf,
    (
      SELECT COALESCE(SUM(usage_count.times), 0) FROM usage_count
      WHERE usage_count.event = 'pagina' AND usage_count.subject = head.entity
        AND usage_count.day >= :van AND usage_count.day <= :tot
    ) AS weergaven
  FROM head
  WHERE head.kind = 'vereniging' AND (head.entity IN :verborgen OR head.is_public
    AND (:gemeente = '' OR head.feeds LIKE '%verenigingen/gemeente/' || :gemeente || '%'))
) AS geteld
ORDER BY interacties DESC, code
LIMIT 500
