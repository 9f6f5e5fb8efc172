-- Gebruik per maand
--+ uitleg: Weergaven van pagina's van producten, verenigingen en besluiten; bezoekers tellen per pagina en per dag opnieuw.
--+ thema: gebruik 2
--+ beeld: lijn maand weergaven bezoekers
--+ periode: voorbij
--+ kolom maand: maand Maand
--+ kolom weergaven: getal Weergaven
--+ kolom bezoekers: getal Bezoekers
--+ kolom zoekopdrachten: getal Zoekopdrachten
--+ privacy: personen
--+ param van: date
--+ param tot: date

SELECT
  substr(day, 1, 7) AS maand,
  CAST(SUM(CASE WHEN event = 'pagina' THEN keren ELSE 0 END) AS BIGINT) AS weergaven,
  CAST(SUM(CASE WHEN event = 'pagina' THEN mensen ELSE 0 END) AS BIGINT) AS bezoekers,
  CAST(SUM(CASE WHEN event LIKE 'zoek-%' THEN keren ELSE 0 END) AS BIGINT) AS zoekopdrachten
FROM (
  SELECT day, event, SUM(times) AS keren, SUM(visitors) AS mensen
  FROM usage_count
  WHERE day >= :van AND day <= :tot
  GROUP BY day, event
) AS per_dag
GROUP BY substr(day, 1, 7)
ORDER BY maand
