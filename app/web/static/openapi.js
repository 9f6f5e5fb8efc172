"use strict";
// Shows /openapi.json in the viewer; what stands in the page for who has no scripts makes place for it.
window.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("openapi");
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    domNode: place,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    supportedSubmitMethods: ["get", "post", "patch", "delete"],
    // A page has one main part, and that is ours.
    onComplete: () => place.querySelector("main")?.setAttribute("role", "presentation"),
  });
});
