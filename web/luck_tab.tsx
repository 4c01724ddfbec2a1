// The drawer's luck: was it chance? What this run comes to under other lucks, when a violation became likely, and which
// luck breaks a promise. The server counts; one thing at a time.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { count, uncount } from "./counting";
import { brokenIn, promises, type Promised } from "./luck";
import { Found } from "./luck_found";
import { Curve } from "./luck_curve";
import { Ended } from "./luck_said";
import { Table } from "./luck_table";
import * as words from "./luck_words";
import * as store from "./store";
import { laneName } from "./words";

const SEEDS = 200;

export function Luck() {
  return (
    <div class="luck">
      <Again />
      <div class="luck-pair">
        <Turning />
        <Find />
      </div>
    </div>
  );
}

function Again() {
  const [seeds, setSeeds] = useState(SEEDS);
  const o = store.outcomes.value.luck;
  const result = o?.result;
  return (
    <Part kind="luck" text={words.luck.againText} ask={{ lane: "", what: "", seeds }}>
      <Seeds of="luck" label={words.luck.runs} seeds={seeds} set={setSeeds} />
      {o && result?.luck && result.luck.done > 0 && <Table outcome={o} result={result} luck={result.luck} />}
    </Part>
  );
}

function Turning() {
  const lanes = store.world.value!.lanes;
  const had = lanes.flatMap((l, i) => promises.filter((p) => brokenIn(store.lanes.value[i]!, p)).map((p) => ({ lane: l.name, what: p, id: `${l.name} ${p}` })));
  const [chosen, setChosen] = useState("");
  const pick = had.find((v) => v.id === chosen) ?? had[0];
  const o = store.outcomes.value.turning;
  return (
    <Part kind="turning" text={words.luck.turningText} ask={pick ? { ...pick, seeds: 0 } : null} missing={words.luck.none}>
      {pick && (
        <Choice label={words.luck.of} name="violation" value={pick.id} options={had.map((v) => [v.id, words.violation(v.lane, v.what)])} set={setChosen} />
      )}
      {o?.result?.turning && (o.result.turning.curve ?? []).length > 0 && <Curve key={o.result.of} outcome={o} turning={o.result.turning} />}
    </Part>
  );
}

function Find() {
  const lanes = store.world.value!.lanes.map((l) => l.name);
  const [lane, setLane] = useState("");
  const [what, setWhat] = useState<Promised>("lost-write");
  const [seeds, setSeeds] = useState(SEEDS);
  const of = lanes.includes(lane) ? lane : lanes[0]!;
  const o = store.outcomes.value.find;
  return (
    <Part kind="find" text={words.luck.findText} ask={{ lane: of, what, seeds }}>
      <Choice label={words.luck.lane} name="lane" value={of} options={lanes.map((l) => [l, laneName(l)])} set={setLane} />
      <Choice label={words.luck.promise} name="promise" value={what} options={promises.map((p) => [p, words.names[p]])} set={(p) => setWhat(p as Promised)} />
      <Seeds of="find" label={words.luck.seeds} seeds={seeds} set={setSeeds} />
      {o?.result?.found && <Found found={o.result.found} />}
    </Part>
  );
}

interface PartProps {
  kind: store.JobKind;
  text: string;
  ask: Omit<store.Question, "kind"> | null; // null where there is nothing to ask about
  missing?: string; // says so
  children: ComponentChildren; // fields, and last what came of it
}

// Part is one question: its fields, the button that asks it, how far it is, and what came of it.
function Part({ kind, text, ask, missing, children }: PartProps) {
  const job = store.job.value;
  const mine = job?.kind === kind ? job : null;
  const list = Array.isArray(children) ? (children as ComponentChildren[]) : [children];
  const outcome = store.outcomes.value[kind];
  const begin = (e: Event) => {
    e.preventDefault();
    if (ask && !job) void count({ kind, ...ask });
  };
  return (
    <section class="luck-part" data-job={kind} aria-labelledby={`luck-${kind}`}>
      <h3 id={`luck-${kind}`}>{words.luck.title[kind]}</h3>
      <p class="about">{text}</p>
      <form class="luck-form" noValidate onSubmit={begin}>
        {list.slice(0, -1)}
        {mine ? <Running job={mine} /> : ask && <Begin kind={kind} busy={job !== null} />}
      </form>
      {!ask && !mine && <p class="empty">{missing}</p>}
      <p class="luck-said" role="status" data-state={mine ? "busy" : outcome ? "ended" : ""}>
        {mine ? words.status(mine) : outcome ? <Ended outcome={outcome} /> : ""}
      </p>
      {list[list.length - 1]}
    </section>
  );
}

// Begin is disabled, but can be reached, while something else is counted. When this question's own counting ends, the
// focus that was on Cancel comes back to it.
function Begin({ kind, busy }: { kind: store.JobKind; busy: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (store.outcomes.peek()[kind] && document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <button type="submit" ref={button} class={kind === "luck" ? "primary" : ""} data-action={`begin-${kind}`} aria-disabled={busy}>
        {words.luck.begin[kind]}
      </button>
      {busy && <span class="muted">{words.luck.busy}</span>}
    </>
  );
}

function Running({ job }: { job: store.Job }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <button type="button" ref={button} data-action="cancel-job" aria-disabled={job.cancelled} onClick={() => !job.cancelled && uncount()}>
        {words.luck.cancel}
      </button>
      <progress aria-label={words.luck.progress} {...(job.total > 0 ? { max: job.total, value: job.done } : {})} />
      <span class="pace">{words.pace(job)}</span>
    </>
  );
}

function Seeds({ of, label, seeds, set }: { of: string; label: string; seeds: number; set(n: number): void }) {
  return (
    <label>
      <span>{label}</span>
      <input type="number" inputMode="numeric" data-field={`${of}-seeds`} min={1} max={1000} value={seeds} onInput={(e) => set(Math.trunc(Number(e.currentTarget.value)) || SEEDS)} />
    </label>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  options: [value: string, text: string][];
  set(value: string): void;
}

function Choice({ label, name, value, options, set }: ChoiceProps) {
  return (
    <label>
      <span>{label}</span>
      <select data-field={name} value={value} onChange={(e) => set(e.currentTarget.value)}>
        {options.map(([of, text]) => (
          <option key={of} value={of}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
