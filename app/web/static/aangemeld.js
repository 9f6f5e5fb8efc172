"use strict";
// Public pages are the same for everybody, so that they can be kept: who is logged in sees so by this script. The
// browser remembers only that somebody was, so that nobody else asks anything.
(() => {
  const place = document.querySelector(".account");
  if (!place) return;
  const isOwn = Boolean(place.querySelector('form[action="/afmelden"]'));
  const back = `?terug=${encodeURIComponent(location.pathname + location.search)}`;
  const kept = (change) => {
    try { return change(localStorage); } catch { return null; }
  };
  const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text });
  const ask = async () => {
    const answer = await fetch("/wie-ben-ik", { headers: { accept: "application/json" } }).catch(() => null);
    if (answer && answer.status === 401) kept((store) => store.removeItem("aangemeld"));
    return answer && answer.ok ? answer.json() : null;
  };
  // Who is about to log in comes back to a page that asks whether it worked.
  const isEntrance = ["/aanmelden", "/wisselen"].includes(location.pathname);
  if (isOwn || isEntrance) kept((store) => store.setItem("aangemeld", "ja"));
  const isKnown = isOwn || !isEntrance && kept((store) => store.getItem("aangemeld"));
  let known;
  const asked = () => known ??= isKnown ? ask() : Promise.resolve(null);
  if (isKnown && !isOwn) {
    asked().then((me) => me && place.replaceChildren(link(me.begin, me.naam), link("/wisselen", "Wisselen"), link("/afmelden", "Afmelden")));
  }
  // The header of the Flemish government, where it is switched on, shows the same.
  const tell = () => asked().then((me) => window.globalHeaderClient?.accessMenu?.setProfile({
    active: Boolean(me),
    loginUrl: `/aanmelden${back}`, logoutUrl: "/afmelden", switchCapacityUrl: `/wisselen${back}`,
    ...(me ? { idpData: { user: { firstName: "", name: me.naam } } } : {}),
  }));
  for (const target of [window, document]) target.addEventListener("widget.global_header.mounted", tell);
})();
