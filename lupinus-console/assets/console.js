// Comfort only: every page works without it.
"use strict";
(() => {
  let typed = false;
  let leaving = false;
  for (const form of document.querySelectorAll("form")) {
    if (form.dataset.guard !== undefined) {
      form.addEventListener("input", () => { typed = true; });
    }
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      leaving = true;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (typed && !leaving) {
      event.preventDefault();
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form")) {
      delete form.dataset.sent;
    }
  });
  const seconds = Number(document.body.dataset.refresh || 0);
  if (seconds > 0) {
    window.setInterval(() => {
      if (document.visibilityState === "visible" && !typed && window.scrollY < 40) {
        // By itself: it does not keep the session of an empty desk alive.
        window.location.replace(window.location.pathname + "?reload");
      }
    }, seconds * 1000);
  }
})();
