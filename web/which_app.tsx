// The entry of the page that measures every database in a visitor's world. It recommends nothing: each figure opens its run.
import { useSignal } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import * as run from "./which_run";
import { Table } from "./which_table";
import { faultNames, pace, tooMuch, which as words } from "./which_words";
import { begin, beginHurts, faults, hurtsOf, textOf, type Fault, type Hurting, type World } from "./which_world";

const SEEDS = 50;
const MOST = { seeds: 1000, regions: 9, replicas: 5, keys: 100, span: 600, bytes: 64 << 10 };

function Which() {
  const world = useSignal<World>(begin);
  const hurts = useSignal<Hurting>(beginHurts);
  const text = useSignal(textOf(begin));
  const seeds = useSignal(SEEDS);
  const change = (part: Partial<World>) => {
    world.value = { ...world.value, ...part };
    text.value = textOf(world.value);
  };
  const ready = run.connected.value && run.catalog.value !== null;
  useEffect(() => {
    if (ready) document.body.dataset.ready = "1";
  }, [ready]);
  const what = hurtsOf(hurts.value);
  const bytes = new Blob([text.value]).size;
  const why = what === "" ? words.nothing : world.value.regions.length < 2 ? words.tooFew : bytes > MOST.bytes ? tooMuch(bytes, MOST.bytes) : "";
  const measure = (e: Event) => {
    e.preventDefault();
    if (why === "") void run.measure(text.value, what, seeds.value, words.lostLine);
  };
  return (
    <>
      <p class="about">{words.about}</p>
      <form class="which-form" noValidate onSubmit={measure}>
        <Where world={world.value} change={change} />
        <What world={world.value} change={change} />
        <Hurts hurts={hurts.value} change={(h) => (hurts.value = { ...hurts.value, ...h })} />
        <details class="which-script">
          <summary>{words.script}</summary>
          <p class="about">{words.scriptHint}</p>
          <textarea aria-label={words.script} spellcheck={false} rows={14} value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
        </details>
        <div class="which-begin">
          <Count name="seeds" label={words.seeds} value={seeds.value} max={MOST.seeds} set={(n) => (seeds.value = n)} />
          <Begin why={why} />
        </div>
      </form>
      <p class="which-said" role="status">
        {why || run.trouble.value}
      </p>
      {run.result.value && <Table result={run.result.value} />}
    </>
  );
}

// Begin is the button, which cancels while something is under way and keeps the focus, and how far that is.
function Begin({ why }: { why: string }) {
  const p = run.progress.value;
  const off = !p && (why !== "" || !run.connected.value);
  const press = (e: Event) => {
    if (!p) return;
    e.preventDefault();
    run.cancel();
  };
  return (
    <>
      <button type="submit" class={p ? "" : "primary"} data-action={p ? "cancel" : "measure"} aria-disabled={off} onClick={press}>
        {p ? words.cancel : run.connected.value ? words.measure : words.waiting}
      </button>
      {p && <progress aria-label={words.progress} {...(p.total > 0 ? { max: p.total, value: p.done } : {})} />}
      {p && <span class="pace">{pace(p.done, p.total, p.left_ms)}</span>}
    </>
  );
}

interface WorldProps {
  world: World;
  change(part: Partial<World>): void;
}

function Where({ world, change }: WorldProps) {
  const known = run.catalog.value?.regions?.map((r) => r.name) ?? world.regions;
  const set = (name: string, on: boolean) => {
    const regions = known.filter((r) => (r === name ? on : world.regions.includes(r)));
    if (regions.length <= MOST.regions && regions.length > 0) change({ regions });
  };
  return (
    <fieldset>
      <legend>{words.regions}</legend>
      <div class="which-regions">
        {known.map((r) => (
          <Check key={r} label={r} on={world.regions.includes(r)} set={(on) => set(r, on)} />
        ))}
      </div>
      <Count name="replicas" label={words.replicas} value={world.replicas} max={MOST.replicas} set={(replicas) => change({ replicas })} />
    </fieldset>
  );
}

function What({ world, change }: WorldProps) {
  const kinds = run.catalog.value?.workloads?.map((w) => w.name) ?? [world.workload];
  return (
    <fieldset class="which-what">
      <legend>{words.world}</legend>
      <Choice label={words.workload} name="workload" value={world.workload} options={kinds.filter((k) => k !== "none").map((k) => [k, k])} set={(workload) => change({ workload })} />
      <Choice label={words.rate} name="rate" value={world.rate} options={["0.5", "1", "2", "5", "10"].map((r) => [r, r])} set={(rate) => change({ rate })} />
      <Choice label={words.reads} name="reads" value={String(world.reads)} options={["0", "20", "50", "80", "95"].map((r) => [r, r])} set={(r) => change({ reads: Number(r) })} />
      <Count name="keys" label={words.keys} value={world.keys} max={MOST.keys} set={(keys) => change({ keys })} />
      <Choice label={words.fault} name="fault" value={world.fault} options={faults.map((f) => [f, faultNames[f]])} set={(f) => change({ fault: f as Fault })} />
      <Choice label={words.where} name="where" value={world.where} options={world.regions.map((r) => [r, r])} set={(where) => change({ where })} />
      <Count name="span" label={words.span} value={world.span} max={MOST.span} set={(span) => change({ span })} />
    </fieldset>
  );
}

function Hurts({ hurts, change }: { hurts: Hurting; change(h: Partial<Hurting>): void }) {
  return (
    <fieldset>
      <legend>{words.hurts}</legend>
      <Check label={words.lost} on={hurts.lost} set={(lost) => change({ lost })} />
      <span class="which-stale">
        <Check label={words.stale} on={hurts.stale} set={(stale) => change({ stale })} />
        <input type="number" aria-label={`${words.stale} … ${words.ms}`} data-field="over" min={0} max={600_000} value={hurts.over} onInput={(e) => change({ over: Math.max(0, Math.trunc(Number(e.currentTarget.value)) || 0) })} />
        {words.ms}
      </span>
      <Check label={words.refusals} on={hurts.refusals} set={(refusals) => change({ refusals })} />
      <Check label={words.latency} on={hurts.latency} set={(latency) => change({ latency })} />
      <Check label={words.damage} on={hurts.damage} set={(damage) => change({ damage })} />
    </fieldset>
  );
}

function Check({ label, on, set }: { label: string; on: boolean; set(on: boolean): void }) {
  return (
    <label class="which-check">
      <input type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

function Count({ name, label, value, max, set }: { name: string; label: string; value: number; max: number; set(n: number): void }) {
  return (
    <label>
      <span>{label}</span>
      <input type="number" inputMode="numeric" data-field={name} min={1} max={max} value={value} onInput={(e) => set(Math.min(max, Math.max(1, Math.trunc(Number(e.currentTarget.value)) || 1)))} />
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

function Page() {
  useEffect(run.start, []);
  return <Which />;
}

document.title = `${words.title} – Netsplit`;
const title = document.getElementById("title");
if (title) title.textContent = words.title;
render(<Page />, document.getElementById("which")!);
