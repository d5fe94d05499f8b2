// data-jike-upload="#list": sends the chosen files one after the other, each with its progress. What is stored stays stored, what was
// interrupted waits for another try. Without a script the form sends all of them at once.
(() => {
  "use strict";
  const form = document.querySelector("[data-jike-upload]");
  if (!form) return;
  const list = form.querySelector(".upload-list");
  let line = Promise.resolve();
  form.dataset.state = "live";

  const send = (name, file, row) => (line = line.then(() => new Promise((next) => sendNow(name, file, row, next))));
  const sendNow = (name, file, row, next) => {
    const bar = row.querySelector("progress");
    const words = row.querySelector("small");
    const body = new FormData(form);
    ["camera", "file"].forEach((field) => body.delete(field));
    body.append(name, file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => (bar.value = event.loaded / event.total));
    const failed = () => {
      next();
      words.textContent = list.dataset.failed;
      const again = document.createElement("button");
      again.className = "btn btn-secondary";
      again.type = "button";
      again.textContent = list.dataset.again;
      again.addEventListener("click", () => (again.remove(), (words.textContent = ""), send(name, file, row)));
      row.append(again);
    };
    request.addEventListener("load", () => {
      if (![200, 400].includes(request.status)) return failed();
      document.querySelector(form.dataset.jikeUpload).innerHTML = request.responseText;
      row.remove();
      next();
    });
    ["error", "timeout", "abort"].forEach((event) => request.addEventListener(event, failed));
    request.send(body);
  };

  form.addEventListener("change", (event) => {
    [...(event.target.files || [])].forEach((file) => {
      const row = document.createElement("li");
      row.append(document.createElement("span"), document.createElement("small"), document.createElement("progress"));
      row.firstChild.textContent = file.name;
      list.append(row);
      send(event.target.name, file, row);
    });
    if (event.target.files) event.target.value = "";
  });
})();
