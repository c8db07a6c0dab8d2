// Comfort only: every page works without it.
"use strict";
(() => {
  let typed = false;
  let leaving = false;
  const once = (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      leaving = true;
    });
  };
  for (const form of document.querySelectorAll("form")) {
    if (form.dataset.guard !== undefined) {
      form.addEventListener("input", () => { typed = true; });
    }
    once(form);
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
  const live = document.querySelector("[data-live]");
  if (live) {
    const said = document.getElementById(live.dataset.said);
    const keys = () => [...live.querySelectorAll("[data-key]")].map((row) => row.dataset.key);
    let asking = false;
    let again = false;
    const refresh = async () => {
      if (asking) {
        again = true;
        return;
      }
      asking = true;
      again = false;
      try {
        // By itself: it does not keep the session of an empty desk alive.
        const answer = await fetch(live.dataset.part, { credentials: "same-origin" });
        if (answer.redirected || answer.status === 401 || answer.status === 403) {
          window.location.reload();
          return;
        }
        if (answer.ok && !leaving) {
          const before = new Set(keys());
          const focus = live.contains(document.activeElement) ? document.activeElement.id : "";
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          const part = page.body.firstElementChild;
          if (part) {
            const name = document.title.split(" | ").pop();
            document.title = part.dataset.title + " | " + name;
            live.replaceChildren(document.adoptNode(part));
            for (const form of live.querySelectorAll("form")) {
              once(form);
            }
            if (focus) {
              document.getElementById(focus)?.focus({ preventScroll: true });
            }
            if (keys().some((key) => !before.has(key))) {
              said.textContent = live.dataset.news + part.dataset.total;
            }
          }
        }
      } catch {
        // The next change or minute asks again.
      } finally {
        asking = false;
      }
      if (again) {
        refresh();
      }
    };
    // Ages grow by themselves.
    window.setInterval(refresh, 60000);
    if (window.EventSource) {
      const stream = new EventSource(live.dataset.live);
      stream.addEventListener("changed", refresh);
      window.addEventListener("pagehide", () => stream.close());
    }
  }
})();
