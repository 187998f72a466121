const main = document.querySelector("#main");
const perPage = 50;

function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on")
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
const call = async (path, options) => {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
};
const count = (value) => new Intl.NumberFormat("en").format(value);
const when = (iso) =>
  new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

async function showList() {
  const query = new URLSearchParams(location.search);
  let offset = Number(query.get("offset") ?? 0);
  const search = el("input", {
    type: "search",
    placeholder: "Search recipients, senders, subjects",
    "aria-label": "Search mail",
    value: query.get("q") ?? "",
  });
  const total = el("p", { class: "quiet", role: "status" });
  const list = el("ol", { "aria-label": "Messages" });
  const newer = el("button", { type: "button", on: { click: () => turn(-perPage) } }, "Newer");
  const older = el("button", { type: "button", on: { click: () => turn(perPage) } }, "Older");
  const range = el("span", { class: "quiet" });
  const pages = el("div", { class: "pages" }, newer, range, older);
  const clear = el("button", { type: "button", on: { click: empty } }, "Empty the inbox");

  async function turn(step) {
    offset = Math.max(0, offset + step);
    await load();
    scrollTo(0, 0);
  }
  async function empty() {
    if (!confirm("Delete every message in the demo inbox?")) return;
    await fetch("/api/messages", { method: "DELETE" });
    offset = 0;
    await load();
  }
  let last = "";
  async function load() {
    const params = new URLSearchParams({ q: search.value.trim(), offset, limit: perPage });
    const found = await call(`/api/messages?${params}`);
    const address = new URLSearchParams();
    if (search.value.trim()) address.set("q", search.value.trim());
    if (offset > 0) address.set("offset", offset);
    history.replaceState(null, "", address.size > 0 ? `/?${address}` : "/");
    const state = JSON.stringify([found, offset]);
    if (state === last) return;
    last = state;
    const noun = found.total === 1 ? "message" : "messages";
    total.textContent =
      found.kept === 0
        ? "No mail yet. This page looks again every two seconds."
        : found.total === found.kept
          ? `${count(found.total)} ${noun}`
          : `${count(found.total)} of ${count(found.kept)} messages match`;
    list.hidden = found.messages.length === 0;
    list.replaceChildren(
      ...found.messages.map((mail) =>
        el(
          "li",
          {},
          el(
            "a",
            { href: `/messages/${mail.n}` },
            el("strong", { dir: "auto" }, mail.subject || "(no subject)"),
            el("span", {}, when(mail.at)),
            el("span", { class: "who" }, `To ${mail.rcpt.join(", ")}`),
            el("span", {}, `${count(Math.max(1, Math.round(mail.size / 1000)))} kB`),
          ),
        ),
      ),
    );
    pages.hidden = found.total <= perPage;
    clear.hidden = found.kept === 0;
    newer.disabled = offset === 0;
    older.disabled = offset + perPage >= found.total;
    range.textContent = `${count(offset + 1)}–${count(Math.min(offset + perPage, found.total))} of ${count(found.total)}`;
  }
  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    offset = 0;
    timer = setTimeout(load, 150);
  });
  await load();
  main.replaceChildren(el("div", { class: "tools" }, search, clear), total, list, pages);
  setInterval(() => document.visibilityState === "visible" && load().catch(() => undefined), 2000);
}

async function showMessage(n) {
  const mail = await call(`/api/messages/${n}`);
  document.title = `${mail.subject} · Demo inbox`;
  const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
  const body = el("div", { role: "tabpanel", id: "body" });
  const views = {
    HTML: () => {
      const frame = el("iframe", {
        title: "Message",
        sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
        src: `/api/messages/${n}/html`,
      });
      frame.addEventListener("load", () => {
        const { document: inside } = frame.contentWindow;
        for (const link of inside.links) link.target = "_blank";
        frame.style.height = `${inside.documentElement.scrollHeight + 4}px`;
      });
      return frame;
    },
    Text: () => el("div", { class: "card" }, el("pre", { dir: "auto" }, mail.text)),
    Headers: () =>
      el(
        "div",
        { class: "card" },
        el("dl", {}, ...mail.headers.flatMap(([name, value]) => fact(name, value))),
      ),
    Source: () => {
      const text = el("pre", {});
      void fetch(`/api/messages/${n}/raw`).then(
        async (response) => (text.textContent = await response.text()),
      );
      return el("div", { class: "card" }, text);
    },
  };
  const names = Object.keys(views).filter((name) => name !== "HTML" || mail.hasHtml);
  const tabs = names.map((name) =>
    el(
      "button",
      { type: "button", role: "tab", "aria-controls": "body", on: { click: () => choose(name) } },
      name,
    ),
  );
  function choose(name) {
    tabs.forEach((tab) => {
      const on = tab.textContent === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    });
    body.setAttribute("aria-label", name);
    body.replaceChildren(views[name]());
  }
  const tablist = el("div", { role: "tablist", "aria-label": "View" }, ...tabs);
  tablist.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length);
    choose(next.textContent);
    next.focus();
  });
  main.replaceChildren(
    el("p", {}, el("a", { href: "/" }, "← All mail")),
    el(
      "div",
      { class: "card" },
      el("h2", { dir: "auto" }, mail.subject || "(no subject)"),
      el(
        "dl",
        {},
        ...fact("From", mail.sender || mail.from),
        ...fact("To", mail.to || mail.rcpt.join(", ")),
        ...fact("Sent", mail.date ? when(mail.date) : "No date"),
        ...fact("Arrived", when(mail.at)),
        ...(mail.attachments.length > 0
          ? fact("Attached", mail.attachments.map((one) => one.filename ?? one.contentType).join(", "))
          : []),
      ),
    ),
    tablist,
    body,
  );
  choose(names[0]);
}

const message = /^\/messages\/(\d+)$/.exec(location.pathname);
(message ? showMessage(Number(message[1])) : showList()).catch((error) => {
  main.replaceChildren(el("p", {}, error.message), el("p", {}, el("a", { href: "/" }, "← All mail")));
});
