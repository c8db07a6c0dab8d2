// Letters that do something where nobody is typing. They can be switched off, and nothing needs them.
"use strict";
(() => {
  const help = document.getElementById("keys");
  const opener = document.getElementById("keys-open");
  const wanted = document.getElementById("keys-wanted");
  if (!help || !help.showModal) {
    return;
  }
  const OFF = "lupinus-keys-off";
  // A browser may be set to keep nothing; then they are on, until the next page.
  const remembered = (act) => {
    try {
      return act(window.localStorage);
    } catch {
      return null;
    }
  };
  wanted.checked = remembered((kept) => kept.getItem(OFF)) === null;
  wanted.addEventListener("change", () => {
    remembered((kept) => (wanted.checked ? kept.removeItem(OFF) : kept.setItem(OFF, "1")));
  });
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  document.getElementById("keys-close").addEventListener("click", () => help.close());

  const first = (selector) => document.querySelector(selector);
  const step = (by) => {
    const rows = [...document.querySelectorAll("a.row-main")];
    rows.at(Math.max(0, rows.indexOf(document.activeElement) + by))?.focus();
  };
  const does = {
    "?": () => help.showModal(),
    "/": () => first("[data-search]")?.focus(),
    a: () => first("[aria-labelledby=h-actions] :is(summary, a, button:enabled)")?.focus(),
    j: () => step(first("a.row-main:focus") ? 1 : 0),
    k: () => step(-1),
    u: () => first(".crumb a")?.click(),
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const typing = target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
    if (typing || !wanted.checked || help.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    // With a Japanese keyboard switched to kana a letter has no name; its place has one.
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.code.replace(/^Key/, "").toLowerCase();
    const soon = event.timeStamp - going < 1500;
    going = !soon && key === "g" ? event.timeStamp : 0;
    const act = soon && /^[a-z]$/.test(key) ? () => first(`.nav [data-key=${key}]`)?.click() : does[key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
