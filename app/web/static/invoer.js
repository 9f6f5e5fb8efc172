"use strict";
// Shows how far a list is, and the page anew once its work is done; without scripts there is a link to look again.
(() => {
  const place = document.getElementById("voortgang");
  const bar = document.getElementById("balk");
  const words = place.querySelector("[role=status]");
  const look = async () => {
    const answer = await fetch(place.dataset.at, { headers: { accept: "application/json" } });
    const now = answer.ok ? await answer.json() : null;
    if (!now || now.state !== place.dataset.state) return location.reload();
    if (now.state === "inlezen" && now.total) {
      bar.max = now.total;
      bar.value = now.done;
      words.textContent = `${now.done} van ${now.total} rijen. U mag deze pagina verlaten: het werk gaat door.`;
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 700);
})();
