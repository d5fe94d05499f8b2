// data-jike-counter="2000": says below a text area how much room is left. Nothing typed is cut off; the server says so instead.
(() => {
  "use strict";
  document.querySelectorAll("[data-jike-counter]").forEach((area) => {
    const limit = Number(area.dataset.jikeCounter);
    const counter = document.createElement("div");
    counter.className = "counter";
    const show = () => {
      const length = [...area.value].length;
      counter.textContent = `${length} / ${limit}`;
      counter.hidden = length < limit / 2;
      counter.toggleAttribute("data-state", false);
      if (length > limit) counter.dataset.state = "over";
    };
    area.after(counter);
    area.addEventListener("input", show);
    show();
  });
})();
