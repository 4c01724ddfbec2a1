// The menu of a node: what can happen to its machine, and what its operators can do.
import { useEffect } from "preact/hooks";
import * as actions from "./actions";
import { delays, heir, isolate, isolated, skews } from "./menu_faults";
import { Shell, useScope } from "./menu";
import { nodeMenu as words } from "./menu_words";
import { Slider } from "./slider";
import * as store from "./store";
import type { Command, Verb } from "./wire";
import { leads } from "./words";

export function NodeMenu({ lane, index }: { lane: number; index: number }) {
  const world = store.world.value!;
  const at = world.lanes[lane]!;
  const end = world.nodes[index]!;
  const n = store.lanes.value[lane]!.nodes[index]!;
  const { only, scope } = useScope(at.name);
  useEffect(() => void actions.fetchCatalog().catch(() => {}), []);
  const operators = (store.catalog.value?.protocols ?? []).find((p) => p.name === at.protocol)?.verbs ?? [];
  const act = (verb: Verb, more: Partial<Command> = {}) => actions.all([{ at: 0, verb, node: end.name, ...more }], only);
  const alone = isolated(store.commands.value, end.name, world.names, store.now.value, at.name);
  const look = () => {
    store.openMenu(null);
    store.inspect({ lane, node: index });
  };
  const region = world.names[end.region]!;
  const away = store.away.value[end.region] ?? false;
  return (
    <Shell title={world.labels[index] ?? end.name} about={words.state(n, at.name)}>
      <div class="row">
        <Act action={n.down ? "restart" : "crash"} text={n.down ? words.restart : words.crash} act={act} />
        {!n.down && <Act action={n.paused ? "resume" : "pause"} text={n.paused ? words.resume : words.pause} act={act} />}
        <Act action="wipe" text={words.wipe} act={act} />
        <button type="button" data-action="isolate" onClick={() => actions.all(isolate(end.name, world.names, alone), only)}>
          {alone ? words.join : words.isolate}
        </button>
        <button type="button" data-action="part" onClick={() => actions.part(region, !away)}>
          {away ? words.home(region) : words.away(region)}
        </button>
        <button type="button" data-action="inspect" aria-keyshortcuts="i" onClick={look}>
          {words.inspect}
        </button>
        {operators.filter((verb) => words.operators[verb]).map((verb) => (
          <Operator key={verb} verb={verb} lane={lane} index={index} />
        ))}
      </div>
      <Slider action="slow" label={words.slow} steps={delays} value={n.service ?? 0} text={words.slowOf} onChange={(by) => act("slow", { by })} />
      <Slider action="skew" label={words.skew} steps={skews} value={n.skew ?? 0} text={words.skewOf} onChange={(by) => act("skew", { by })} />
      {scope}
    </Shell>
  );
}

// Operator is what the lane's operators can do. Who leads is not made the leader, but hands over to the next node that runs.
function Operator({ verb, lane, index }: { verb: Verb; lane: number; index: number }) {
  const world = store.world.value!;
  const nodes = store.lanes.value[lane]!.nodes;
  const leading = (verb === "transfer" || verb === "promote") && leads(nodes[index]!.role ?? "") && !nodes[index]!.down;
  const to = leading ? heir(nodes, world.lanes[lane]!.holds, index) : index;
  if (to < 0 || (leading && verb === "promote")) return null;
  return (
    <button type="button" data-action={verb} onClick={() => actions.all([{ at: 0, verb, node: world.nodes[to]!.name }], world.lanes[lane]!.name)}>
      {leading ? words.handOver(world.labels[to] ?? "") : words.operators[verb]}
    </button>
  );
}

function Act({ action, text, act }: { action: Verb; text: string; act: (verb: Verb) => void }) {
  return (
    <button type="button" data-action={action} onClick={() => act(action)}>
      {text}
    </button>
  );
}
