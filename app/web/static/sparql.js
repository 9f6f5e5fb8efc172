// Turns the form of the SPARQL page into an editor with results below it. Without this script the form works by itself.
(function () {
  "use strict";
  var form = document.getElementById("vraag");
  var area = document.getElementById("query");
  var answer = document.getElementById("antwoord");
  if (!form || !window.Yasqe || !window.Yasr) return;
  var prefixes = JSON.parse(form.dataset.prefixes);

  // Our prefixes, and no suggestions that would be asked elsewhere.
  window.Yasqe.Autocompleters.prefixes.persistenceId = null;
  window.Yasqe.Autocompleters.prefixes.get = function () {
    return Object.keys(prefixes).sort().map(function (name) { return name + ": <" + prefixes[name] + ">"; });
  };

  var place = document.createElement("div");
  form.insertBefore(place, area);
  var editor = new window.Yasqe(place, {
    value: area.value,
    // Nothing is kept in the browser, and nobody but this service is asked.
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: function (yasqe) {
      return location.origin + location.pathname + "?query=" + encodeURIComponent(yasqe.getValue());
    },
    autocompleters: ["prefixes", "variables"],
    resizeable: true,
    requestConfig: {
      endpoint: location.origin + location.pathname,
      method: "POST",
      acceptHeaderGraph: "text/turtle,*/*;q=0.5",
      acceptHeaderSelect: "application/sparql-results+json,*/*;q=0.5",
    },
  });
  editor.getInputField().setAttribute("aria-label", "Uw vraag");
  var results = new window.Yasr(answer, { persistenceId: null, prefixes: prefixes });
  editor.on("queryResponse", function (yasqe, response, duration) {
    results.setResponse(response, duration);
  });

  var help = answer.querySelector(".yasr_external_ref_btn");
  if (help) help.setAttribute("aria-label", "Uitleg bij het tonen van antwoorden (Engels)");

  area.hidden = true;
  var label = form.querySelector("label[for=query]");
  label.removeAttribute("for");
  label.addEventListener("click", function () { editor.focus(); });
  form.addEventListener("submit", function () { area.value = editor.getValue(); });

  document.querySelectorAll("[data-query]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      editor.setValue(link.dataset.query);
      editor.query().catch(function () {});
    });
  });
  // A link with a query in it, such as the editor itself makes, shows the answer too.
  if (new URLSearchParams(location.search).has("query")) editor.query().catch(function () {});
})();
