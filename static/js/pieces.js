// A large file in pieces: each is acknowledged sealed, and after any interruption the upload goes on where it stopped, also on another day.
// window.jikePieces(form, field, file, row) resolves with the new list; it rejects with {words} when the file is not taken.
(() => {
  "use strict";
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  const ask = async (form, address, method, body, headers = {}) => {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, { method, body, headers: { "X-CSRFToken": token, ...headers } });
    const told = answer.status === 204 || !answer.headers.get("Content-Type")?.includes("json") ? {} : await answer.json();
    if (answer.ok) return told;
    if (told.blockers?.length) throw { words: told.blockers.map((blocker) => blocker.message).join(" "), status: answer.status };
    throw { status: answer.status };
  };
  const checksum = async (piece) => {
    if (!window.crypto?.subtle) return {};
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await piece.arrayBuffer()));
    return { "Upload-Checksum": `sha256 ${btoa(String.fromCharCode(...hash))}` };
  };
  const known = async (form, slot) => {
    const id = localStorage.getItem(slot);
    const told = id ? await ask(form, `${form.dataset.jikePieces}${id}/`, "GET").catch(() => null) : null;
    return told?.state === "open" ? told : null;
  };

  window.jikePieces = async (form, field, file, row) => {
    const bar = row.querySelector("progress");
    const words = row.querySelector("small");
    const slot = `upload ${form.dataset.jikePieces} ${file.size} ${file.lastModified}`;
    const about = form.querySelector("[name=about]:checked")?.value || "";
    const given = JSON.stringify({ name: file.name, size: file.size, about, captured: field });
    let upload = (await known(form, slot)) || (await ask(form, form.dataset.jikePieces, "POST", given, { "Content-Type": "application/json" }));
    const address = `${form.dataset.jikePieces}${upload.id}/`;
    localStorage.setItem(slot, upload.id);
    for (let tries = 0; upload.offset < file.size; ) {
      bar.value = upload.offset / file.size;
      words.textContent = `${Math.floor((upload.offset / file.size) * 100)} %`;
      const piece = file.slice(upload.offset, upload.offset + upload.piece);
      const headers = { "Upload-Offset": upload.offset, "Content-Type": "application/octet-stream", ...(await checksum(piece)) };
      try {
        upload = await ask(form, address, "PATCH", piece, headers);
        tries = 0;
      } catch (reason) {
        if (reason.words && upload.offset === 0) throw reason;
        if ((tries += 1) > 7) throw reason;
        await pause(2 ** tries / 2);
        upload = await ask(form, address, "GET").catch(() => upload);
      }
    }
    bar.value = 1;
    words.textContent = row.parentElement.dataset.joining;
    upload = await ask(form, address, "POST");
    localStorage.removeItem(slot);
    while (upload.state === "joining") {
      await pause(1);
      upload = await ask(form, address, "GET").catch(() => upload);
    }
    if (upload.state !== "done") throw { words: upload.reason };
    const shown = await fetch(form.dataset.jikeList || form.action, { headers: { "HX-Request": "true" } });
    return shown.text();
  };
})();
