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
  const choose = (step, from = chosen()) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(from);
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    all.forEach((row) => row.setAttribute("aria-selected", String(row === next)));
    (next.querySelector("[data-jike-first]") || next.querySelector("a"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (name) => {
    const target = document.querySelector(`[data-jike-key="${name}"]`);
    if (!target) return;
    target.matches("input, textarea, select, section, [data-jike-weighty]") ? target.focus() : target.click();
  };
  const link = () => chosen()?.querySelector("a.number");
  const go = (verb) => () => (link() ? (location.href = new URL(verb, link().href.split("?")[0]).href) : press(verb[0]));
  const box = (row) => row?.querySelector('input[name="case"]');
  let picked = null;
  const pick = (whole) => {
    const [all, row] = [rows(), chosen()];
    if (!box(row)) return;
    const [a, b] = whole && picked ? [all.indexOf(picked), all.indexOf(row)].sort((x, y) => x - y) : [0, -1];
    all.slice(a, b + 1).forEach((one) => (box(one).checked = true));
    if (b < 0) box(row).checked = !box(row).checked;
    picked = row;
    tally();
  };
  const tally = () => document.querySelectorAll("[data-jike-chosen]").forEach((output) => (output.textContent = document.querySelectorAll('input[name="case"]:checked').length));
  document.addEventListener("change", tally);
  const left = rows().find((row) => row.id && location.hash === `#${row.id}`);
  if (left) choose(0, left); // back from a case: its line is chosen again
  // Space: a line opens below the row (last events, words, next step) and closes again.
  const expand = () => {
    const row = chosen();
    if (!link()) return;
    if (row.nextElementSibling?.matches("[data-jike-more]")) return row.nextElementSibling.remove();
    htmx.ajax("GET", new URL("glance/", link().href.split("?")[0]).href, { target: row, swap: "afterend" });
  };
  const palette = document.querySelector("[data-jike-palette]");
  const ask = () => (palette?.showModal(), palette?.querySelector("input").select());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "k" || !palette) return;
    event.preventDefault();
    ask();
  });
  palette?.addEventListener("keydown", (event) => {
    const links = [...palette.querySelectorAll("input, a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) links[links.indexOf(document.activeElement) + step]?.focus();
    else if (event.key === "Enter" && event.target.matches("input")) links[1]?.click();
    else if (event.key === "Escape") palette.close(); // a search input would first empty itself
    else return;
    event.preventDefault();
  });
  // Alt+1 … 7: the panels beside the timeline, in their order.
  document.addEventListener("keydown", (event) => {
    const panel = event.altKey && /^Digit[1-7]$/.test(event.code) && document.querySelectorAll("[data-jike-panel]")[event.code[5] - 1];
    if (!panel) return;
    event.preventDefault();
    panel.open = true;
    panel.querySelector("summary").focus();
  });
  const acts = {
    j: () => (rows().length ? choose(1) : press("j")),
    k: () => (rows().length ? choose(-1) : press("k")),
    o: () => link()?.click(),
    x: () => pick(false),
    X: () => pick(true),
    " ": expand,
    "/": () => document.querySelector("[data-jike-search]")?.focus(),
    "?": () => sheet?.showModal(),
    ".": () => (link() ? navigator.clipboard.writeText(link().textContent) : document.querySelector("[data-jike-copy]")?.click()),
  };
  const onRow = { e: go("claim/"), a: go("assign/"), n: go("note/"), r: go("message/"), s: go("#gates-title") };

  document.addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest('input:not([type="checkbox"]), textarea, select, dialog, [contenteditable]')) return;
    if (event.key === " " && event.target.closest("input, button, summary")) return;
    if (goes && RAILS[event.key]) {
      location.href = `/staff/queue/${RAILS[event.key]}/`;
    } else if (event.key === "g") {
      goes = true;
      setTimeout(() => (goes = false), 1200);
      return;
    } else if (link() && onRow[event.key]) {
      onRow[event.key]();
    } else if (acts[event.key] && !(event.key === " " && !link())) {
      event.preventDefault();
      acts[event.key]();
    } else if (/^[1-7]$/.test(event.key)) {
      document.querySelector(`[data-jike-digit="${event.key}"]`)?.click();
    } else if (/^[a-z]$/.test(event.key) && document.querySelector(`[data-jike-key="${event.key}"]`)) {
      event.preventDefault();
      press(event.key);
    }
    goes = false;
  });

  document.querySelector("[data-jike-keys]")?.addEventListener("click", () => sheet?.showModal());
  if (toggle) toggle.checked = isOn();
  toggle?.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "on" : "off"));
})();
