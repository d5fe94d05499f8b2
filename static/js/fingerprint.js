// data-jike-fingerprint="20971520": of a file over the limit only its SHA-256 is sent, computed here; the file stays on the device.
document.querySelector("[data-jike-fingerprint]")?.addEventListener("submit", async (event) => {
  const file = event.target.elements.file.files[0];
  if (!window.crypto?.subtle || !(file?.size > event.target.dataset.jikeFingerprint) || file.size > 1024 ** 3) return;
  event.preventDefault();
  event.target.querySelector("[data-jike-hashing]").hidden = false;
  const digest = await file.arrayBuffer().then((bytes) => crypto.subtle.digest("SHA-256", bytes)).catch(() => event.target.submit());
  if (!digest) return;
  const { code, from_file: mark } = document.querySelector("[name=code]").form.elements;
  code.value = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  mark.value = "true";
  code.form.submit();
});
