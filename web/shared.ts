// What the page's other scripts, static/drawer.js and static/company.js, take from the first: modules that hold state, of which there must be
// one each, and those that both use. web/build.go reads the imports below: whatever their modules import of
// these comes from here, by the same name, rather than with a copy of its own.
import * as preact from "preact";
import * as hooks from "preact/hooks";
import * as jsx from "preact/jsx-runtime";
import * as signals from "@preact/signals";
import * as actions from "./actions";
import * as asking from "./asking";
import * as causes from "./causes";
import * as drop from "./drop";
import * as incoming from "./incoming";
import * as panelWords from "./panel_words";
import * as partition from "./partition";
import * as store from "./store";
import * as tellings from "./tellings";
import * as theme from "./theme";
import * as words from "./words";

const modules = { preact, hooks, jsx, signals, actions, asking, causes, drop, incoming, panelWords, partition, store, tellings, theme, words };

// Tabs are what the second script brings: the drawer's heavy tabs, by name.
export interface Tabs {
  charts: preact.ComponentType;
  spacetime: preact.ComponentType;
  inspect: preact.ComponentType;
  script: preact.ComponentType;
  luck: preact.ComponentType;
}

// Company is what the third brings: all about who else is in the room.
export interface Company {
  Line: preact.ComponentType;
  Here: preact.ComponentType;
  Notice: preact.ComponentType;
  Share: preact.ComponentType;
}

declare global {
  // netsplit is where the page's scripts meet.
  var netsplit: { modules: typeof modules; tabs?: Tabs; company?: Company };
}

globalThis.netsplit = { modules };

// loader fetches another script, once. Its element has the nonce of the first.
function loader<T>(name: "drawer" | "company", brought: () => T | undefined): () => Promise<T> {
  let loading: Promise<T> | null = null;
  const load = (resolve: (t: T) => void, reject: (e: Error) => void) => {
    const script = document.createElement("script");
    script.src = document.documentElement.dataset[name] ?? "";
    script.nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
    script.onload = () => {
      const all = brought();
      if (all) resolve(all);
      else reject(new Error(script.src));
    };
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error(script.src));
    };
    document.head.append(script);
  };
  return () => (loading ??= new Promise<T>(load));
}

export const loadTabs = loader("drawer", () => globalThis.netsplit.tabs);
export const loadCompany = loader("company", () => globalThis.netsplit.company);
