// The menu of a cable: what one can do to its links, both ways or one way.
import { useState } from "preact/hooks";
import * as actions from "./actions";
import { chances, delays, ends, flap, flapOf, linkOf, mended, periods } from "./menu_faults";
import { Shell, useScope } from "./menu";
import { cableMenu as words } from "./menu_words";
import { Slider } from "./slider";
import * as store from "./store";
import type { Way } from "./strokes";
import type { Command, Verb } from "./wire";

export function CableMenu({ lane, index }: { lane: number; index: number }) {
  const world = store.world.value!;
  const cable = world.cables[index]!;
  const [from, to] = [world.names[cable.from]!, world.names[cable.to]!];
  const [way, setWay] = useState<Way>("both");
  const { only, scope } = useScope(world.lanes[lane]!.name);
  const links = ends(from, to, way);
  const l = linkOf(store.lanes.value[lane]!.links[index], way);
  const every = flapOf(store.commands.value, links, store.now.value);
  const act = (verb: Verb, more: Partial<Command> = {}) => actions.all([{ at: 0, verb, ...links, ...more }], only);
  const sound = mended(l, links).length === 0 && every === 0;
  const mend = () => {
    if (every > 0) actions.flap(flap(links, 0, only));
    actions.all(mended(l, links), only);
  };
  return (
    <Shell title={words.title(from, to)} about={words.length(cable.round_trip, cable.fibre)}>
      <Ways way={way} from={from} to={to} choose={setWay} />
      <div class="row">
        <button type="button" data-action="cut" aria-pressed={Boolean(l.cut)} onClick={() => act(l.cut ? "mend" : "cut")}>
          {words.cut}
        </button>
        <button type="button" data-action="hold" aria-pressed={Boolean(l.held)} onClick={() => act(l.held ? "release" : "hold")}>
          {words.hold}
        </button>
        <button type="button" data-action="mend" aria-disabled={sound} onClick={mend}>
          {words.mend}
        </button>
      </div>
      <Slider key={`delay ${way}`} action="delay" label={words.delay} steps={delays} value={l.more ?? 0} text={words.delayOf} onChange={(by) => act("delay", { by })} />
      <Slider key={`drop ${way}`} action="drop" label={words.loss} steps={chances} value={l.drop ?? 0} text={words.chanceOf} onChange={(chance) => act("drop", { chance })} />
      <Slider key={`twice ${way}`} action="duplicate" label={words.twice} steps={chances} value={l.duplicate ?? 0} text={words.chanceOf} onChange={(chance) => act("duplicate", { chance })} />
      <Slider key={`flap ${way}`} action="flap" label={words.flapping} steps={periods} value={every} text={words.flapOf} onChange={(period) => (period > 0 || every > 0) && actions.flap(flap(links, period, only))} />
      <p class="state">
        {l.parted && (
          <>
            {words.parted}{" "}
            <button type="button" class="link" onClick={actions.rejoin}>
              {words.rejoin}
            </button>
          </>
        )}
        {!l.parted && l.some && words.some}
      </p>
      {scope}
    </Shell>
  );
}

const ARROWS: Record<Way, string> = { both: "M4 12h16M16 8l4 4-4 4M8 8l-4 4 4 4", there: "M4 12h16M15 7l5 5-5 5", back: "M20 12H4M9 7l-5 5 5 5" };

// Ways choose which direction the menu is about.
function Ways({ way, from, to, choose }: { way: Way; from: string; to: string; choose: (way: Way) => void }) {
  const names: [Way, string][] = [
    ["both", words.way.both],
    ["there", words.way.there(to)],
    ["back", words.way.back(from)],
  ];
  return (
    <div class="ways" role="group" aria-label={words.ways}>
      {names.map(([w, name]) => (
        <button type="button" data-way={w} aria-pressed={way === w} onClick={() => choose(w)}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={ARROWS[w]} />
          </svg>
          {name}
        </button>
      ))}
    </div>
  );
}
