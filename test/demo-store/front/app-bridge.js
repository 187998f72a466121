/**
 * A stand-in for https://cdn.shopify.com/shopifycloud/app-bridge.js, served by the demo's reverse proxy. It runs inside the app's
 * frame and talks to the demo's admin page by postMessage: the admin draws the navigation, title bar, save bar, toasts and pickers;
 * modals are drawn here. Shapes follow @shopify/app-bridge-types 0.7.2.
 */
(() => {
  if (window.shopify?.environment) return;
  /** { adminOrigin, shops: { domain: storefront origin } }, put in front of this file when it is served. */
  const demo = window.__demoStore;

  // ------------------------------------------------------------ configuration

  const script = document.currentScript;
  const query = new URLSearchParams(location.search);
  function remember(name) {
    const key = `demo-bridge-${name}`;
    const given = query.get(name);
    try {
      if (given) sessionStorage.setItem(key, given);
      return given ?? sessionStorage.getItem(key) ?? undefined;
    } catch {
      return given ?? undefined;
    }
  }
  const config = {
    apiKey: document.querySelector('meta[name="shopify-api-key"]')?.content ?? script?.dataset.apiKey ?? "",
    shop: remember("shop"),
    host: remember("host"),
    locale: remember("locale") ?? "en",
    appOrigins: [],
  };
  const embedded = window.top !== window.self;
  const shopHandle = (config.shop ?? "").replace(/\.myshopify\.com$/, "");

  // ------------------------------------------------------------ talking to the admin

  const admin = window.top;
  const waiting = new Map();
  let lastCall = 0;
  function tell(type, detail = {}) {
    if (embedded) admin.postMessage({ demoStore: 1, type, ...detail }, demo.adminOrigin);
  }
  const told = new Map();
  function tellChange(type, detail) {
    const text = JSON.stringify(detail);
    if (told.get(type) === text) return;
    told.set(type, text);
    tell(type, detail);
  }
  function ask(method, ...args) {
    if (!embedded) return Promise.reject(new Error("App Bridge works only inside the Shopify admin."));
    const call = ++lastCall;
    return new Promise((resolve, reject) => {
      waiting.set(call, { resolve, reject });
      tell("call", { call, method, args });
    });
  }
  const heard = {
    reply({ call, value, error }) {
      const promise = waiting.get(call);
      waiting.delete(call);
      if (error === undefined) promise?.resolve(value);
      else promise?.reject(new Error(error));
    },
    go: ({ path }) => navigate(path),
    "title-action": ({ key }) => titleActions.get(key)?.click(),
    "save-bar": ({ action }) => shownBar()?.press(action),
    "toast-action": ({ id }) => toasts.get(id)?.onAction?.(),
    "toast-dismiss": ({ id }) => {
      toasts.get(id)?.onDismiss?.();
      toasts.delete(id);
    },
  };
  window.addEventListener("message", (event) => {
    if (event.origin !== demo.adminOrigin || event.data?.demoStore !== 1) return;
    heard[event.data.type]?.(event.data);
  });

  // ------------------------------------------------------------ id token and authenticated fetch

  let token = null;
  async function idToken(fresh = false) {
    if (fresh || token === null || Date.now() - token.at > 20_000) {
      token = { at: Date.now(), value: ask("idToken") };
      token.value.catch(() => (token = null));
    }
    return token.value;
  }

  const plainFetch = window.fetch.bind(window);
  window.fetch = async function fetch(input, init) {
    const address = input instanceof Request ? input.url : String(input);
    if (/^shopify:\/*admin\/api\//i.test(address)) {
      throw new TypeError("Direct API access is not switched on for this app.");
    }
    const url = new URL(address, document.baseURI);
    if (url.origin !== location.origin || !embedded) return plainFetch(input, init);
    const attempt = async (fresh) => {
      const request = new Request(input instanceof Request ? input.clone() : input, init);
      if (!request.headers.has("authorization")) {
        request.headers.set("authorization", `Bearer ${await idToken(fresh)}`);
      }
      request.headers.set("x-requested-with", "XMLHttpRequest");
      if (!request.headers.has("accept-language")) request.headers.set("accept-language", config.locale);
      return plainFetch(request);
    };
    let response = await attempt(false);
    if (response.status === 401 && response.headers.get("x-shopify-retry-invalid-session-request")) {
      response = await attempt(true);
    }
    const elsewhere = response.headers.get("x-shopify-api-request-failure-reauthorize-url");
    if (elsewhere) {
      openAddress(new URL(elsewhere, location.origin).href, "_top");
      return new Promise(() => undefined);
    }
    return response;
  };

  // ------------------------------------------------------------ addresses of the admin and the storefront

  /** Path in the demo's admin page for any way of naming an admin page, or null. */
  function adminPath(address) {
    const scheme = /^shopify:\/*admin(\/.*)?$/i.exec(address);
    if (scheme) return `/store/${shopHandle}${scheme[1] ?? ""}`;
    let url;
    try {
      url = new URL(address, document.baseURI);
    } catch {
      return null;
    }
    const rest = url.pathname + url.search + url.hash;
    if (url.origin === demo.adminOrigin || url.hostname === "admin.shopify.com") return rest;
    if (url.hostname.endsWith(".myshopify.com") && url.pathname.startsWith("/admin")) {
      return `/store/${url.hostname.replace(/\.myshopify\.com$/, "")}${rest.slice("/admin".length)}`;
    }
    return null;
  }
  function translate(address) {
    const path = adminPath(address);
    if (path !== null) return { path, href: demo.adminOrigin + path };
    const url = new URL(address, document.baseURI);
    const storefront = demo.shops[url.hostname];
    return { path: null, href: storefront ? storefront + url.pathname + url.search + url.hash : url.href };
  }

  const plainOpen = window.open.bind(window);
  function openAddress(address, target = "_blank", features) {
    const { path, href } = translate(String(address));
    if (target === "_blank") return plainOpen(href, target, features);
    if (target === "_self" && path === null) {
      location.assign(href);
    } else if (embedded) {
      tell("open", { href });
    } else {
      location.assign(href);
    }
    return null;
  }
  window.open = openAddress;

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!link || event.defaultPrevented || event.button !== 0) return;
      const raw = link.getAttribute("href");
      if (!/^shopify:/i.test(raw) && !URL.canParse(raw, document.baseURI)) return;
      const { path, href } = translate(raw);
      if (path === null && href === new URL(raw, document.baseURI).href) return;
      event.preventDefault();
      const aside = event.metaKey || event.ctrlKey || link.target === "_blank";
      openAddress(href, aside ? "_blank" : "_top");
    },
    true,
  );

  // ------------------------------------------------------------ the app's own navigation

  const hidden = ["embedded", "shop", "host", "id_token", "locale", "session", "hmac", "timestamp"];
  function currentPath() {
    const url = new URL(location.href);
    for (const name of hidden) url.searchParams.delete(name);
    return url.pathname + url.search + url.hash;
  }
  function tellPath() {
    tell("navigate", { path: currentPath() });
    drawNavigation();
  }
  for (const method of ["pushState", "replaceState"]) {
    const plain = history[method].bind(history);
    history[method] = (...args) => {
      plain(...args);
      tellPath();
    };
  }
  window.addEventListener("popstate", () => setTimeout(tellPath));

  let routers = 0;
  const plainListen = window.addEventListener;
  window.addEventListener = function addEventListener(type, ...rest) {
    if (type === "shopify:navigate") routers++;
    return plainListen.call(this ?? window, type, ...rest);
  };
  const plainUnlisten = window.removeEventListener;
  window.removeEventListener = function removeEventListener(type, ...rest) {
    if (type === "shopify:navigate") routers--;
    return plainUnlisten.call(this ?? window, type, ...rest);
  };
  /** Lets the app's router go there when it listens for `shopify:navigate`; loads the page when it doesn't. */
  function navigate(path) {
    if (routers === 0) {
      location.assign(path);
      return;
    }
    const known = [...document.querySelectorAll("ui-nav-menu a, s-app-nav a")].find(
      (link) => link.getAttribute("href") === path,
    );
    const link = known ?? document.createElement("a");
    if (!known) {
      link.setAttribute("href", path);
      link.hidden = true;
      document.body.append(link);
    }
    link.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true }));
    if (!known) link.remove();
  }

  function drawNavigation() {
    const menu = document.querySelector("ui-nav-menu, s-app-nav");
    const items = [...(menu?.querySelectorAll("a[href], s-link[href]") ?? [])].map((link) => ({
      label: link.textContent.trim(),
      path: link.getAttribute("href"),
      home: link.getAttribute("rel") === "home",
    }));
    tellChange("nav-menu", { items });
  }

  // ------------------------------------------------------------ title bar

  const titleActions = new Map();
  function describeAction(element, key) {
    titleActions.set(key, element);
    return {
      key,
      label: element.textContent.trim(),
      primary: element.getAttribute("variant") === "primary",
      critical: element.getAttribute("tone") === "critical",
      disabled: element.hasAttribute("disabled") || element.hasAttribute("loading"),
    };
  }
  function drawTitle() {
    titleActions.clear();
    const bar = [...document.querySelectorAll("ui-title-bar")].find((found) => !found.closest("ui-modal"));
    const actions = [];
    let breadcrumb = null;
    [...(bar?.querySelectorAll("button, a") ?? [])].forEach((element, index) => {
      const action = describeAction(element, `t${index}`);
      if (element.getAttribute("variant") === "breadcrumb") breadcrumb = action;
      else actions.push(action);
    });
    tellChange("title", { title: bar?.getAttribute("title") || document.title, actions, breadcrumb });
  }

  // ------------------------------------------------------------ save bar

  /** Bars now on screen, the newest last: elements, or forms marked data-save-bar. */
  const bars = [];
  const leavers = [];
  const shownBar = () => bars.at(-1) ?? null;
  function drawSaveBar() {
    const bar = shownBar();
    tellChange("save-bar", { bar: bar === null ? null : bar.describe() });
    if (bar === null) leavers.splice(0).forEach((resolve) => resolve());
  }
  function showBar(bar) {
    if (!bars.includes(bar)) bars.push(bar);
    drawSaveBar();
  }
  function hideBar(bar) {
    const at = bars.indexOf(bar);
    if (at >= 0) bars.splice(at, 1);
    if (at >= 0) drawSaveBar();
  }

  class SaveBarElement extends HTMLElement {
    #bar = {
      describe: () => {
        const { save, discard } = this.#buttons();
        const describe = (button, label) => ({
          label: button?.textContent.trim() || label,
          disabled: !button || button.disabled || button.hasAttribute("disabled"),
          loading: button?.hasAttribute("loading") ?? false,
        });
        return { save: describe(save, "Save"), discard: describe(discard, "Discard") };
      },
      press: async (action) => {
        const { save, discard } = this.#buttons();
        if (action === "save") save?.click();
        else if (!this.hasAttribute("discardConfirmation") || (await ask("confirmDiscard"))) discard?.click();
      },
    };
    #buttons() {
      const buttons = [...this.querySelectorAll("button")];
      return {
        save: buttons.find((button) => button.getAttribute("variant") === "primary"),
        discard: buttons.find((button) => button.getAttribute("variant") !== "primary"),
      };
    }
    get showing() {
      return bars.includes(this.#bar);
    }
    async show() {
      if (this.showing) return;
      showBar(this.#bar);
      this.dispatchEvent(new CustomEvent("show"));
    }
    async hide() {
      if (!this.showing) return;
      hideBar(this.#bar);
      this.dispatchEvent(new CustomEvent("hide"));
    }
    async toggle() {
      return this.showing ? this.hide() : this.show();
    }
    redraw() {
      if (this.showing) drawSaveBar();
    }
    disconnectedCallback() {
      hideBar(this.#bar);
    }
  }

  /** Forms with `data-save-bar` get a bar without any code: shown when a field differs from what it was. */
  const watched = new WeakMap();
  const watchedForms = new Set();
  function snapshot(form) {
    return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  }
  function watchForm(form) {
    if (watched.has(form)) return;
    const state = { clean: snapshot(form) };
    const bar = {
      describe: () => ({
        save: { label: "Save", disabled: false, loading: false },
        discard: { label: "Discard", disabled: false, loading: false },
      }),
      press: async (action) => {
        if (action === "save") form.requestSubmit();
        else if (!form.hasAttribute("data-discard-confirmation") || (await ask("confirmDiscard"))) {
          form.reset();
        }
      },
    };
    const compare = () => setTimeout(() => (snapshot(form) === state.clean ? hideBar(bar) : showBar(bar)));
    for (const type of ["input", "change", "click"]) form.addEventListener(type, compare);
    form.addEventListener("reset", () => hideBar(bar));
    form.addEventListener("submit", () => {
      state.clean = snapshot(form);
      hideBar(bar);
    });
    watched.set(form, bar);
    watchedForms.add(form);
  }
  function watchForms() {
    document.querySelectorAll("form[data-save-bar]").forEach(watchForm);
    for (const form of watchedForms) {
      if (form.isConnected) continue;
      hideBar(watched.get(form));
      watchedForms.delete(form);
    }
  }

  // ------------------------------------------------------------ modals, drawn in the frame

  const modalStyle = `
    dialog { border: 0; padding: 0; border-radius: 16px; width: min(var(--modal-width, 620px), calc(100vw - 32px));
      max-height: calc(100dvh - 32px); box-shadow: 0 8px 40px rgb(0 0 0 / .3); color: #303030; background: #fff;
      font: 13px/1.5 Inter, system-ui, sans-serif; overflow: hidden; }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / .55); }
    header { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 8px 8px 8px 16px;
      background: #f3f3f3; border-bottom: 1px solid #e3e3e3; }
    h2 { font-size: 14px; font-weight: 650; margin: 0; }
    .close { border: 0; background: none; border-radius: 8px; width: 32px; height: 32px; font-size: 18px; cursor: pointer; color: #303030; }
    .close:hover { background: #e3e3e3; }
    .body { overflow: auto; }
    .body iframe { display: block; border: 0; width: 100%; height: 70vh; }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-top: 1px solid #e3e3e3; }
    footer:empty { display: none; }
    footer button { font: inherit; font-weight: 550; padding: 6px 12px; border-radius: 8px; border: 1px solid #c9c9c9; background: #fff; color: #303030; cursor: pointer; }
    footer button.primary { background: #303030; border-color: #303030; color: #fff; }
    footer button.critical { background: #c5280c; border-color: #c5280c; color: #fff; }
    footer button:disabled { opacity: .5; cursor: default; }
    :focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }`;

  class ModalElement extends HTMLElement {
    #parts = null;
    #content = null;
    #build() {
      if (this.#parts) return this.#parts;
      const root = this.attachShadow({ mode: "open" });
      root.innerHTML = `<style>${modalStyle}</style>
        <dialog aria-labelledby="title"><header><h2 id="title"></h2><button class="close" type="button" aria-label="Close">×</button></header>
        <div class="body"><slot></slot></div><footer></footer></dialog>`;
      const dialog = root.querySelector("dialog");
      root.querySelector(".close").addEventListener("click", () => this.hide());
      dialog.addEventListener("close", () => {
        this.style.display = "";
        this.dispatchEvent(new CustomEvent("hide"));
      });
      dialog.addEventListener("click", (event) => {
        if (event.target === dialog) this.hide();
      });
      const watcher = new MutationObserver(() => this.redraw());
      watcher.observe(this, { subtree: true, childList: true, attributes: true, characterData: true });
      this.#parts = {
        dialog,
        title: root.querySelector("h2"),
        footer: root.querySelector("footer"),
        body: root.querySelector(".body"),
      };
      return this.#parts;
    }
    /** Where React's <Modal> puts its children. A light child, so that the page's styles reach it. */
    get content() {
      if (this.hasAttribute("src")) return undefined;
      if (!this.#content) {
        this.#content = document.createElement("div");
        this.append(this.#content);
      }
      return this.#content;
    }
    get contentWindow() {
      return this.#parts?.body.querySelector("iframe")?.contentWindow ?? null;
    }
    get src() {
      return this.getAttribute("src") ?? undefined;
    }
    set src(value) {
      this.setAttribute("src", value);
    }
    get variant() {
      return this.getAttribute("variant") ?? "base";
    }
    set variant(value) {
      this.setAttribute("variant", value);
    }
    redraw() {
      if (!this.#parts?.dialog.open) return;
      const bar = this.querySelector("ui-title-bar");
      const { title, footer, dialog } = this.#parts;
      const text = bar?.getAttribute("title") || this.getAttribute("title") || "Candor";
      if (title.textContent !== text) title.textContent = text;
      const widths = { small: "380px", base: "620px", large: "980px", max: "100vw" };
      dialog.style.setProperty("--modal-width", widths[this.variant] ?? widths.base);
      const buttons = [...(bar?.querySelectorAll("button") ?? [])];
      buttons.sort(
        (a, b) =>
          Number(a.getAttribute("variant") === "primary") - Number(b.getAttribute("variant") === "primary"),
      );
      footer.replaceChildren(
        ...buttons.map((button) => {
          const copy = document.createElement("button");
          copy.type = "button";
          copy.textContent = button.textContent;
          copy.disabled = button.disabled || button.hasAttribute("loading");
          if (button.getAttribute("variant") === "primary") copy.className = "primary";
          if (button.getAttribute("tone") === "critical") copy.className = "critical";
          copy.addEventListener("click", () => button.click());
          return copy;
        }),
      );
    }
    async show() {
      const { dialog, body } = this.#build();
      if (dialog.open || !this.isConnected) return;
      this.style.display = "contents";
      if (this.src && !body.querySelector("iframe")) {
        const frame = document.createElement("iframe");
        frame.title = this.getAttribute("title") || "Candor";
        frame.src = this.src;
        body.replaceChildren(frame);
      }
      dialog.showModal();
      this.redraw();
      this.dispatchEvent(new CustomEvent("show"));
    }
    async hide() {
      if (!this.#parts?.dialog.open) return;
      this.#parts.dialog.close();
    }
    async toggle() {
      return this.#parts?.dialog.open ? this.hide() : this.show();
    }
  }

  // ------------------------------------------------------------ window.shopify

  const toasts = new Map();
  let lastToast = 0;
  const byId = (id) => {
    const element = document.getElementById(id);
    if (!element) throw new Error(`There is no element with the id "${id}".`);
    return element;
  };
  const act = (method) => async (id) => byId(id)[method]();

  window.shopify = {
    config,
    origin: demo.adminOrigin,
    environment: { mobile: false, embedded, pos: false, intent: false },
    ready: Promise.resolve(),
    setSignals: () => undefined,
    loading: (on = true) => tell("loading", { on: Boolean(on) }),
    idToken: () => idToken(),
    user: () => ask("user"),
    toast: {
      show(message, options = {}) {
        const id = `toast-${++lastToast}`;
        const { duration = 5000, isError = false, action, onAction, onDismiss } = options;
        toasts.set(id, { onAction, onDismiss });
        tell("toast", { id, message: String(message), duration, isError, action });
        return id;
      },
      hide(id) {
        toasts.delete(id);
        tell("toast-hide", { id });
      },
    },
    modal: { show: act("show"), hide: act("hide"), toggle: act("toggle") },
    saveBar: {
      show: act("show"),
      hide: act("hide"),
      toggle: act("toggle"),
      /** Resolves when nothing is left to save or discard; until then the admin points at the bar. */
      leaveConfirmation() {
        if (shownBar() === null) return Promise.resolve();
        tell("save-bar-alert");
        return new Promise((resolve) => leavers.push(resolve));
      },
    },
    scopes: {
      query: () => ask("scopes.query"),
      request: (scopes) => ask("scopes.request", scopes),
      revoke: (scopes) => ask("scopes.revoke", scopes),
    },
    app: { extensions: () => ask("app.extensions") },
    resourcePicker: (options) => ask("resourcePicker", options),
    picker: async (options) => ({ selected: ask("picker", options) }),
    intents: { request: { value: null, subscribe: () => () => undefined }, register: () => () => undefined },
    webVitals: { onReport: async () => undefined },
    support: { registerHandler: async () => undefined },
    reviews: {
      request: async () => ({
        success: false,
        code: "not-available",
        message: "Reviews are not available in the demo store.",
      }),
    },
    tools: { register: () => undefined, unregister: () => undefined, clear: () => undefined },
  };

  // ------------------------------------------------------------ start

  const reload = query.get("shopify-reload");
  if (!embedded) {
    // As App Bridge does: an app page opened by itself goes back into the admin.
    if (config.shop) {
      const path = reload ? new URL(reload, location.origin).pathname : location.pathname;
      location.replace(`${demo.adminOrigin}/store/${shopHandle}/apps/candor${path}`);
    }
    return;
  }
  if (reload) {
    void idToken(true).then((value) => {
      const url = new URL(reload, location.origin);
      if (url.origin !== location.origin) throw new Error("shopify-reload names another site");
      url.searchParams.set("id_token", value);
      location.replace(url.href);
    });
    return;
  }

  for (const [name, element] of Object.entries({ "ui-save-bar": SaveBarElement, "ui-modal": ModalElement })) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
  const style = document.createElement("style");
  style.textContent = "ui-nav-menu,s-app-nav,ui-title-bar,ui-save-bar,ui-modal{display:none}";
  (document.head ?? document.documentElement).append(style);

  let drawn = false;
  function redraw() {
    if (drawn) return;
    drawn = true;
    setTimeout(() => {
      drawn = false;
      drawTitle();
      drawNavigation();
      watchForms();
      document.querySelectorAll("ui-save-bar").forEach((bar) => bar.redraw?.());
    }, 16);
  }
  function start() {
    new MutationObserver(redraw).observe(document.documentElement, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["title", "variant", "disabled", "loading", "href", "rel", "tone", "data-save-bar"],
      characterData: true,
    });
    tell("ready");
    tellPath();
    redraw();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
