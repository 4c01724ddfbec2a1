// Delivering by hand: which of the messages on their way arrives next, later, or never. It is one lane's.
import { useState } from "preact/hooks";
import * as actions from "./actions";
import { hand, kindOf, span } from "./space_words";
import * as store from "./store";

const SPANS = [20_000, 50_000, 200_000, 1_000_000, 5_000_000]; // microseconds that a message may be put off by
const MOST = 40; // messages in the list

const isStill = (): boolean => !store.playing.value && store.clock.value.live;

// Hand has the buttons for one message that is looked into.
export function Hand({ lane, id }: { lane: number; id: number }) {
  const [by, setBy] = useState(SPANS[2]!);
  if (!isStill()) return <Why />;
  return (
    <div class="hand">
      <Buttons lane={lane} id={id} by={by} />
      <By by={by} set={setBy} />
    </div>
  );
}

function By({ by, set }: { by: number; set(by: number): void }) {
  return (
    <label class="choice">
      <span>{hand.by}</span>
      <select data-action="postpone-by" value={String(by)} onChange={(e) => set(Number(e.currentTarget.value))}>
        {SPANS.map((s) => (
          <option key={s} value={String(s)}>
            {span(s)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Buttons({ lane, id, label, by }: { lane: number; id: number; label?: string; by: number }) {
  const name = (what: string) => hand.about(label ? `${what}, ${label}` : what, id);
  return (
    <div class="hand buttons" data-hand={id}>
      <button type="button" data-action="deliver" aria-label={name(hand.next)} onClick={() => actions.decide(lane, id, "deliver")}>
        {hand.next}
      </button>
      <button type="button" data-action="postpone" aria-label={name(hand.later)} onClick={() => actions.decide(lane, id, "postpone", by)}>
        {hand.later}
      </button>
      <button type="button" data-action="lose" aria-label={name(hand.lost)} onClick={() => actions.decide(lane, id, "lose")}>
        {hand.lost}
      </button>
    </div>
  );
}

// Why says what has to be done before a visitor can decide anything.
function Why() {
  const { live } = store.clock.value;
  return (
    <p class="legend">
      {live ? hand.playing : hand.past}{" "}
      <button type="button" class="link" data-action="hold-time" onClick={() => (live ? actions.run(false) : actions.live())}>
        {live ? hand.pause : hand.live}
      </button>
    </p>
  );
}

// InFlight lists the messages of a lane that are on their way, the next to arrive first.
export function InFlight({ lane }: { lane: number }) {
  const at = store.now.value;
  const [by, setBy] = useState(SPANS[2]!);
  store.lanes.value; // deltas may lose messages while time stands still
  store.commands.value;
  const w = store.world.value!;
  const list = [...(store.flights[lane] ?? [])].filter(([, m]) => m.lost < 0 && m.sent <= at && m.due > at).sort(([, a], [, b]) => a.due - b.due);
  const still = isStill();
  return (
    <section class="flights" aria-labelledby="flights-title">
      <h2 id="flights-title">{hand.title}</h2>
      {!still && <Why />}
      {still && list.length > 0 && <By by={by} set={setBy} />}
      {list.length === 0 && <p class="empty">{hand.none}</p>}
      <ol>
        {list.slice(0, MOST).map(([id, m]) => {
          const label = `${kindOf(w.kinds[m.kind] ?? "")}, ${w.labels[m.from]} → ${w.labels[m.to]}`;
          return (
            <li key={id} data-flight={id}>
              <button type="button" class="link" onClick={() => store.inspect({ lane, message: id })}>
                {label}
              </button>{" "}
              <span>{hand.due(m.due - at)}</span>
              {still && <Buttons lane={lane} id={id} label={label} by={by} />}
            </li>
          );
        })}
      </ol>
      {list.length > MOST && <p class="legend">{hand.more(list.length - MOST)}</p>}
    </section>
  );
}
