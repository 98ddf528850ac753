// The chat page alive: own messages at once, answers as they come, photos before they are sent.
(function () {
  "use strict";

  const TRIES = 3;
  const form = document.getElementById("say");
  const talk = document.getElementById("talk");
  const scroller = document.getElementById("scroll");
  const box = document.getElementById("text");
  const picker = document.getElementById("photos");
  const strip = document.getElementById("strip");
  const below = document.getElementById("below");
  const net = document.getElementById("net");
  let token = form.elements._csrf_token.value;
  let last = Number(talk.dataset.after);
  let photos = [];
  let queue = Promise.resolve();
  let waitingTimer = 0;

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function pause(milliseconds) {
    return new Promise((done) => setTimeout(done, milliseconds));
  }

  // --- showing ---------------------------------------------------------------------------

  function show(item) {
    const tooTall = item.offsetHeight > scroller.clientHeight - 24;
    scroller.scrollTop = tooTall ? item.offsetTop - 8 : scroller.scrollHeight;
    hintBelow();
  }

  function hintBelow() {
    const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    below.hidden = left < 60;
  }

  function showWaiting() {
    hideWaiting();
    const item = element("li", "said theirs waiting");
    const bubble = element("div", "bubble");
    for (let i = 0; i < 3; i += 1) bubble.append(element("i"));
    item.setAttribute("aria-hidden", "true");
    item.append(bubble);
    talk.append(item);
    show(item);
    waitingTimer = setTimeout(hideWaiting, 25000);
  }

  function hideWaiting() {
    clearTimeout(waitingTimer);
    for (const old of talk.querySelectorAll(".waiting")) old.remove();
  }

  function showOwn(message) {
    hideWaiting();
    for (const old of talk.querySelectorAll(".choices")) old.remove();
    const item = element("li", "said mine");
    item.append(element("span", "who", "我说："));
    if (message.text) item.append(element("div", "bubble", message.text));
    for (const photo of message.photos) item.append(preview(photo, "photo"));
    message.state = element("span", "state", "发送中……");
    item.append(message.state);
    talk.append(item);
    message.item = item;
    show(item);
  }

  function preview(photo, className) {
    const frame = element("span", className);
    if (photo.type.startsWith("image/")) {
      const image = element("img");
      image.alt = photo.name;
      image.src = URL.createObjectURL(photo);
      image.onload = () => URL.revokeObjectURL(image.src);
      frame.append(image);
    } else {
      frame.append(element("span", "bubble", photo.name));
    }
    return frame;
  }

  function hear(id, html) {
    if (id <= last && document.getElementById("o" + id)) return;
    last = Math.max(last, id);
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const item = holder.content.firstElementChild;
    if (!item || document.getElementById(item.id)) return;
    hideWaiting();
    talk.append(item);
    show(item);
  }

  // --- sending ---------------------------------------------------------------------------

  function say(text, value, files, id) {
    const message = { id: id || newId(), text: text, value: value, photos: files };
    if (text || files.length) showOwn(message);
    queue = queue.then(() => deliver(message));
  }

  async function deliver(message) {
    setState(message, "发送中……");
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        const answer = await post(message);
        if (answer.ok) return setState(message, "已发送", showWaiting);
        if (answer.status < 500) return refuse(message, answer);
      } catch (error) {
        net.hidden = false;
      }
      if (attempt < TRIES) await pause(1000 * attempt * attempt);
    }
    return offerAgain(message, "没发出去。网络好了以后，点一下：");
  }

  async function post(message) {
    let answer = await postOnce(message);
    if (answer.status === 403) {
      const fresh = await fetch("/chat/token", { credentials: "same-origin" });
      token = (await fresh.text()).trim();
      answer = await postOnce(message);
    }
    net.hidden = true;
    return answer;
  }

  function postOnce(message) {
    const body = new FormData();
    body.append("id", message.id);
    body.append("text", message.text);
    body.append("value", message.value);
    for (const photo of message.photos) body.append("photos", photo, photo.name);
    return fetch("/chat/messages", {
      method: "POST",
      body: body,
      credentials: "same-origin",
      headers: { accept: "application/json", "x-csrftoken": token },
    });
  }

  async function refuse(message, answer) {
    if (answer.status === 409) return location.reload();
    if (answer.status === 403) {
      return offerAgain(message, "没发出去。请让浏览器允许保存 Cookie，再点一下：");
    }
    if (answer.status === 429) return offerAgain(message, "说得太快了，歇一会儿再点一下：");
    if (answer.status === 413) return setState(message, "没发出去：照片太大了，请一次少发几张。", null, true);
    const document_ = await answer.json().catch(() => ({}));
    const reason = document_.reason || document_.detail || "请再试一次。";
    return setState(message, "没发出去：" + reason, null, true);
  }

  function setState(message, words, then, bad) {
    if (message.state) {
      message.state.textContent = words;
      message.state.className = bad ? "state bad" : "state";
    }
    if (then) then();
  }

  function offerAgain(message, words) {
    if (!message.state) return;
    setState(message, words, null, true);
    const again = element("button", "again", "重新发送");
    again.type = "button";
    again.onclick = () => {
      again.remove();
      queue = queue.then(() => deliver(message));
    };
    message.item.append(again);
    show(message.item);
  }

  // --- the composer ----------------------------------------------------------------------

  function grow() {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 4, 160) + "px";
  }

  function showStrip() {
    strip.replaceChildren();
    photos.forEach((photo, index) => {
      const thumb = preview(photo, "thumb");
      const remove = element("button", "", "×");
      remove.type = "button";
      remove.setAttribute("aria-label", "不发这张");
      remove.onclick = () => {
        photos.splice(index, 1);
        showStrip();
      };
      thumb.append(remove);
      strip.append(thumb);
    });
    strip.hidden = photos.length === 0;
  }

  picker.addEventListener("change", () => {
    photos = photos.concat(Array.from(picker.files)).slice(0, 9);
    picker.value = "";
    showStrip();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text && !photos.length) return box.focus();
    say(text, "", photos);
    box.value = "";
    photos = [];
    showStrip();
    grow();
    return undefined;
  });

  talk.addEventListener("click", (event) => {
    const choice = event.target.closest(".choice");
    if (!choice) return;
    event.preventDefault();
    say(choice.textContent.trim(), choice.value, []);
  });

  scroller.addEventListener("scroll", hintBelow, { passive: true });
  window.addEventListener("resize", hintBelow);
  below.addEventListener("click", () => {
    scroller.scrollTop += scroller.clientHeight * 0.8;
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });

  // --- answers ---------------------------------------------------------------------------

  function listen() {
    const stream = new EventSource("/chat/events?after=" + last);
    stream.addEventListener("said", (event) => hear(Number(event.lastEventId), event.data));
    stream.onopen = () => { net.hidden = true; };
    stream.onerror = () => {
      net.hidden = false;
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    };
  }

  async function poll() {
    for (;;) {
      try {
        const answer = await fetch("/chat/news?after=" + last, { credentials: "same-origin" });
        for (const item of await answer.json()) hear(item.id, item.html);
        net.hidden = true;
      } catch (error) {
        net.hidden = false;
      }
      await pause(2000);
    }
  }

  if (talk.lastElementChild) show(talk.lastElementChild);
  if (!talk.children.length) say("", form.dataset.start, [], form.dataset.startId);
  if ("EventSource" in window) listen();
  else poll();
})();
