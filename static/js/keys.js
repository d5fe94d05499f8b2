// Keys of the workbench. Letters rest inside inputs and can be switched off (WCAG 2.1.4); everything is also reachable by Tab.
(() => {
  "use strict";
  const STORE = "jike-keys";
  const RAILS = { m: "mine", t: "team", u: "unassigned", d: "soon" };
  const sheet = document.querySelector("[data-jike-keys-sheet]");
  const toggle = document.querySelector("[data-jike-keys-switch]");
  const isOn = () => localStorage.getItem(STORE) !== "off";
  let goes = false;

  const rows = () => [...document.querySelectorAll("[data-jike-row]")];
  const chosen = () => document.querySelector('[data-jike-row][aria-selected="true"]');
  const choose = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.setAttribute("aria-selected", String(row === next)));
    next.querySelector("a")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (name) => {
    const target = document.querySelector(`[data-jike-key="${name}"]`);
    if (!target) return;
    target.matches("input, textarea, select, section") ? target.focus() : target.click();
  };
  const acts = {
    j: () => choose(1),
    k: () => choose(-1),
    o: () => chosen()?.querySelector("a")?.click(),
    "/": () => document.querySelector("[data-jike-search]")?.focus(),
    "?": () => sheet?.showModal(),
    ".": () => document.querySelector("[data-jike-copy]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (goes && RAILS[event.key]) {
      location.href = `/staff/queue/${RAILS[event.key]}/`;
    } else if (event.key === "g") {
      goes = true;
      setTimeout(() => (goes = false), 1200);
      return;
    } else if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    } else if (/^[a-z]$/.test(event.key) && document.querySelector(`[data-jike-key="${event.key}"]`)) {
      event.preventDefault();
      press(event.key);
    }
    goes = false;
  });

  document.querySelector("[data-jike-keys]")?.addEventListener("click", () => sheet?.showModal());
  if (toggle) {
    toggle.checked = isOn();
    toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
  }
})();
