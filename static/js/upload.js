// data-jike-upload="#list": sends the chosen files one after the other, each with its progress. What is stored stays stored, what was
// interrupted waits for another try. Large ones go in pieces (pieces.js). Without a script the form sends all of them at once.
(() => {
  "use strict";
  const form = document.querySelector("[data-jike-upload]");
  if (!form) return;
  const list = form.querySelector(".upload-list");
  let line = Promise.resolve();
  form.dataset.state = "live";

  const show = (html) => {
    const place = document.querySelector(form.dataset.jikeUpload);
    if (form.dataset.jikeSwap === "outer") place.outerHTML = html;
    else place.innerHTML = html;
    window.htmx?.process(document.querySelector(form.dataset.jikeUpload));
  };
  const send = (name, file, row) => {
    const isLarge = (file.size > 8 * 1024 * 1024 || "jikeAlwaysPieces" in form.dataset) && form.dataset.jikePieces && window.jikePieces;
    const way = isLarge ? window.jikePieces(form, name, file, row).then(show) : sendWhole(name, file, row);
    return way.then(() => row.remove(), (reason) => askAgain(name, file, row, reason));
  };
  const queue = (name, file, row) => (line = line.then(() => send(name, file, row)));
  const askAgain = (name, file, row, reason) => {
    row.querySelector("small").textContent = reason?.words || list.dataset.failed;
    row.querySelector("progress").hidden = Boolean(reason?.words);
    if (reason?.words) return;
    const again = document.createElement("button");
    again.className = "btn btn-secondary";
    again.type = "button";
    again.textContent = list.dataset.again;
    again.addEventListener("click", () => (again.remove(), (row.querySelector("small").textContent = ""), queue(name, file, row)));
    row.append(again);
  };
  const sendWhole = (name, file, row) => new Promise((done, failed) => {
    const body = new FormData(form);
    ["camera", "file"].forEach((field) => body.delete(field));
    body.append(name, file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => (row.querySelector("progress").value = event.loaded / event.total));
    request.addEventListener("load", () => {
      if (![200, 400].includes(request.status)) return failed();
      show(request.responseText);
      const alert = document.querySelector(`${form.dataset.jikeUpload} [role=alert]`); // the next list has no room for it: it stays with its file
      const words = request.status === 400 && alert ? (alert.querySelector("li") || alert).textContent.replace(/^[^:：]*[:：]/, "").trim() : "";
      if (words) alert.remove();
      return words ? failed({ words }) : done();
    });
    ["error", "timeout", "abort"].forEach((event) => request.addEventListener(event, () => failed()));
    request.send(body);
  });

  form.addEventListener("change", (event) => {
    [...(event.target.files || [])].forEach((file) => {
      const row = document.createElement("li");
      row.append(document.createElement("span"), document.createElement("small"), document.createElement("progress"));
      row.firstChild.textContent = file.name;
      row.querySelector("progress").setAttribute("aria-label", file.name);
      list.append(row);
      queue(event.target.name, file, row);
    });
    if (event.target.files) event.target.value = "";
  });
})();
