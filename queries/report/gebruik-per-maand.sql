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
  SUM(CASE WHEN event = 'pagina' THEN times ELSE 0 END) AS weergaven,
  SUM(CASE WHEN event = 'pagina' THEN visitors ELSE 0 END) AS bezoekers,
  SUM(CASE WHEN event LIKE 'zoek-%' THEN times ELSE 0 END) AS zoekopdrachten
FROM usage_count
WHERE day >= :van AND day <= :tot
GROUP BY substr(day, 1, 7)
ORDER BY maand
