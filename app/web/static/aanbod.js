// Shows products on any site: <div data-aanbod="https://…/aanbod.json?gemeente=44021"><a href="…">Aanbod</a></div>.
// Text only, so nothing of ours can act on their page; when the answer does not come, their own link stays.
(() => {
  const element = (name, text) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    return made;
  };
  const item = (product) => {
    const made = element("li");
    const link = element("a", product.titel);
    link.href = product.pagina;
    const title = element("strong");
    title.append(link);
    made.append(title, element("br"), product.samenvatting);
    return made;
  };
  const fill = async (place) => {
    const answer = await fetch(place.dataset.aanbod);
    if (!answer.ok) return;
    const { producten } = await answer.json();
    if (!producten.length) return;
    const list = element("ul");
    list.append(...producten.slice(0, Number(place.dataset.hoogstens) || producten.length).map(item));
    place.prepend(list);
  };
  for (const place of document.querySelectorAll("[data-aanbod]")) fill(place).catch(() => {});
})();
