/**
 * The demo's Shopify admin: one page that frames the app, lists the store's customers and has a small theme editor. It draws what the
 * app asks for through the stand-in App Bridge (../app-bridge.js), and keeps its own address in step with the app's.
 */
const settings = window.__demoAdmin;
const $ = (selector) => document.querySelector(selector);
const main = $("#main");

/** Elements without innerHTML: attributes by name, `on` for listeners, text and elements as children. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    } else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
async function call(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `The demo store answered ${response.status}.`);
  return body;
}
const post = (path, body) =>
  call(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

// ------------------------------------------------------------ where we are

let at = null;
function readPlace() {
  const [, , handle = "", ...rest] = location.pathname.split("/");
  const shop = settings.shops.find((known) => known.handle === handle) ?? settings.shops[0];
  return {
    shop,
    path: `/${rest.join("/")}`,
    query: new URLSearchParams(location.search),
    hash: location.hash,
  };
}
function staffKey(shop) {
  return `demo-staff-${shop.handle}`;
}
function currentStaff(shop) {
  const id = localStorage.getItem(staffKey(shop));
  return shop.staff.find((member) => String(member.id) === id) ?? shop.staff[0];
}
const fullName = (member) => `${member.firstName} ${member.lastName}`;
const initials = (member) => `${member.firstName[0] ?? ""}${member.lastName[0] ?? ""}`;

// ------------------------------------------------------------ app frame

const app = { frame: null, items: [], path: null, bar: null };
const hidden = ["embedded", "shop", "host", "id_token", "locale", "session", "hmac", "timestamp"];

async function openApp(place, isStale) {
  const path = place.path.replace(/^\/apps\/candor/, "") || "/app";
  const { token } = await post("/__demo/id-token", {
    shop: place.shop.domain,
    user: currentStaff(place.shop).id,
  });
  if (isStale()) return;
  const url = new URL(path === "/" ? "/app" : path, settings.appUrl);
  for (const [name, value] of place.query) if (!hidden.includes(name)) url.searchParams.append(name, value);
  const host = btoa(`admin.shopify.com/store/${place.shop.handle}`).replace(/=+$/, "");
  const given = {
    embedded: "1",
    shop: place.shop.domain,
    host,
    id_token: token,
    locale: "en",
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  url.hash = place.hash;
  app.path = url.pathname;
  app.items = [];
  app.frame = el("iframe", {
    class: "app",
    name: "app-iframe",
    title: "Candor",
    src: url.href,
    allow: "clipboard-write",
  });
  main.className = "framed";
  main.replaceChildren(
    el(
      "div",
      { class: "title-bar" },
      el("span", { class: "app-icon", "aria-hidden": "true" }, "C"),
      el("h1", {}, "Candor"),
      el("div", { class: "actions" }),
    ),
    app.frame,
  );
  drawNav();
}

function toFrame(type, detail = {}) {
  app.frame?.contentWindow?.postMessage({ demoStore: 1, type, ...detail }, new URL(settings.appUrl).origin);
}

const methods = {
  idToken: async () =>
    (await post("/__demo/id-token", { shop: at.shop.domain, user: currentStaff(at.shop).id })).token,
  user: async () => {
    const member = currentStaff(at.shop);
    return {
      id: Number(String(member.id).replace(/\D/g, "")),
      name: fullName(member),
      firstName: member.firstName,
      lastName: member.lastName,
      email: member.email,
      accountAccess: member.accountOwner ? "Account owner" : "Full access",
    };
  },
  "scopes.query": () => call(`/__demo/scopes?shop=${at.shop.domain}`),
  "scopes.request": async (scopes) => {
    const before = await call(`/__demo/scopes?shop=${at.shop.domain}`);
    const unknown = scopes.filter((scope) => ![...before.required, ...before.optional].includes(scope));
    if (unknown.length > 0) throw new Error(`Not declared in shopify.app.toml: ${unknown.join(", ")}`);
    const missing = scopes.filter((scope) => !before.granted.includes(scope));
    if (missing.length === 0) return { result: "granted-all", detail: before };
    const allowed = await confirm({
      title: "Candor needs more access",
      body: [
        el("p", {}, `Candor asks to add to what it may do in ${at.shop.name}:`),
        el(
          "ul",
          {},
          ...missing.map((scope) => el("li", {}, scopeWords[scope] ?? scope, " ", el("code", {}, scope))),
        ),
      ],
      yes: "Allow",
      no: "Don't allow",
    });
    if (!allowed) return { result: "declined-all", detail: before };
    return {
      result: "granted-all",
      detail: await post("/__demo/scopes", { shop: at.shop.domain, add: missing }),
    };
  },
  "scopes.revoke": async (scopes) => ({
    detail: await post("/__demo/scopes", { shop: at.shop.domain, remove: scopes }),
  }),
  "app.extensions": async () => (await call(`/__demo/extensions?shop=${at.shop.domain}`)).extensions,
  resourcePicker: async (options = {}) => {
    const found = (await call(`/__demo/products`)).products;
    const chosen = await pick({
      title: `${options.action === "select" ? "Select" : "Add"} ${options.type === "product" ? "products" : options.type + "s"}`,
      items:
        options.type === "product"
          ? found.map((product) => ({ id: product.id, heading: product.title, note: product.price }))
          : [],
      multiple: options.multiple ?? false,
      selected: (options.selectionIds ?? []).map((one) => one.id),
      query: options.query ?? "",
      yes: options.action === "select" ? "Select" : "Add",
    });
    return chosen === null ? undefined : found.filter((product) => chosen.includes(product.id));
  },
  picker: async (options = {}) => {
    const chosen = await pick({
      title: options.heading,
      items: options.items.map((item) => ({ ...item, note: (item.data ?? []).join(" · ") })),
      multiple: options.multiple ?? false,
      selected: options.items.filter((item) => item.selected).map((item) => item.id),
      query: "",
      yes: "Select",
    });
    return chosen ?? undefined;
  },
  confirmDiscard: () =>
    confirm({
      title: "Discard all unsaved changes?",
      body: [el("p", {}, "The changes on this page will be lost.")],
      yes: "Discard changes",
      no: "Keep editing",
      critical: true,
    }),
};
const scopeWords = {
  read_all_orders: "Read orders older than 60 days",
  write_customers: "Change customers",
  write_discounts: "Create discounts",
};

const heard = {
  ready() {
    setBar(null);
    $("#progress").hidden = true;
  },
  navigate({ path }) {
    const url = new URL(path, settings.appUrl);
    app.path = url.pathname;
    const address = `/store/${at.shop.handle}/apps/candor${url.pathname}${url.search}${url.hash}`;
    if (location.pathname + location.search + location.hash !== address)
      history.replaceState(null, "", address);
    at = readPlace();
    drawNav();
  },
  "nav-menu"({ items }) {
    app.items = items;
    drawNav();
  },
  title({ title, actions, breadcrumb }) {
    document.title = `${title} · ${at.shop.name} · Demo admin`;
    const heading = main.querySelector(".title-bar h1");
    const place = main.querySelector(".title-bar .actions");
    if (!heading) return;
    heading.textContent = title || "Candor";
    main.querySelector(".title-bar .back-action")?.remove();
    if (breadcrumb) {
      heading.before(
        el(
          "button",
          {
            class: "button back-action",
            type: "button",
            on: { click: () => toFrame("title-action", { key: breadcrumb.key }) },
          },
          `← ${breadcrumb.label}`,
        ),
      );
    }
    place.replaceChildren(
      ...actions
        .toSorted((one, other) => Number(one.primary) - Number(other.primary))
        .map((action) =>
          el(
            "button",
            {
              type: "button",
              class: `button${action.primary ? " primary" : ""}${action.critical ? " critical" : ""}`,
              disabled: action.disabled,
              on: { click: () => toFrame("title-action", { key: action.key }) },
            },
            action.label,
          ),
        ),
    );
  },
  "save-bar": ({ bar }) => setBar(bar),
  "save-bar-alert": alertBar,
  loading({ on }) {
    $("#progress").hidden = !on;
  },
  toast: showToast,
  "toast-hide": ({ id }) => document.getElementById(id)?.remove(),
  open({ href }) {
    const url = new URL(href);
    if (url.origin === location.origin) go(url.pathname + url.search + url.hash);
    else location.assign(href);
  },
};

window.addEventListener("message", async (event) => {
  if (event.origin !== new URL(settings.appUrl).origin || event.data?.demoStore !== 1) return;
  const { type, call: number, method, args } = event.data;
  if (type === "call") {
    const answer = { demoStore: 1, type: "reply", call: number };
    try {
      if (!methods[method]) throw new Error(`The demo's App Bridge has no ${method}.`);
      answer.value = await methods[method](...args);
    } catch (error) {
      answer.error = error.message;
    }
    event.source?.postMessage(answer, event.origin);
  } else if (event.source === app.frame?.contentWindow) {
    heard[type]?.(event.data);
  }
});

// ------------------------------------------------------------ save bar, toasts, dialogs

function setBar(bar) {
  app.bar = bar;
  const element = $("#save-bar");
  element.hidden = bar === null;
  element.classList.remove("alert");
  element.querySelector("p").textContent = bar === null ? "" : "Unsaved changes";
  if (bar === null) return;
  for (const action of ["save", "discard"]) {
    const button = element.querySelector(`[data-action=${action}]`);
    button.textContent = bar[action].loading ? "Saving…" : bar[action].label;
    button.disabled = bar[action].disabled || bar[action].loading;
  }
}
function alertBar() {
  const element = $("#save-bar");
  element.classList.remove("alert");
  void element.offsetWidth;
  element.classList.add("alert");
  $("#say").textContent = "";
  setTimeout(() => ($("#say").textContent = "Save or discard your changes first."));
}
$("#save-bar").addEventListener("click", (event) => {
  const action = event.target.dataset?.action;
  if (action) toFrame("save-bar", { action });
});

function showToast({ id, message, duration, isError, action }) {
  const dismiss = () => {
    toast.remove();
    toFrame("toast-dismiss", { id });
  };
  const toast = el(
    "div",
    { class: `toast${isError ? " error" : ""}`, id },
    el("span", {}, message),
    action
      ? el("button", { type: "button", on: { click: () => toFrame("toast-action", { id }) } }, action)
      : null,
    el("button", { type: "button", "aria-label": "Dismiss", on: { click: dismiss } }, "×"),
  );
  $("#toasts").append(toast);
  setTimeout(() => toast.isConnected && dismiss(), Math.max(duration, 1000));
}

/** A dialog of the admin; resolves with what `read` gives when accepted, null when not. */
function showDialog({ title, body, yes, no, critical, read, mayAccept = () => true }) {
  return new Promise((resolve) => {
    const accept = el(
      "button",
      { type: "submit", value: "yes", class: `button primary${critical ? " critical" : ""}` },
      yes,
    );
    const dialog = el(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      el("h2", { id: "dialog-title" }, title),
      el("div", { class: "content" }, ...body),
      el(
        "footer",
        {},
        el("button", { type: "button", class: "button", on: { click: () => dialog.close("") } }, no),
        accept,
      ),
    );
    accept.addEventListener("click", () => dialog.close("yes"));
    const update = () => (accept.disabled = !mayAccept(dialog));
    dialog.addEventListener("change", update);
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes" ? read(dialog) : null);
      dialog.remove();
    });
    document.body.append(dialog);
    update();
    dialog.showModal();
  });
}
const confirm = async (options) => (await showDialog({ ...options, read: () => true })) === true;

function pick({ title, items, multiple, selected, query, yes }) {
  const search = el("input", { type: "search", "aria-label": "Search", placeholder: "Search", value: query });
  const rows = items.map((item) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: multiple ? "checkbox" : "radio",
        name: "choice",
        value: item.id,
        checked: selected.includes(item.id),
        disabled: item.disabled,
      }),
      el("span", {}, item.heading, item.note ? el("small", {}, item.note) : null),
    ),
  );
  const none = el("p", { class: "quiet", hidden: items.length > 0 }, "Nothing to choose from here.");
  const filter = () =>
    rows.forEach((row) => (row.hidden = !row.textContent.toLowerCase().includes(search.value.toLowerCase())));
  search.addEventListener("input", filter);
  filter();
  const checked = (dialog) =>
    [...dialog.querySelectorAll("input[name=choice]:checked")].map((input) => input.value);
  return showDialog({
    title,
    body: [el("div", { class: "search" }, search), none, ...rows],
    yes,
    no: "Cancel",
    read: checked,
    mayAccept: (dialog) => {
      const count = checked(dialog).length;
      return count > 0 && (typeof multiple !== "number" || count <= multiple);
    },
  });
}

// ------------------------------------------------------------ navigation

const icons = {
  home: "M3 9l7-6 7 6v8h-5v-5H8v5H3z",
  orders: "M4 3h12v14l-3-2-3 2-3-2-3 2z M7 7h6 M7 10h6",
  customers: "M10 10a3.5 3.5 0 100-7 3.5 3.5 0 000 7z M3 17c1-4 4-5 7-5s6 1 7 5",
  store: "M3 8l1-5h12l1 5 M4 8v9h12V8 M3 8c0 3 4 3 4 0 0 3 6 3 6 0 0 3 4 3 4 0",
};
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icons[name]);
  svg.append(path);
  return svg;
}
let drawnNav = "";
function drawNav() {
  const base = `/store/${at.shop.handle}`;
  const here = at.path.replace(/\/$/, "");
  const items = app.items.filter((item) => !item.home);
  const inApp = here.startsWith("/apps/candor");
  const currentItem = items
    .filter((item) => app.path === item.path || app.path?.startsWith(`${item.path}/`))
    .toSorted((one, other) => other.path.length - one.path.length)[0];
  const state = JSON.stringify([base, here, items, inApp, currentItem?.path]);
  if (state === drawnNav) return;
  drawnNav = state;
  const link = (path, label, name, current) =>
    el(
      "li",
      {},
      el(
        "a",
        { href: base + path, "aria-current": current ? "page" : null },
        name ? icon(name) : null,
        label,
      ),
    );
  const appLink = link("/apps/candor", "Candor", null, inApp && !currentItem);
  appLink.querySelector("a").prepend(el("span", { class: "app-icon", "aria-hidden": "true" }, "C"));
  if (inApp && items.length > 0) {
    appLink.append(
      el(
        "ul",
        {},
        ...items.map((item) => link(`/apps/candor${item.path}`, item.label, null, item === currentItem)),
      ),
    );
  }
  $("#nav").replaceChildren(
    el(
      "ul",
      {},
      link("", "Home", "home", here === ""),
      link("/orders", "Orders", "orders", here === "/orders"),
      link("/customers", "Customers", "customers", here.startsWith("/customers")),
      link("/themes/current/editor?context=apps", "Online store", "store", here.startsWith("/themes")),
    ),
    el("p", { class: "group" }, "Apps"),
    el("ul", {}, appLink),
    el(
      "p",
      { class: "note" },
      "A stand-in for Shopify's admin. The store, its people and its orders are invented.",
    ),
  );
}
function openMenu(open) {
  $("#nav").classList.toggle("open", open);
  $("#scrim").hidden = !open;
  $("#menu").setAttribute("aria-expanded", String(open));
  if (open) $("#nav a")?.focus();
}
$("#menu").addEventListener("click", () => openMenu(!$("#nav").classList.contains("open")));
$("#scrim").addEventListener("click", () => openMenu(false));

function drawWho() {
  const member = currentStaff(at.shop);
  const second = (one) => (at.shop.staff.indexOf(one) > 0 ? " second" : "");
  $("#who").replaceChildren(
    el("span", { class: "name", "aria-hidden": "true" }, fullName(member)),
    el("span", { class: "unseen" }, `${fullName(member)}, ${at.shop.name}: switch staff or store`),
    el("span", { class: `initials${second(member)}`, "aria-hidden": "true" }, initials(member)),
  );
  const item = (checked, click, ...children) =>
    el(
      "button",
      {
        type: "button",
        role: "menuitemradio",
        "aria-checked": String(checked),
        tabindex: "-1",
        on: { click },
      },
      ...children,
    );
  $("#who-menu").replaceChildren(
    el("p", {}, "You are"),
    ...at.shop.staff.map((one) =>
      item(
        one === member,
        () => {
          localStorage.setItem(staffKey(at.shop), String(one.id));
          showWho(false);
          void show();
        },
        el("span", { class: `initials${second(one)}`, "aria-hidden": "true" }, initials(one)),
        el("span", {}, fullName(one), el("small", {}, one.accountOwner ? "Store owner" : "Staff")),
      ),
    ),
    el("hr"),
    el("p", {}, "Store"),
    ...settings.shops.map((shop) =>
      item(
        shop === at.shop,
        () => {
          showWho(false);
          go(`/store/${shop.handle}/apps/candor`);
        },
        el("span", {}, shop.name, el("small", {}, shop.domain)),
      ),
    ),
  );
}
function showWho(open) {
  $("#who-menu").hidden = !open;
  $("#who").setAttribute("aria-expanded", String(open));
  if (open) $("#who-menu [aria-checked=true]").focus();
}
$("#who").addEventListener("click", () => showWho($("#who-menu").hidden));
$("#who-menu").addEventListener("keydown", (event) => {
  const items = [...$("#who-menu").querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (!$("#who-menu").hidden) {
    showWho(false);
    $("#who").focus();
  }
  openMenu(false);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".who")) showWho(false);
});
window.addEventListener("blur", () => showWho(false));

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || link.target) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !url.pathname.startsWith("/store/")) return;
  event.preventDefault();
  go(url.pathname + url.search);
});
function go(address) {
  openMenu(false);
  if (app.bar !== null) {
    alertBar();
    return;
  }
  const url = new URL(address, location.origin);
  const prefix = `/store/${at.shop.handle}/apps/candor`;
  if (app.frame?.isConnected && url.pathname.startsWith(prefix)) {
    toFrame("go", { path: (url.pathname.slice(prefix.length) || "/app") + url.search });
    return;
  }
  history.pushState(null, "", address);
  void show();
}
window.addEventListener("popstate", () => {
  const next = readPlace();
  // While the app's frame is shown, Back belongs to the app, which tells us where it went.
  if (app.frame?.isConnected && next.path.startsWith("/apps/candor") && next.shop === at.shop) return;
  void show();
});
window.addEventListener("beforeunload", (event) => {
  if (app.bar !== null) event.preventDefault();
});

// ------------------------------------------------------------ the admin's own pages

const number = (value) => new Intl.NumberFormat("en").format(value);

function homePage(shop) {
  return [
    el("h1", {}, shop.name),
    el(
      "div",
      { class: "card" },
      el("h2", {}, "This store is invented"),
      el(
        "p",
        {},
        `${shop.name} (${shop.domain}) exists only on this machine, so that you can try Candor without a Shopify account. Its customers and orders come from a generator; no real person is in it.`,
      ),
      el(
        "p",
        {},
        el("a", { class: "button primary", href: `/store/${shop.handle}/apps/candor` }, "Open Candor"),
      ),
    ),
    el(
      "div",
      { class: "cards" },
      el(
        "div",
        { class: "card" },
        el("h2", {}, "Customers"),
        el("p", { class: "figure" }, number(shop.customers)),
        el("p", {}, el("a", { href: `/store/${shop.handle}/customers` }, "See customers")),
      ),
      el(
        "div",
        { class: "card" },
        el("h2", {}, "Orders"),
        el("p", { class: "figure" }, number(shop.orders)),
        el("p", { class: "quiet" }, `Placed in the ${shop.timeZone} time zone`),
      ),
      el(
        "div",
        { class: "card" },
        el("h2", {}, "Outside the admin"),
        el("p", {}, el("a", { href: shop.storefront, target: "_blank" }, "Storefront")),
        el(
          "p",
          {},
          el("a", { href: settings.inboxUrl, target: "_blank" }, "Inbox"),
          ": every mail the app sends arrives here",
        ),
      ),
    ),
  ];
}
function ordersPage(shop) {
  return [
    el("h1", {}, "Orders"),
    el(
      "div",
      { class: "card" },
      el("p", { class: "figure" }, number(shop.orders)),
      el(
        "p",
        {},
        "The app reads these orders through the Admin API. This stand-in doesn't list them; each customer's page says how many they placed.",
      ),
    ),
  ];
}
async function customersPage(shop, query) {
  const list = el("div", { class: "card" });
  const input = el("input", {
    type: "search",
    value: query,
    placeholder: "Search by name, email or phone",
    "aria-label": "Search customers",
  });
  let asked = 0;
  async function load() {
    const mine = ++asked;
    const text = input.value.trim();
    const { customers } = await call(
      `/__demo/customers?${new URLSearchParams({ shop: shop.domain, query: text })}`,
    );
    if (mine !== asked) return;
    const address = `/store/${shop.handle}/customers${text ? `?query=${encodeURIComponent(text)}` : ""}`;
    if (list.isConnected) history.replaceState(null, "", address);
    list.replaceChildren(
      customers.length === 0
        ? el("p", {}, `No customer matches “${text}”.`)
        : el(
            "table",
            {},
            el(
              "thead",
              {},
              el(
                "tr",
                {},
                el("th", { scope: "col" }, "Customer"),
                el("th", { scope: "col", class: "wide-only" }, "Location"),
                el("th", { scope: "col", class: "number" }, "Orders"),
              ),
            ),
            el(
              "tbody",
              {},
              ...customers.map((customer) =>
                el(
                  "tr",
                  {},
                  el(
                    "td",
                    {},
                    el("a", { href: `/store/${shop.handle}/customers/${customer.number}` }, customer.name),
                    el("div", { class: "quiet" }, customer.email ?? customer.phone ?? "No email"),
                  ),
                  el("td", { class: "wide-only" }, customer.location),
                  el("td", { class: "number" }, number(customer.orders)),
                ),
              ),
            ),
          ),
    );
  }
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), 150);
  });
  await load();
  return [
    el("h1", {}, "Customers"),
    el("div", { class: "search", role: "search" }, input),
    list,
    el(
      "p",
      { class: "quiet" },
      `${number(shop.customers)} customers in this store; the first 50 that match are shown.`,
    ),
  ];
}
async function customerPage(shop, id) {
  const { customer } = await call(`/__demo/customers/${id}?shop=${shop.domain}`);
  return [
    el("a", { class: "back", href: `/store/${shop.handle}/customers` }, "← Customers"),
    el("h1", {}, customer.name),
    el(
      "div",
      { class: "card" },
      el("dl", {}, ...customer.details.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    ),
  ];
}

async function openEditor(place, isStale) {
  const { embeds } = await call(`/__demo/embeds?shop=${place.shop.domain}`);
  if (isStale()) return;
  const linked = (place.query.get("activateAppId") ?? "").split("/").at(-1);
  const saved = JSON.stringify(embeds);
  const draft = JSON.parse(saved);
  for (const embed of draft) if (embed.handle === linked) embed.active = true;
  const save = el("button", { type: "submit", class: "button primary" }, "Save");
  const done = el("p", { role: "status", class: "quiet" });
  let base = saved;
  const update = () => {
    save.disabled = JSON.stringify(draft) === base;
    if (!save.disabled) done.textContent = "";
  };
  const preview = el("iframe", { title: "Theme preview", src: place.shop.storefront });
  const field = (embed, setting) => {
    if (!setting.id) return el("p", { class: "quiet" }, setting.content ?? "");
    const change = (event) => {
      embed.settings[setting.id] = event.target.value;
      update();
    };
    const input = setting.options
      ? el(
          "select",
          { on: { change } },
          ...setting.options.map((one) =>
            el("option", { value: one.value, selected: embed.settings[setting.id] === one.value }, one.label),
          ),
        )
      : el("input", {
          type: setting.type === "color" ? "color" : "text",
          value: embed.settings[setting.id],
          on: { input: change },
        });
    return el(
      "label",
      { class: "field" },
      el("span", {}, setting.label),
      input,
      setting.info ? el("small", { class: "quiet" }, setting.info) : null,
    );
  };
  const form = el(
    "form",
    {
      class: "panel",
      on: {
        submit: async (event) => {
          event.preventDefault();
          await post("/__demo/embeds", { shop: place.shop.domain, embeds: draft });
          base = JSON.stringify(draft);
          update();
          done.textContent = "Saved";
          preview.src = place.shop.storefront;
        },
      },
    },
    el("h2", {}, "App embeds"),
    ...draft.map((embed) =>
      el(
        "div",
        { class: `embed${embed.handle === linked ? " linked" : ""}` },
        el(
          "label",
          {},
          el("span", {}, embed.name, el("small", {}, "Candor")),
          el("input", {
            type: "checkbox",
            role: "switch",
            class: "switch",
            checked: embed.active,
            on: {
              change: (event) => {
                embed.active = event.target.checked;
                update();
              },
            },
          }),
        ),
        ...embed.schema.map((setting) => field(embed, setting)),
      ),
    ),
    save,
    done,
  );
  update();
  main.className = "framed";
  main.replaceChildren(
    el("div", { class: "title-bar" }, el("h1", {}, "Theme editor: Kiln")),
    el("div", { class: "editor" }, form, preview),
  );
}

let shown = 0;
async function show() {
  const mine = ++shown;
  at = readPlace();
  if (!location.pathname.startsWith(`/store/${at.shop.handle}`))
    history.replaceState(null, "", `/store/${at.shop.handle}`);
  app.frame = null;
  app.items = [];
  setBar(null);
  drawWho();
  drawNav();
  document.title = `${at.shop.name} · Demo admin`;
  try {
    if (/^\/apps\/candor(\/|$)/.test(at.path)) return await openApp(at, () => mine !== shown);
    if (at.path.startsWith("/themes/")) return await openEditor(at, () => mine !== shown);
    const customer = /^\/customers\/(\d+)$/.exec(at.path);
    const content =
      at.path === "/" || at.path === "/home"
        ? homePage(at.shop)
        : at.path === "/orders"
          ? ordersPage(at.shop)
          : at.path === "/customers"
            ? await customersPage(at.shop, at.query.get("query") ?? "")
            : customer
              ? await customerPage(at.shop, customer[1])
              : [
                  el("h1", {}, "Not in the demo"),
                  el(
                    "div",
                    { class: "card" },
                    el("p", {}, "Shopify's admin has a page here; this stand-in doesn't."),
                    el("p", {}, el("a", { href: `/store/${at.shop.handle}/apps/candor` }, "Open Candor")),
                  ),
                ];
    if (mine !== shown) return;
    main.className = "";
    main.replaceChildren(el("div", { class: "page" }, ...content));
  } catch (error) {
    if (mine !== shown) return;
    main.className = "";
    main.replaceChildren(
      el(
        "div",
        { class: "page" },
        el("h1", {}, "That didn't work"),
        el("div", { class: "card" }, el("p", {}, error.message)),
      ),
    );
  }
}
void show();
