-- Raadplegingen per product
--+ uitleg: Hoe vaak de pagina van elk product bekeken is, door hoeveel bezoekers (elke dag opnieuw geteld), en hoe vaak iemand doorklikte naar de aanvraag. Ook wat niemand bekeek, staat erbij.
--+ thema: gebruik 1
--+ beeld: staven product weergaven
--+ periode: voorbij
--+ privacy: personen
--+ kolom product: ding Product
--+ kolom weergaven: getal Weergaven
--+ kolom bezoekers: getal Bezoekers
--+ kolom doorgeklikt: getal Doorgeklikt
--+ param gemeente: nis
--+ param van: date
--+ param tot: date

SELECT
  head.entity AS product,
  COALESCE(SUM(CASE WHEN usage_count.event = 'pagina' THEN usage_count.times END), 0) AS weergaven,
  COALESCE(SUM(CASE WHEN usage_count.event = 'pagina' THEN usage_count.visitors END), 0) AS bezoekers,
  COALESCE(SUM(CASE WHEN usage_count.event = 'aanvraag' THEN usage_count.times END), 0) AS doorgeklikt
FROM head
LEFT JOIN usage_count ON usage_count.subject = head.entity
  AND usage_count.event IN ('pagina', 'aanvraag') AND usage_count.day >= :van AND usage_count.day <= :tot
WHERE head.kind = 'product' AND head.is_public
  AND (:gemeente = '' OR head.feeds LIKE '%producten/gemeente/' || :gemeente || '%')
GROUP BY head.entity, head.code
ORDER BY weergaven DESC, head.code
