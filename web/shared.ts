// What the page's second script, static/drawer.js, takes from the first: modules that hold state, of which there must be
// one each, and those that both use. web/build.go reads the imports below: whatever the drawer's modules import of
// these comes from here, by the same name, rather than with a copy of its own.
import * as preact from "preact";
import * as hooks from "preact/hooks";
import * as jsx from "preact/jsx-runtime";
import * as signals from "@preact/signals";
import * as actions from "./actions";
import * as asking from "./asking";
import * as causes from "./causes";
import * as incoming from "./incoming";
import * as panelWords from "./panel_words";
import * as partition from "./partition";
import * as store from "./store";
import * as tellings from "./tellings";
import * as theme from "./theme";
import * as words from "./words";

const modules = { preact, hooks, jsx, signals, actions, asking, causes, incoming, panelWords, partition, store, tellings, theme, words };

// Tabs are what the second script brings: the drawer's heavy tabs, by name.
export interface Tabs {
  charts: preact.ComponentType;
  spacetime: preact.ComponentType;
  inspect: preact.ComponentType;
  script: preact.ComponentType;
  luck: preact.ComponentType;
}

declare global {
  // netsplit is where the page's two scripts meet.
  var netsplit: { modules: typeof modules; tabs?: Tabs };
}

globalThis.netsplit = { modules };

// loadTabs fetches the second script, once. Its element has the nonce of the first.
let loading: Promise<Tabs> | null = null;

export function loadTabs(): Promise<Tabs> {
  loading ??= new Promise<Tabs>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.documentElement.dataset.drawer ?? "";
    script.nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
    script.onload = () => (globalThis.netsplit.tabs ? resolve(globalThis.netsplit.tabs) : reject(new Error("no tabs")));
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error(script.src));
    };
    document.head.append(script);
  });
  return loading;
}
