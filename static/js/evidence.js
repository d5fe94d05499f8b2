// data-jike-order="form": the items of a list are dragged, or moved by Alt+↑ and Alt+↓; the form with their order is sent each time.
// Without a script each item has two buttons that do the same.
(() => {
  "use strict";
  let dragged = null;
  const listOf = (event) => event.target.closest?.("[data-jike-order]");

  document.addEventListener("dragstart", (event) => {
    if (!listOf(event) || event.target.tagName !== "LI") return;
    dragged = event.target;
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && listOf(event) && event.target.closest("li");
    if (!over || over === dragged) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over.parentElement.insertBefore(dragged, event.clientY > box.top + box.height / 2 ? over.nextSibling : over);
  });
  document.addEventListener("drop", (event) => dragged && listOf(event) && event.preventDefault());
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    delete dragged.dataset.dragged;
    document.getElementById(dragged.closest("[data-jike-order]").dataset.jikeOrder)?.requestSubmit();
    dragged = null;
  });

  document.addEventListener("keydown", (event) => {
    const way = event.altKey && { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const button = way && listOf(event)?.contains(event.target) && event.target.closest("li")?.querySelector(`[data-jike-move="${way}"]:enabled`);
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
})();
