// data-jike-cover="slot": areas are drawn on pictures of pages. What is ticked below each page is what is sent; a rectangle shows and changes
// one tick. Unsaved areas are kept in `slot` for a reload. Without a script areas are ticked, unticked and given by their measures.
(() => {
  "use strict";
  const form = document.querySelector("[data-jike-cover]");
  if (!form) return;
  const [slot, find] = [form.dataset.jikeCover, (query) => form.querySelector(query)];
  const boxes = () => [...form.querySelectorAll("input[name=areas]")];
  const values = () => boxes().filter((box) => box.checked).map((box) => box.value);
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const placeOf = (box) => box.value.split(",").slice(1, 5).map(Number);
  const keep = () => {
    sessionStorage.setItem(slot, JSON.stringify(values()));
    find("[data-jike-covered]").textContent = values().length || "";
  };
  const paint = (box) => {
    const [page, x, y, width, height] = box.value.split(",");
    box.rect ||= Object.assign(document.createElementNS("http://www.w3.org/2000/svg", "rect"), { box });
    const said = { x, y, width, height, tabindex: 0, role: "checkbox", "aria-checked": box.checked, "aria-label": box.parentElement.textContent.trim() };
    for (const name in said) box.rect.setAttribute(name, said[name]);
    if (!box.rect.isConnected) find(`svg[data-page="${page}"]`).append(box.rect);
  };
  const place = (box, x, y, width, height) => {
    const [w, h] = [within(width, 0.002, 1), within(height, 0.002, 1)];
    const [page, , , , , kind] = box.value.split(",");
    box.value = [page, ...[within(x, 0, 1 - w), within(y, 0, 1 - h), w, h].map((n) => n.toFixed(5)), kind].join(",");
    paint(box);
  };
  const add = (value) => {
    const [line, label, box] = ["li", "label", "input"].map((name) => document.createElement(name));
    Object.assign(box, { type: "checkbox", name: "areas", value, checked: true });
    label.append(box, find(`[data-jike-kind] [value="${value.split(",")[5]}"]`).textContent);
    find(`#page-${parseInt(value)} .cover-lines`).append(line);
    line.append(label);
    return paint(box), box;
  };
  const drop = (box) => (box.rect.remove(), box.closest("li").remove());
  const fresh = (page, ...at) => add([page, ...at, find("[data-jike-kind]").value].join(","));
  const draw = (event) => {
    const svg = event.currentTarget;
    const edge = svg.getBoundingClientRect();
    const at = (one) => [(one.clientX - edge.left) / edge.width, (one.clientY - edge.top) / edge.height].map((n) => within(n, 0, 1));
    const [from, old] = [at(event), event.target.box];
    if (event.button || (old && !old.checked)) return old?.click();
    const box = old || fresh(svg.dataset.page, ...from, 0, 0);
    const [x, y, width, height] = placeOf(box);
    const isCorner = old && (x + width - from[0]) * edge.width < 12 && (y + height - from[1]) * edge.height < 12;
    svg.onpointermove = (moved) => {
      const [now, right, down] = [at(moved), ...at(moved).map((n, i) => n - from[i])];
      if (isCorner) place(box, x, y, width + right, height + down);
      else if (old) place(box, x + right, y + down, width, height);
      else place(box, ...now.map((n, i) => Math.min(n, from[i])), Math.abs(right), Math.abs(down));
    };
    svg.onpointerup = svg.onpointercancel = (last) => {
      svg.onpointermove = svg.onpointerup = svg.onpointercancel = null;
      if (!old && (last.type === "pointercancel" || Math.min(...placeOf(box).slice(2)) < 0.004)) drop(box);
      else box.rect.focus();
      keep();
    };
    svg.setPointerCapture(event.pointerId);
  };
  form.addEventListener("keydown", (event) => {
    const box = event.target.box;
    const [right, down] = { ArrowLeft: [-0.005, 0], ArrowRight: [0.005, 0], ArrowUp: [0, -0.005], ArrowDown: [0, 0.005] }[event.key] || [0, 0];
    if (!box || !(right || down || ["Delete", "Backspace", " ", "Enter"].includes(event.key))) return;
    const [x, y, width, height] = placeOf(box);
    event.preventDefault();
    if (event.key === " " || event.key === "Enter") box.click();
    else if (!right && !down) (find(`[data-jike-add="${parseInt(box.value)}"]`).focus(), drop(box));
    else event.shiftKey ? place(box, x, y, width + right, height + down) : place(box, x + right, y + down, width, height);
    keep();
  });
  form.addEventListener("click", (event) => {
    const page = event.target.closest("[data-jike-add]")?.dataset.jikeAdd;
    if (page) fresh(page, 0.1, 0.1, 0.3, 0.04).rect.focus();
    if (event.target.closest("[data-jike-all]")) boxes().forEach((box) => (box.checked = true));
    boxes().forEach(paint);
    keep();
  });
  form.querySelectorAll("svg[data-page]").forEach((svg) => (svg.replaceChildren(), svg.addEventListener("pointerdown", draw)));
  const saved = JSON.parse(sessionStorage.getItem(slot));
  if (saved && String(saved.sort()) !== String(values().sort())) {
    boxes().forEach((box) => (box.checked = saved.includes(box.value)));
    saved.filter((value) => !boxes().some((box) => box.value === value)).forEach(add);
    find("[data-jike-restored]").hidden = false;
  }
  boxes().forEach(paint);
  form.querySelectorAll("[data-jike-add], [data-jike-scripted]").forEach((tool) => (tool.hidden = false));
  keep();
})();
