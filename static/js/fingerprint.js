// data-jike-fingerprint="20971520": of a file over the limit only the SHA-256 is sent, computed here; the file stays on the device.
(() => {
  "use strict";
  const form = document.querySelector("form[data-jike-fingerprint]");
  if (!form || !window.crypto?.subtle) return;
  const MOST = 1024 ** 3; // of what a browser holds in memory at once
  form.addEventListener("submit", async (event) => {
    const file = form.querySelector('input[type="file"]').files[0];
    if (!file || file.size <= Number(form.dataset.jikeFingerprint) || file.size > MOST) return;
    event.preventDefault();
    form.querySelector("[data-jike-hashing]").hidden = false;
    try {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const code = document.querySelector('input[name="code"]');
      code.value = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      code.form.elements.from_file.value = "true";
      code.form.submit();
    } catch {
      form.submit(); // the server says what can be done
    }
  });
})();
