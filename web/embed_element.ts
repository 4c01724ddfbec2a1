// <netsplit-lab scenario="…">: an embed as an element, for other people's pages. It loads a frame when it comes near the
// window, is as high as what is in it, and hands on what the frame says. Until the frame speaks, and where it does not,
// there are the author's own children, or a link with a picture. docs/embedding.md documents it; /embed.js is its address.
const home = new URL((document.currentScript as HTMLScriptElement).src).origin;
const options = ["scenario", "lanes", "view", "controls", "theme", "run", "speed", "t", "lang"];
const PATIENCE = 30_000; // milliseconds that a frame may take to speak
const SOON = 3000; // and one that has loaded

interface Said {
  id?: number;
  error?: string;
  result?: unknown;
  event?: string;
  height?: number;
}

const near = new IntersectionObserver(
  (list) => {
    for (const { isIntersecting, target } of list) if (isIntersecting) (target as Lab).show();
  },
  { rootMargin: "400px" },
);

class Lab extends HTMLElement {
  static observedAttributes = [...options, "share", "sandbox"];
  #frame: HTMLIFrameElement | null = null;
  #port: MessagePort | null = null;
  #sent = 0;
  #waiting = new Map<number, (m: Said) => void>();
  #queue: object[] = [];

  // #asked are the options that the element has.
  #asked(): URLSearchParams {
    return new URLSearchParams(options.flatMap((name) => (this.hasAttribute(name) ? [[name, this.getAttribute(name)!]] : [])));
  }

  // #opaque is whether the frame has no origin of its own.
  get #opaque(): boolean {
    return Boolean(this.#frame?.hasAttribute("sandbox")) && !/allow-same-origin/.test(this.getAttribute("sandbox") ?? "");
  }

  connectedCallback(): void {
    const [q, share] = [this.#asked(), this.getAttribute("share")];
    if (!this.firstElementChild) {
      const [a, img] = [document.createElement("a"), new Image()];
      a.href = home + (share ? `/#run=${share}` : `/?${q}`);
      if (share) q.set("share", share);
      img.src = `${home}/embed/poster.svg?${q}`;
      img.alt = this.title || "Netsplit";
      img.style.width = "100%";
      a.append(img);
      this.append(a);
    }
    this.style.display ||= "block";
    addEventListener("message", this.#hear);
    near.observe(this);
  }

  disconnectedCallback(): void {
    near.unobserve(this);
    removeEventListener("message", this.#hear);
    this.#end();
  }

  attributeChangedCallback(): void {
    if (!this.#frame) return;
    this.#end();
    this.show();
  }

  // show makes the frame.
  show(): void {
    near.unobserve(this);
    if (this.#frame) return;
    const f = (this.#frame = document.createElement("iframe"));
    const [q, share] = [this.#asked(), this.getAttribute("share")];
    q.set("origin", location.origin);
    if (this.hasAttribute("sandbox")) f.setAttribute("sandbox", this.getAttribute("sandbox")!);
    f.title = this.title || "Netsplit";
    f.style.cssText = "width:100%;height:0;border:0;display:block";
    f.scrolling = "no"; // it is as high as what is in it: a scrollbar would take width, and so make it higher
    f.src = `${home}/embed?${q}${share ? `#run=${share}` : ""}`;
    this.append(f);
    const check = () => f === this.#frame && !this.#port && this.#end();
    f.onload = () => setTimeout(check, SOON); // a frame that may not be shown loads, too
    setTimeout(check, PATIENCE);
  }

  // send tells the embed to do something, once it is there; its answer comes when that is done.
  send(what: string, more: object = {}): Promise<unknown> {
    const id = ++this.#sent;
    const order = { ...more, id, do: what };
    this.show();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (m) => (m.error ? reject(new Error(m.error)) : resolve(m.result)));
      if (this.#port) this.#port.postMessage(order);
      else this.#queue.push(order);
    });
  }

  #hear = (e: MessageEvent): void => {
    if (e.source !== this.#frame?.contentWindow || e.origin !== (this.#opaque ? "null" : home) || e.data?.netsplit !== "port") return;
    const port = (this.#port = e.ports[0]!);
    port.onmessage = (m: MessageEvent<Said>) => this.#take(m.data);
    for (const order of this.#queue.splice(0)) port.postMessage(order);
    for (const child of this.children) if (child !== this.#frame) (child as HTMLElement).hidden = true;
  };

  #take(m: Said): void {
    if (m.id) {
      this.#waiting.get(m.id)?.(m);
      this.#waiting.delete(m.id);
    } else {
      if (m.event === "resize" && this.#frame) this.#frame.style.height = `${m.height}px`;
      this.dispatchEvent(new CustomEvent("netsplit", { detail: m }));
    }
  }

  #end(): void {
    this.#frame?.remove();
    this.#frame = this.#port = null;
    for (const child of this.children) (child as HTMLElement).hidden = false;
    for (const tell of this.#waiting.values()) tell({ error: "the embed is gone" });
    this.#waiting.clear();
    this.#queue = [];
  }
}

customElements.get("netsplit-lab") || customElements.define("netsplit-lab", Lab);
