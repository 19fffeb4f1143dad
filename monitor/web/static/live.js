// The live view: shows what the server sends, and lets the clock run on between.

const view = document.querySelector("#live");
let heard = 0, since = 0;

function take() {
  heard = Number(view.querySelector(".state").dataset.heard ?? NaN);
  since = performance.now();
}

function tick() {
  const place = view.querySelector(".clock");
  if (!place || Number.isNaN(heard)) return;
  const whole = Math.floor(heard + (performance.now() - since) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  place.textContent = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`;
}

const events = new EventSource("/live/events");
events.addEventListener("message", (event) => {
  view.innerHTML = event.data;
  take();
});
events.addEventListener("error", () => {
  // the browser tries again by itself
  const word = view.querySelector(".word");
  if (events.readyState === EventSource.CLOSED && word) word.textContent = "No connection";
});
take();
setInterval(tick, 1000);
