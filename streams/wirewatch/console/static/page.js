// Brings the page up to date while somebody looks at it. Everything works without it.
"use strict";
const main = document.querySelector("main[data-live]");
let last = "";
async function refresh() {
  if (!main || document.hidden || String(getSelection()) || main.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const text = await answer.text();
    if (text === last) return;
    last = text;
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    if (!fresh) return;
    const open = [...main.querySelectorAll("details[open]")].map((element) => element.id);
    main.replaceChildren(...fresh.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  } catch {
    // The server is away; the next round will tell.
  }
}
if (main) setInterval(refresh, 3000);
