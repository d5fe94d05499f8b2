// Buttons that need a script are hidden until there is one: copy the receipt code, print the page.
(() => {
  "use strict";
  document.querySelectorAll("[data-jike-copy], [data-jike-print]").forEach((button) => (button.hidden = false));
  document.addEventListener("click", (event) => event.target.closest("[data-jike-print]") && print());
})();
