// data-jike-cover="slot": areas are drawn on pictures of pages. What is ticked below each page is what is sent; a rectangle shows and changes
// one tick. Unsaved areas are kept in `slot` for a reload. Without a script areas are ticked, unticked and given by their measures.
(() => {
  "use strict";
  const form = document.querySelector("[data-jike-cover]");
  if (!form) return;
  const slot = form.dataset.jikeCover;
  const find = (query) => form.querySelector(query);
  const boxes = () => [...form.querySelectorAll("input[name=areas]")];
  const values = () => boxes().filter((box) => box.checked).map((box) => box.value);
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const keep = () => {
    sessionStorage.setItem(slot, JSON.stringify(values()));
    find("[data-jike-covered]").textContent = values().length || "";
  };
  const paint = (box) => {
    const [page, x, y, width, height] = box.value.split(",");
    box.rect ||= Object.assign(document.createElementNS("http://www.w3.org/2000/svg", "rect"), { box });
    const said = { x, y, width, height, tabindex: 0, role: "checkbox", "aria-checked": box.checked, "aria-label": box.parentElement.textContent.trim() };
    Object.entries(said).forEach(([name, value]) => box.rect.setAttribute(name, value));
    if (!box.rect.isConnected) find(`svg[data-page="${page}"]`).append(box.rect);
  };
  const placeOf = (box) => box.value.split(",").slice(1, 5).map(Number);
  const place = (box, x, y, width, height) => {
    const [w, h] = [within(width, 0.002, 1), within(height, 0.002, 1)];
    const [page, , , , , kind] = box.value.split(",");
    box.value = [page, ...[within(x, 0, 1 - w), within(y, 0, 1 - h), w, h].map((n) => n.toFixed(5)), kind].join(",");
    paint(box);
  };
  const add = (value) => {
    const [line, label, box] = ["li", "label", "input"].map((name) => document.createElement(name));
    Object.assign(box, { type: "checkbox", name: "areas", value, checked: true });
    label.append(box, ` ${find(`[data-jike-kind] [value="${value.split(",")[5]}"]`)?.textContent || ""}`);
    line.append(label);
    find(`#page-${parseInt(value)} .cover-lines`)?.append(line);
    if (box.form) paint(box);
    return box;
  };
  const drop = (box) => (box.rect.remove(), box.closest("li").remove());
  const fresh = (page, ...at) => add([page, ...at, find("[data-jike-kind]").value].join(","));

  form.querySelectorAll("svg").forEach((svg) => {
    svg.replaceChildren();
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const edge = svg.getBoundingClientRect();
      const at = (one) => [(one.clientX - edge.left) / edge.width, (one.clientY - edge.top) / edge.height];
      const [from, old] = [at(event), event.target.box];
      if (old && !old.checked) return old.click();
      const box = old || fresh(svg.dataset.page, ...from, 0, 0);
      const [x, y, width, height] = placeOf(box);
      const isCorner = old && (x + width - from[0]) * edge.width < 12 && (y + height - from[1]) * edge.height < 12;
      const follow = (moved) => {
        const [now, far] = [at(moved).map((n) => within(n, 0, 1)), at(moved).map((n, i) => n - from[i])];
        if (isCorner) place(box, x, y, width + far[0], height + far[1]);
        else if (old) place(box, x + far[0], y + far[1], width, height);
        else place(box, ...now.map((n, i) => Math.min(n, from[i])), ...now.map((n, i) => Math.abs(n - from[i])));
      };
      const end = (last) => {
        ["pointermove", "pointerup", "pointercancel"].forEach((name, i) => svg.removeEventListener(name, i ? end : follow));
        const [, , w, h] = placeOf(box);
        if (!old && (last.type === "pointercancel" || w * edge.width < 4 || h * edge.height < 4)) drop(box);
        else box.rect.focus();
        keep();
      };
      ["pointermove", "pointerup", "pointercancel"].forEach((name, i) => svg.addEventListener(name, i ? end : follow));
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
  });
  form.addEventListener("keydown", (event) => {
    const box = event.target.box;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]?.map((n) => n * 0.005);
    if (!box || !(step || ["Delete", "Backspace", " ", "Enter"].includes(event.key))) return;
    event.preventDefault();
    const [x, y, width, height] = placeOf(box);
    if (step) event.shiftKey ? place(box, x, y, width + step[0], height + step[1]) : place(box, x + step[0], y + step[1], width, height);
    else if (event.key.length > 1 && event.key !== "Enter") (find(`[data-jike-add="${parseInt(box.value)}"]`).focus(), drop(box));
    else box.click();
    keep();
  });
  form.addEventListener("change", (event) => event.target.name === "areas" && (paint(event.target), keep()));
  form.addEventListener("click", (event) => {
    const page = event.target.closest("[data-jike-add]")?.dataset.jikeAdd;
    if (page) fresh(page, 0.1, 0.1, 0.3, 0.04).rect.focus();
    else if (event.target.closest("[data-jike-all]")) boxes().forEach((box) => ((box.checked = true), paint(box)));
    else return;
    keep();
  });

  const saved = JSON.parse(sessionStorage.getItem(slot) || "null");
  const isOther = saved && String([...saved].sort()) !== String(values().sort());
  if (isOther) {
    boxes().forEach((box) => (box.checked = saved.includes(box.value)));
    saved.filter((value) => !boxes().some((box) => box.value === value)).forEach(add);
    find("[data-jike-restored]").hidden = false;
  }
  boxes().forEach(paint);
  form.querySelectorAll("[data-jike-add], [data-jike-scripted]").forEach((tool) => (tool.hidden = false));
  keep();
})();
