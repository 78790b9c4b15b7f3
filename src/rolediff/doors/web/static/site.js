// Forms that answer without a full reload, and parts that load when they are scrolled to.
// Every page is whole without this.
"use strict";

const form = document.querySelector("form[data-live]");
const place = form && document.querySelector(form.dataset.live);
let asked = 0;
let shown = location.search;

function load(part) {
  if (part.dataset.part === undefined) return;
  const address = part.dataset.part;
  delete part.dataset.part;
  part.setAttribute("aria-busy", "true");
  fetch(address)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((text) => { part.innerHTML = text; })
    .catch(() => {})
    .finally(() => part.setAttribute("aria-busy", "false"));
}

function watch() {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        load(entry.target);
      }
    }
  }, { rootMargin: "600px" });
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
      place.replaceChildren(...inside.childNodes);
      status.textContent = ok ? "" : "Not answered: see below.";
      if (ok) document.title = `${place.querySelector("h1").textContent}: rolediff`;
      if (push) history.pushState(null, "", `/compare?${said}`);
      shown = location.search;
      watch();
    })
    .catch(() => { if (mine === asked) form.submit(); });
}

if (form && place && "IntersectionObserver" in window) {
  form.addEventListener("change", () => renew(true));
  form.addEventListener("submit", (event) => { event.preventDefault(); renew(true); });
  window.addEventListener("popstate", () => {
    if (location.search !== shown) location.reload(); // a step to another part of the page is none
  });
  watch();
}
