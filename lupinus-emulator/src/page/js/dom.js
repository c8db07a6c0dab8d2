// Small helpers around the DOM. Texts are always set as text, never as markup.

export const $ = (id) => document.getElementById(id);

/** An element with a class, properties and children. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return made;
}

/** A button that does something. */
export function button(className, text, run) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", run);
  return made;
}

/** A labelled field of a form. */
export function field(label, input) {
  return element("label", "field", element("span", "", label), input);
}

export function input(type, properties = {}) {
  return Object.assign(document.createElement("input"), { type, ...properties });
}

export function select(options, value) {
  const made = document.createElement("select");
  for (const [key, text] of options) made.append(Object.assign(document.createElement("option"), { value: key, textContent: text }));
  if (value !== undefined) made.value = value;
  return made;
}

/** Only what a message may show: web addresses, and what this page made itself. */
export const address = (url) => (/^(https?:\/\/|data:image\/|blob:|\/_emulator\/)/.test(url ?? "") ? url : "");

/** A picture that says so when it cannot be loaded. */
export function picture(url, className, label) {
  const made = element("img", className);
  made.alt = label ?? "";
  made.draggable = false;
  made.loading = "lazy";
  made.referrerPolicy = "no-referrer";
  made.addEventListener("error", () => {
    made.classList.add("missing");
    made.title = url;
  });
  const src = address(url);
  if (src) made.src = src;
  else made.classList.add("missing");
  return made;
}

/** Lets an element that is no button be tapped, with the mouse and the keyboard. */
export function tappable(node, label, run) {
  node.classList.add("tappable");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  if (label) node.setAttribute("aria-label", label);
  const act = (event) => {
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => {
    if (event.target === node && (event.key === "Enter" || event.key === " ")) act(event);
  });
  return node;
}

export function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").textContent = ""; }, 5000);
}

/**
 * Shows a dialog with these contents and two buttons; gives what `read` returns, or undefined when it was closed.
 */
export function ask(title, contents, confirm, cancel, read) {
  const dialog = $("dialog");
  const form = element("form", "asking", element("h2", "", title), ...contents);
  form.method = "dialog";
  const yes = element("button", "main", confirm);
  yes.value = "yes";
  const no = element("button", "", cancel);
  no.value = "";
  no.formNoValidate = true;
  form.append(element("div", "choices", yes, no));
  dialog.replaceChildren(form);
  dialog.setAttribute("aria-label", title);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? read(form) : undefined), { once: true });
  });
}
