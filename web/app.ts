// The page's entry: puts the panels into the server's shell and opens the line.
import { effect } from "@preact/signals";
import { h, render } from "preact";
import { start } from "./actions";
import { company, Here, Line, Share } from "./company";
import { Actions } from "./controls";
import { serve } from "./bare";
import { Databases, DatabasesButton } from "./databases";
import { Drawer } from "./drawer";
import { listenToFiles } from "./incoming";
import { KeyList } from "./key_list";
import { listenToKeys } from "./keys";
import { guard } from "./rights";
import { Lanes } from "./lane";
import { Menu } from "./menu";
import { Legend } from "./legend";
import { Help, Notices, Tools } from "./notices";
import { SetupForm } from "./setup_form";
import { untitled } from "./panel_words";
import { world } from "./store";
import { Story } from "./story";
import { Timeline } from "./timeline";

function mount(id: string, ...parts: (() => preact.JSX.Element | null)[]): void {
  const host = document.getElementById(id);
  if (host) render(parts.map((part) => h(part, {})), host);
}

const scenario = document.querySelector<HTMLSelectElement>("[data-action=scenario]");
scenario?.addEventListener("change", () => location.assign(`/?scenario=${encodeURIComponent(scenario.value)}`));

// The room decides what is shown: a room again, or a run from a link, may be none of the gallery.
effect(() => {
  const w = world.value;
  if (!w || !scenario || scenario.value === w.scenario) return;
  if (![...scenario.options].some((o) => o.value === w.scenario)) scenario.prepend(new Option(w.title || untitled, w.scenario));
  scenario.value = w.scenario;
});

// The line opens first; while it does, the panels are made, in two tasks so that neither is long. A page in a frame only
// shows: it is led from outside.
const bare = Boolean(document.documentElement.dataset.bare);
if (bare) serve();
else {
  listenToKeys();
  listenToFiles();
  guard();
}
company();
start();
mount("app", Line, Lanes, Actions, Timeline, Story, Drawer, Menu);
setTimeout(() => {
  mount("databases", DatabasesButton);
  mount("here", Here);
  mount("tools", Tools);
  mount("notices", Notices, Help, KeyList, Databases, SetupForm, Share, Legend);
});
