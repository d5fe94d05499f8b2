// data-jike-capture: records camera and microphone, one sentence at a time. Every two seconds a piece is kept on the device and sent; after a
// reload or an interruption what was left is sent first, and the recording goes on in a new part at the sentence that is next.
(() => {
  "use strict";
  const root = document.querySelector("[data-jike-capture]");
  if (!root) return;
  const at = root.dataset;
  const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const cards = [...root.querySelectorAll("[data-number]")];
  const start = root.querySelector("[data-start]");
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  const say = (name) => (root.querySelector(".capture-says").textContent = name ? at[`says${name}`] : "");
  let following = Number(at.following);
  let part, recorder, stream, began, shown, place, line, isOver;

  const ask = async (path, method, body, headers = {}) => {
    const given = { "X-CSRFToken": token, Accept: "application/json", ...headers };
    const answer = await fetch(at.base + path, { method, body, headers: given });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.ok) return told;
    throw { status: answer.status, words: told.blockers?.map((blocker) => blocker.message).join(" ") };
  };

  // Pieces that were not acknowledged yet, on this device alone.
  const opened = new Promise((done) => {
    const asked = indexedDB.open("jike-recording", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pieces");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(null);
  });
  const kept = async (act) => {
    const base = await opened;
    if (!base) return null;
    return new Promise((done) => {
      const work = base.transaction("pieces", "readwrite");
      const asked = act(work.objectStore("pieces"));
      work.oncomplete = () => done(asked.result);
      work.onerror = work.onabort = () => done(null);
    });
  };
  const slot = (id, from) => `${at.recording}|${id}|${String(from).padStart(12, "0")}`;
  const mine = IDBKeyRange.bound(`${at.recording}|`, `${at.recording}|~`);

  const send = async (id, from, piece) => {
    const hash = window.crypto?.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", await piece.arrayBuffer())) : null;
    const headers = { "Upload-Offset": from, "Content-Type": "application/octet-stream" };
    if (hash) headers["Upload-Checksum"] = `sha256 ${btoa(String.fromCharCode(...hash))}`;
    for (let tries = 0; ; tries += 1) {
      try {
        await ask(`parts/${id}/`, "PATCH", piece, headers);
        break;
      } catch (reason) {
        if (reason.status && reason.status !== 500) break; // said once and for all: the part has ended, or has this piece
        say("Failed");
        await pause(Math.min(2 ** tries, 20));
      }
    }
    await kept((pieces) => pieces.delete(slot(id, from)));
    if (root.dataset.state === "recording") say("Recording");
  };
  const sendLeft = async () => {
    const keys = (await kept((pieces) => pieces.getAllKeys(mine))) || [];
    if (keys.length) say("Sending");
    for (const key of keys) {
      const [, id, from] = key.split("|");
      await send(id, Number(from), await kept((pieces) => pieces.get(key)));
    }
    say("");
  };

  const show = () => {
    cards.forEach((card) => (card.hidden = Number(card.dataset.number) !== following));
    root.querySelectorAll("[data-answer]").forEach((button) => (button.disabled = false));
    shown = performance.now();
    cards[following]?.focus();
  };
  const interrupted = () => {
    if (isOver) return;
    isOver = true;
    stream?.getTracks().forEach((track) => track.stop());
    root.dataset.state = "ready";
    say("Interrupted");
  };
  const begin = async () => {
    start.disabled = true;
    try {
      await sendLeft();
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: "voice" in at ? false : { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" } });
      part = await ask("parts/", "POST");
      record();
      if (following < cards.length) show();
      else await finish();
    } catch (reason) {
      stream?.getTracks().forEach((track) => track.stop());
      say("Refused");
      if (reason.words) root.querySelector(".capture-says").textContent = reason.words;
    }
    start.disabled = false;
  };
  const record = () => {
    const kinds = "voice" in at ? ["audio/webm;codecs=opus", "audio/mp4"] : ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
    const mimeType = kinds.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: 600000, audioBitsPerSecond: 48000 });
    [place, line, isOver] = [0, Promise.resolve(), false];
    const id = part.id;
    recorder.ondataavailable = ({ data }) => {
      if (!data.size) return;
      const from = place;
      place += data.size;
      const safe = kept((pieces) => pieces.put(data, slot(id, from)));
      line = line.then(() => safe).then(() => send(id, from, data));
    };
    recorder.onerror = interrupted;
    stream.getTracks().forEach((track) => (track.onended = interrupted));
    const view = root.querySelector("video");
    if (view) Object.assign(view, { srcObject: stream }).play();
    recorder.start(2000);
    began = performance.now();
    root.dataset.state = "recording";
    say("Recording");
  };
  const finish = async () => {
    isOver = true;
    root.dataset.state = "saving";
    say("Saving");
    await new Promise((done) => ((recorder.onstop = done), recorder.stop()));
    stream.getTracks().forEach((track) => track.stop());
    await line;
    await ask(`parts/${part.id}/`, "POST");
    await ask("finish/", "POST");
    location.assign(at.done);
  };
  const answer = async (button) => {
    const mark = { part: part.id, number: following, began_ms: Math.round(shown - began), ended_ms: Math.round(performance.now() - began), answer: button.dataset.answer };
    button.disabled = true;
    for (let tries = 0; ; tries += 1) {
      try {
        const told = await ask("marks/", "POST", JSON.stringify(mark), { "Content-Type": "application/json" });
        following = told.next ?? cards.length;
        break;
      } catch (reason) {
        if (reason.words || tries > 5) return interrupted();
        say("Failed");
        await pause(2 ** tries);
      }
    }
    say("Recording");
    if (following < cards.length) show();
    else await finish();
  };
  start.addEventListener("click", begin);
  root.addEventListener("click", ({ target }) => target.closest("[data-answer]") && answer(target.closest("[data-answer]")));
})();
