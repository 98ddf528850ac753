/* The digits choose for the first sentence that waits; everything works without this file too. */
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !/^\d$/.test(event.key)) return;
  const quick = document.querySelector(".sentence .quick");
  const first = quick ? [...quick.children] : [];
  const wanted = event.key === "0" ? first.find((button) => button.value === "drop") : first.filter((button) => button.name === "intent")[Number(event.key) - 1];
  if (wanted) wanted.click();
});
