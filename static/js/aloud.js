// data-jike-aloud: reads the page aloud with the voice of the device, or stops. Hidden where the browser has no voice.
(() => {
  "use strict";
  const button = document.querySelector("[data-jike-aloud]");
  if (!button || !("speechSynthesis" in window)) return;
  const label = button.querySelector("span");
  const words = [label.textContent, button.dataset.jikeAloud];
  const show = (speaking) => {
    label.textContent = words[Number(speaking)];
    button.setAttribute("aria-pressed", String(speaking));
  };
  button.hidden = false;
  addEventListener("pagehide", () => speechSynthesis.cancel());
  button.addEventListener("click", () => {
    const speaking = speechSynthesis.speaking;
    speechSynthesis.cancel();
    show(!speaking);
    if (speaking) return;
    const text = (document.querySelector("#aloud") || document.querySelector("main")).innerText;
    const voice = Object.assign(new SpeechSynthesisUtterance(text), { lang: document.documentElement.lang, rate: 0.9 });
    voice.addEventListener("end", () => show(false));
    speechSynthesis.speak(voice);
  });
})();
