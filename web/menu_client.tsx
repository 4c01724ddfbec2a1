// The menu of a client: be it, and ask its replica for something, at a level of consistency.
import { useEffect, useState } from "preact/hooks";
import * as actions from "./actions";
import { LevelAbout, LevelField } from "./level_field";
import { Shell, useScope } from "./menu";
import { clientMenu as words } from "./menu_words";
import { isTimed, withTime } from "./presets";
import * as store from "./store";
import { saying } from "./words";
import type { Verb } from "./wire";

const LEAST: Partial<Record<Verb, number>> = { write: -1_000_000, increment: -1_000_000, swap: -1_000_000 }; // what may be less than 1

export function ClientMenu({ lane, index }: { lane: number; index: number }) {
  const world = store.world.value!;
  const at = world.lanes[lane]!;
  const client = world.clients[index]!;
  const who = world.clientsOf[client.region]!.length > 1 ? client.name : world.names[client.region]!;
  const [amount, setAmount] = useState("100");
  const [level, setLevel] = useState("");
  const [seconds, setSeconds] = useState("15");
  const { only, scope } = useScope(at.name);
  const [failed, setFailed] = useState(false);
  useEffect(() => void actions.fetchCatalog().catch(() => setFailed(true)), []);
  const verbs = store.catalog.value?.verbs; // only the catalog tells which of them take a number
  const says = (verb: Verb) => verbs?.find((v) => v.verb === verb)?.number ?? false;
  const number = Math.round(Number(amount));
  const valid = (verb: Verb) => !!verbs && (!says(verb) || (amount.trim() !== "" && Math.abs(number) <= 1_000_000 && number >= (LEAST[verb] ?? 1)));
  const asked = withTime(level, seconds);
  const ask = (verb: Verb) => {
    store.be(who);
    actions.visit(verb, who, says(verb) ? number : 0, asked, only);
  };
  const mine = store.you.value === who;
  return (
    <Shell title={words.title(who)}>
      <div class="row">
        <button type="button" data-action="be" aria-pressed={mine} onClick={() => store.be(mine ? "" : who)}>
          {mine ? words.being : words.be}
        </button>
      </div>
      <div class="asks">
        <label>
          <span>{words.amount}</span>
          <input type="number" step="1" data-action="number" value={amount} onInput={(e) => setAmount(e.currentTarget.value)} />
        </label>
        <LevelField protocol={at.protocol} level={level} set={setLevel} />
        {isTimed(level) && (
          <label>
            <span>{words.seconds}</span>
            <input type="number" step="any" min="0" data-action="level-time" value={seconds} onInput={(e) => setSeconds(e.currentTarget.value)} />
          </label>
        )}
      </div>
      <LevelAbout protocol={at.protocol} level={level} />
      <div class="row">
        {ordered(world.visits).map((verb) => (
          <button type="button" data-visit={verb} disabled={!valid(verb) || (level !== "" && asked === "")} onClick={() => ask(verb)}>
            {words.verbs[verb] ?? verb}
          </button>
        ))}
      </div>
      <p class="answer">{!verbs && failed ? words.failed : saying(store.lanes.value[lane]!.clients[index]!)?.main}</p>
      {scope}
    </Shell>
  );
}

// ordered puts what the workload's own clients do first.
function ordered(visits: readonly Verb[]): Verb[] {
  const order = Object.keys(words.verbs);
  return [...visits].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
