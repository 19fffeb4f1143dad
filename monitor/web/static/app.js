// The page of a call: zoom, choosing an utterance, corrections, sound. Every page: "/" searches.

const STEPS_S = [5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]; // between the times on the axis
const TICK_PX = 80; // room for one of them
const ZOOM_MAX = 64;

const timeline = document.querySelector("#timeline");
const transcript = document.querySelector(".transcript");

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

class Zoom {
  constructor(place) {
    this.scroll = place.querySelector(".scroll");
    this.wide = place.querySelector(".wide");
    this.length = Number(place.dataset.length);
    this.factor = 1;
    for (const button of place.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.by(button.dataset.zoom));
    }
    this.scroll.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.to(this.factor * Math.exp(-event.deltaY / 200), event.clientX - this.scroll.getBoundingClientRect().left);
    }, { passive: false });
    new ResizeObserver(() => this.writeAxis()).observe(this.wide);
  }

  by(step) {
    this.to(step === "fit" ? 1 : this.factor * (step === "in" ? 2 : 0.5), this.scroll.clientWidth / 2);
  }

  // the moment that is `x` pixels from the left stays there
  to(factor, x) {
    const part = (this.scroll.scrollLeft + x) / this.wide.offsetWidth;
    this.factor = Math.min(ZOOM_MAX, Math.max(1, factor));
    this.wide.style.width = `${100 * this.factor}%`;
    this.scroll.scrollLeft = part * this.wide.offsetWidth - x;
  }

  show(seconds) {
    const x = (seconds / this.length) * this.wide.offsetWidth;
    if (x < this.scroll.scrollLeft || x > this.scroll.scrollLeft + this.scroll.clientWidth) {
      this.scroll.scrollLeft = x - this.scroll.clientWidth / 2;
    }
  }

  writeAxis() {
    const width = this.wide.offsetWidth;
    const step = STEPS_S.find((step) => (step / this.length) * width >= TICK_PX) ?? STEPS_S.at(-1);
    const axis = this.wide.querySelector(".axis");
    axis.replaceChildren();
    for (let time = 0; (time / this.length) * width < width - TICK_PX / 2; time += step) {
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("x", `${(100 * time) / this.length}%`);
      text.setAttribute("y", "14");
      text.textContent = clock(time);
      axis.append(text);
    }
  }
}

class Transcript {
  constructor(place, zoom) {
    this.zoom = zoom;
    this.session = place.dataset.session;
    this.rows = [...place.querySelectorAll(".said")];
    this.toolbar = document.querySelector(".toolbar");
    this.audio = this.toolbar.querySelector("audio");
    this.chosen = null;
    place.addEventListener("click", (event) => this.choose(event.target.closest(".said"), false));
    place.addEventListener("focusin", (event) => this.choose(event.target.closest(".said"), false));
    this.toolbar.addEventListener("click", (event) => this.act(event.target.closest("[data-act]")?.dataset.act));
    this.audio?.addEventListener("timeupdate", () => this.follow());
    addEventListener("hashchange", () => this.chooseTarget());
    this.quietLinks();
    this.chooseTarget();
  }

  // the rows can be reached by key; a thousand more stops in the chart would be in the way
  quietLinks() {
    for (const link of timeline.querySelectorAll(".chart a")) link.setAttribute("tabindex", "-1");
    this.markInChart();
  }

  chooseTarget() {
    const row = this.rows.find((row) => `#${row.id}` === location.hash);
    if (row) this.choose(row, true);
  }

  choose(row, focus) {
    if (!row) return;
    if (row !== this.chosen) {
      this.chosen?.classList.remove("chosen");
      for (const other of this.rows) other.tabIndex = -1;
      this.chosen = row;
      row.classList.add("chosen");
      row.tabIndex = 0;
      this.toolbar.hidden = false;
      this.toolbar.querySelector(".chosen").textContent = clock(row.dataset.start);
      this.zoom.show(Number(row.dataset.start));
      this.markInChart();
    }
    if (focus) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  }

  markInChart() {
    for (const link of timeline.querySelectorAll(".chart a.chosen")) link.classList.remove("chosen");
    if (this.chosen) timeline.querySelector(`.chart a[href="#${this.chosen.id}"]`)?.classList.add("chosen");
  }

  move(step) {
    const at = this.chosen ? this.rows.indexOf(this.chosen) + step : 0;
    this.choose(this.rows[Math.min(this.rows.length - 1, Math.max(0, at))], true);
  }

  nextRun() {
    const after = this.rows.slice(this.rows.indexOf(this.chosen) + 1);
    this.choose(after.find((row) => row.classList.contains("begins")), true);
  }

  act(name) {
    if (name === "play") this.play();
    else if (name && this.chosen) this.correct(this.chosen, name === "undo" ? null : name);
  }

  async correct(row, topic) {
    const address = `/sessions/${this.session}/utterances/${row.dataset.place}/topic`;
    const answer = await fetch(topic ? `${address}/${topic}` : address, { method: topic ? "PUT" : "DELETE" })
      .catch(() => null);
    if (!answer?.ok) {
      this.say("The correction could not be stored. Is monitor serve still running?");
      return;
    }
    const changed = await answer.json();
    row.classList.remove("work", "personal");
    row.classList.add(changed.topic);
    row.toggleAttribute("data-corrected", changed.corrected);
    row.querySelector(".topic").textContent = changed.topic;
    document.querySelector("#figures").innerHTML = changed.figures;
    document.querySelector("#side").innerHTML = changed.side;
    timeline.querySelector(".chart").innerHTML = changed.timeline;
    for (const other of this.rows) other.classList.toggle("begins", changed.begins.includes(Number(other.dataset.place)));
    this.quietLinks();
    this.say(`${clock(row.dataset.start)} ${changed.corrected ? "corrected to" : "again"} ${changed.topic}. ${changed.said}`);
  }

  play() {
    if (!this.audio || !this.chosen) return;
    if (!this.audio.paused) {
      this.audio.pause();
      return;
    }
    this.audio.currentTime = Number(this.chosen.dataset.start);
    this.audio.play().catch(() => this.say("The sound of this call cannot be played."));
  }

  follow() {
    if (this.audio.paused) return;
    const now = this.audio.currentTime;
    const row = this.rows.find((row) => now >= Number(row.dataset.start) && now < Number(row.dataset.end));
    this.choose(row, true);
  }

  say(text) {
    document.querySelector("#said-aloud").textContent = text;
  }
}

const zoom = timeline && new Zoom(timeline);
const said = transcript && new Transcript(transcript, zoom);
const help = document.querySelector("#help");
document.querySelector("[data-help]")?.addEventListener("click", () => help.showModal());

const keys = {
  "/": () => document.querySelector(".search input").focus(),
  ...(said && {
    ArrowDown: () => said.move(1),
    ArrowUp: () => said.move(-1),
    j: () => said.move(1),
    k: () => said.move(-1),
    n: () => said.nextRun(),
    w: () => said.act("work"),
    p: () => said.act("personal"),
    u: () => said.act("undo"),
    " ": () => said.play(),
    "+": () => zoom.by("in"),
    "=": () => zoom.by("in"),
    "-": () => zoom.by("out"),
    0: () => zoom.by("fit"),
    "?": () => help.showModal(),
  }),
};

addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea");
  const isPressing = event.key === " " && event.target.matches("button, a, summary");
  if (isTyping || isPressing || event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  const act = keys[event.key];
  if (!act || (event.key === " " && !said.audio)) return;
  event.preventDefault();
  act();
});
