// Forms that answer without a full reload, and parts that load when they are scrolled to.
// Every page is whole without this.
"use strict";

const form = document.querySelector("form[data-live]");
const place = form && document.querySelector(form.dataset.live);
const MOST = 12; // answers that are held, to go back to as they were left
const held = new Map();
let asked = 0;
let shown = location.search;
let aim = location.hash.slice(1); // what was jumped to, until the reader moves on

function load(part) {
  if (part.dataset.part === undefined) return;
  const address = part.dataset.part;
  delete part.dataset.part;
  part.setAttribute("aria-busy", "true");
  fetch(address)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((text) => { part.innerHTML = text; })
    .catch(() => {})
    .finally(() => {
      part.setAttribute("aria-busy", "false");
      keep();
    });
}

// Parts that load above what was jumped to would push it away.
function keep() {
  const target = aim && document.getElementById(aim);
  if (target) target.scrollIntoView({ behavior: "instant" });
}

function watch() {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        load(entry.target);
      }
    }
  }, { rootMargin: "1000px" });
  for (const part of document.querySelectorAll(".later")) seen.observe(part);
}

function query() {
  const said = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const field = form.elements[name];
    const usual = field.tagName === "SELECT" && field.selectedIndex === 0;
    if (value !== "" && !usual) said.append(name, value);
  }
  return said.toString();
}

function fields() {
  return [...new FormData(form)];
}

function hold() {
  held.delete(shown);
  held.set(shown, { nodes: [...place.childNodes], title: document.title });
  if (held.size > MOST) held.delete(held.keys().next().value);
}

function show(nodes, title) {
  place.replaceChildren(...nodes);
  document.title = title;
  shown = location.search;
  watch();
}

function renew(push) {
  const mine = ++asked;
  const status = form.querySelector("[role=status]");
  const said = query();
  status.textContent = "Comparing…";
  fetch(`/compare/answer?${said}`)
    .then((answer) => answer.text().then((text) => ({ ok: answer.ok, text })))
    .then(({ ok, text }) => {
      if (mine !== asked) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      const inside = ok ? page.body : page.querySelector("main");
      const heading = inside.querySelector("h1").textContent;
      status.textContent = ok ? "" : "Not answered: see below.";
      if (push) {
        hold();
        history.pushState(fields(), "", `/compare?${said}`);
      }
      show(inside.childNodes, `${heading}: rolediff`);
    })
    .catch(() => { if (mine === asked) form.submit(); });
}

// Back and forward: the form as it was, and the answer as it was left, or asked for again.
function restore(state) {
  if (location.search === shown) return; // a step to another part of the page is none
  if (!state) {
    location.reload();
    return;
  }
  for (const [name, value] of state) form.elements[name].value = value;
  hold();
  const left = held.get(location.search);
  if (left === undefined) {
    renew(false);
    return;
  }
  asked += 1; // an answer on its way is for another address
  form.querySelector("[role=status]").textContent = "";
  show(left.nodes, left.title);
}

if (form && place && "IntersectionObserver" in window) {
  history.replaceState(fields(), "");
  document.documentElement.classList.add("live");
  for (const move of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    window.addEventListener(move, () => { aim = ""; }, { passive: true });
  }
  window.addEventListener("hashchange", () => { aim = location.hash.slice(1); keep(); });
  form.addEventListener("change", () => renew(true));
  form.addEventListener("submit", (event) => { event.preventDefault(); renew(true); });
  window.addEventListener("popstate", (event) => restore(event.state));
  watch();
}
