/* Moving about with the keyboard; everything works without this file too. */
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  const form = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (form) open(event, form);
});

function step(by) {
  const links = [...document.querySelectorAll(".work td:first-child a")];
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
  if (next) next.focus();
}

function open(event, form) {
  event.preventDefault();
  if (form.tagName === "A") return form.click();
  form.open = true;
  const field = form.querySelector("textarea, input:not([type=hidden]), select, button");
  if (field) field.focus();
}

/* A second click on a slow line must not do the same thing twice. */
const WAIT = 5000; // a form that only fetched a file leaves the page as it is
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, WAIT);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

/* What was done is said once: not again when the page is loaded anew or gone back to. And a page
   that answers a form has the address of what it shows, which can be opened again. */
const here = new URL(location.href);
const shown = document.querySelector("[data-address]");
here.searchParams.delete("done");
if (shown) here.pathname = shown.dataset.address;
if (here.href !== location.href) history.replaceState(history.state, "", here);
