-- Wat lezers van producten vonden
--+ uitleg: Antwoorden op “Was deze pagina duidelijk?” en meldingen van fouten, en wat ermee gebeurde.
--+ thema: gebruik 5
--+ beeld: gestapeld wat open afgehandeld
--+ periode: voorbij
--+ privacy: personen
--+ kolom wat: tekst Wat
--+ kolom aantal: getal Aantal
--+ kolom open: getal Open
--+ kolom afgehandeld: getal Afgehandeld
--+ param gemeente: nis
--+ param van: date
--+ param tot: date

SELECT
  CASE WHEN kind = 'fout' THEN 'Fout gemeld' WHEN clear THEN 'Duidelijk' ELSE 'Niet duidelijk' END AS wat,
  COUNT(*) AS aantal,
  SUM(CASE WHEN state IN ('aangemaakt', 'in behandeling') THEN 1 ELSE 0 END) AS open,
  SUM(CASE WHEN state IN ('aangemaakt', 'in behandeling') THEN 0 ELSE 1 END) AS afgehandeld
FROM feedback
WHERE substr(created, 1, 10) >= :van AND substr(created, 1, 10) <= :tot
  AND (:gemeente = '' OR owner = :bestuur)
GROUP BY 1
ORDER BY aantal DESC, wat
