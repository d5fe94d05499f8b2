// Small behaviours of every page, hung on data-jike-* attributes. Every page also works without them.
(() => {
  "use strict";

  // A form that is sent once: the second press of an impatient thumb does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-jike-once]")) return;
    if (form.dataset.jikeBusy === "true") event.preventDefault();
    form.dataset.jikeBusy = "true";
  });
  addEventListener("pageshow", () => document.querySelectorAll("[data-jike-busy]").forEach((form) => delete form.dataset.jikeBusy));

  // Copy what stands in data-jike-copy; the button says so for a moment.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-jike-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.jikeCopy);
    button.dataset.state = "copied";
    setTimeout(() => delete button.dataset.state, 1500);
  });

  // Menus close on Escape and on a click elsewhere.
  const closeMenus = (except) =>
    document.querySelectorAll("[data-jike-menu][open]").forEach((menu) => menu !== except && (menu.open = false));
  document.addEventListener("click", (event) => closeMenus(event.target.closest("[data-jike-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelector("[data-jike-menu][open] summary")?.focus();
    closeMenus(null);
  });

  // What needs attention first gets the focus: error summaries and refusals, also when htmx brings them.
  const focusFirst = (root, also = "[data-jike-focus]") => (root.querySelector("[data-jike-focus]") || root.querySelector(also))?.focus();
  focusFirst(document);
  document.addEventListener("htmx:afterSwap", (event) => {
    focusFirst(event.detail.target, ".act :is(input:not([type=hidden]), select, textarea, button:enabled)");
  });

  // data-jike-insert="text": put a prepared text where the cursor is; `::` typed in a composer opens the list of them.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-jike-insert]");
    const area = button?.closest("[data-jike-composer]")?.querySelector("textarea");
    if (!area) return;
    area.setRangeText(button.dataset.jikeInsert, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    button.closest("details").open = false;
  });
  document.addEventListener("input", (event) => {
    const list = event.target.closest("[data-jike-composer] [data-audience]")?.querySelector("[data-jike-replies]");
    if (!list || !event.target.matches("textarea") || !event.target.value.slice(0, event.target.selectionStart).endsWith("::")) return;
    event.target.setRangeText("", event.target.selectionStart - 2, event.target.selectionStart, "end");
    list.parentElement.open = true;
    list.parentElement.querySelector("button")?.focus();
  });

  // data-jike-wait="60": a button that may be pressed again after so many seconds, counting down in its own text.
  const countDown = (button) => {
    const label = button.textContent;
    let left = Number(button.dataset.jikeWait);
    button.disabled = true;
    const tick = setInterval(() => {
      left -= 1;
      button.textContent = left > 0 ? `${label} (${left})` : label;
      if (left > 0) return;
      button.disabled = false;
      clearInterval(tick);
    }, 1000);
  };
  const startWaits = (root) => root.querySelectorAll("[data-jike-wait]").forEach(countDown);
  startWaits(document);
  document.addEventListener("htmx:afterSwap", (event) => startWaits(event.detail.target));
})();
