-- Zoektermen
--+ uitleg: Waarnaar bezoekers zochten, in het aanbod en bij de verenigingen. Enkel wat op één dag door genoeg verschillende bezoekers gezocht is, staat erbij.
--+ thema: gebruik 3
--+ beeld: staven term aantal
--+ periode: voorbij
--+ kolom term: tekst Zoekterm
--+ kolom waar: tekst Waar
--+ kolom aantal: getal Keren gezocht
--+ kolom bezoekers: getal Bezoekers
--+ param gemeente: nis
--+ param van: date
--+ param tot: date

SELECT
  subject AS term,
  CASE WHEN event = 'zoek-aanbod' THEN 'Aanbod' ELSE 'Verenigingen' END AS waar,
  SUM(times) AS aantal,
  SUM(visitors) AS bezoekers
FROM usage_count
WHERE event IN ('zoek-aanbod', 'zoek-verenigingen') AND day >= :van AND day <= :tot
  AND (:gemeente = '' OR place = :gemeente)
GROUP BY subject, event
HAVING MAX(visitors) >= :minstens
ORDER BY aantal DESC, term, waar
LIMIT 500
