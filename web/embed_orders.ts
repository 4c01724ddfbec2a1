// What the page around an embed may tell it to do. Each order is checked here as far as the server does not, and is
// answered when it has been done, or with the reason why not.
import { arrived, loaded, modules, play, shown, tell, when } from "./embed_run";
import { momentIn, scenarioIn, shareIn, textIn, type Order } from "./embed_read";
import { begun, ORIGIN } from "./embed_start";
import { errors } from "./embed_words";
import type { Command, Verb } from "./wire";

export const orders: Record<string, (o: Order) => Promise<unknown>> = {
  getState: async () => shown(),

  async load(o) {
    const [scenario, share, t] = [scenarioIn(o), shareIn(o), momentIn(o, "t")];
    const told = document.documentElement.dataset;
    told.scenario = scenario;
    told.fragment = [share && `run=${share}`, `at=${Number(t) > 0 ? `${t}s` : ORIGIN}`].filter(Boolean).join("&");
    if (!loaded()) await begun(false);
    else {
      const { actions, store } = modules();
      const before = store.world.peek()?.room;
      actions.begin();
      await when(() => store.world.value?.room !== before);
      await arrived();
    }
    return shown();
  },

  async play() {
    await begun(true);
    await play(true);
    return shown();
  },

  async pause() {
    await begun(false);
    await play(false);
    return shown();
  },

  async step(o) {
    await begun(false);
    await play(false);
    const { store } = modules();
    const { at } = store.clock.peek();
    const back = o.back === true;
    const there = () => {
      const c = store.clock.value;
      return (back ? c.at < at : c.at > at) && !c.playing && !c.coming && !c.until;
    };
    await tell({ type: "step", to: o.to === undefined ? "event" : textIn(o, "to"), ...(back ? { back } : {}) }, there);
    return shown();
  },

  async seek(o) {
    const at = Math.round(Number(momentIn(o, "t")) * 1e6);
    await begun(false);
    const { store } = modules();
    const { edge } = store.clock.peek();
    if (at > edge) throw new Error(errors.ahead(edge / 1e6));
    await tell({ type: "seek", at }, () => store.clock.value.at === at && !store.clock.value.coming);
    return shown();
  },

  async partition(o) {
    const groups = Array.isArray(o.groups) ? (o.groups as unknown[][]).map((g) => (Array.isArray(g) ? g.map(String) : [])) : [[textIn(o, "region")]];
    await begun();
    await command({ at: 0, verb: "partition", groups });
    return shown();
  },

  async heal() {
    await begun();
    const { actions, store } = modules();
    if (!store.clock.peek().live) throw new Error(errors.behind);
    if (!store.healable.peek()) return shown();
    actions.heal();
    await when(() => !store.healable.value);
    return shown();
  },

  async write(o) {
    const [region, value] = [textIn(o, "region"), o.value];
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Error(errors.expected("value", "a whole number"));
    await begun();
    await command({ at: 0, verb: "write", region, key: o.key === undefined ? (modules().store.world.peek()?.mainKey ?? "") : textIn(o, "key"), value });
    return shown();
  },
};

// command sends one, and waits until it stands in the run's log.
async function command(c: Command): Promise<void> {
  const { store } = modules();
  const count = () => tallied(store.commands.value, c.verb);
  const before = count();
  await tell({ type: "command", command: c }, () => [...count()].some(([line, n]) => n > (before.get(line) ?? 0)));
}

// tallied counts the commands of a verb that are alike: the script's own may go when a hand takes over.
function tallied(list: readonly Command[], verb: Verb): Map<string, number> {
  const found = new Map<string, number>();
  for (const c of list) if (c.verb === verb) found.set(JSON.stringify(c), (found.get(JSON.stringify(c)) ?? 0) + 1);
  return found;
}
