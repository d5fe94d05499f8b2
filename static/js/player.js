// data-jike-jump="part:milliseconds": go to that mark of that part and play from there; the other parts stop.
(() => {
  "use strict";
  const films = [...document.querySelectorAll("[data-jike-film]")];
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-jike-jump]");
    if (!button) return;
    const [part, ms] = button.dataset.jikeJump.split(":").map(Number);
    films.forEach((film) => {
      if (Number(film.dataset.jikeFilm) !== part) return film.pause();
      film.currentTime = ms / 1000;
      film.play();
    });
  });
  films.forEach((film) => film.addEventListener("contextmenu", (event) => event.preventDefault()));
})();
