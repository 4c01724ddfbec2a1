// The form that sets a lane, or adds one: a protocol and its knobs, as the catalog has them.
import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { holdFocus } from "./dialogs";
import * as actions from "./actions";
import { KnobField } from "./knob_field";
import { setupForm as words } from "./lane_words";
import { About, Levels, Rows, Simplified } from "./preset_info";
import { presets } from "./preset_words";
import { choicesOf, presetOf, type Choice } from "./presets";
import { editOf, formOf, freeName, fresh, knobsOf, running, sorted, type Form } from "./setup";
import * as store from "./store";
import type { Catalog, KnobChoice, WarningView } from "./wire";
import { laneName } from "./words";
import type { LaneSetup } from "./world";

export function SetupForm() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = store.setup.value;
  const catalog = store.catalog.value;
  const lane = open?.lane ? (store.world.value?.lanes.find((l) => l.name === open.lane) ?? null) : null;
  const shown = open !== null && (open.lane === "" || lane !== null);
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  return (
    <dialog class="help setup" ref={dialog} tabIndex={-1} onMouseDown={holdFocus} aria-labelledby="setup-title" onClose={() => store.set(null)}>
      <h2 id="setup-title">{lane ? words.change(laneName(lane.name)) : words.add}</h2>
      {shown && catalog && <Body key={open.lane} catalog={catalog} before={lane} />}
      {shown && !catalog && (
        <p class="refusal" role="status">
          {open.refusal}
        </p>
      )}
    </dialog>
  );
}

function Body({ catalog, before }: { catalog: Catalog; before: LaneSetup | null }) {
  const lanes = store.world.value!.lanes;
  const form = useSignal<Form>(before ? formOf(before) : fresh(catalog, lanes));
  const goOn = useSignal(true);
  const choices = knobsOf(catalog, form.value.protocol);
  const edit = editOf(form.value, choices, before);
  const { sent, refusal } = store.setup.value!;
  const submit = (e: Event) => {
    e.preventDefault();
    if (edit && !sent) store.asked(actions.edit([edit], goOn.value ? actions.present() : 0));
  };
  return (
    <form onSubmit={submit}>
      <Head form={form} catalog={catalog} before={before} taken={lanes.map((l) => l.name)} />
      <Knobs form={form} choices={choices} before={before} />
      <p class="anew">{words.anew}</p>
      <Where goOn={goOn} />
      <div class="foot">
        <p class="refusal" role="status">
          {refusal ? <span lang="en">{refusal}</span> : sent ? words.wait : edit ? "" : words.unchanged}
        </p>
        <button type="button" onClick={() => store.set(null)}>
          {words.cancel}
        </button>
        <button type="submit" class="primary" data-action="apply-setup" disabled={!edit} aria-disabled={sent > 0 || undefined}>
          {before ? words.apply : words.create}
        </button>
      </div>
    </form>
  );
}

interface HeadProps {
  form: Signal<Form>;
  catalog: Catalog;
  before: LaneSetup | null;
  taken: readonly string[];
}

function Head({ form, catalog, before, taken }: HeadProps) {
  const f = form.value;
  // A new lane whose name nobody has chosen is called after what it runs.
  const choose = (protocol: string) => {
    const unnamed = !before && f.name === freeName(f.protocol, taken);
    const next = running(f, protocol, before);
    form.value = unnamed ? { ...next, name: freeName(protocol, taken) } : next;
  };
  const choices = choicesOf(catalog);
  const preset = presetOf(catalog, f.protocol);
  const database = (catalog.databases ?? []).find((d) => d.presets?.includes(f.protocol));
  return (
    <div class="rows">
      <label>
        <span>{words.name}</span>
        <input type="text" required maxLength={catalog.limits?.name ?? 32} spellcheck={false} data-field="name" value={f.name} onInput={(e) => (form.value = { ...f, name: e.currentTarget.value })} />
      </label>
      <label>
        <span>{words.protocol}</span>
        <select data-field="protocol" value={f.protocol} onChange={(e) => choose(e.currentTarget.value)}>
          <Choices label={presets.modes} list={choices.modes} />
          <Choices label={presets.databases} list={choices.databases} />
        </select>
      </label>
      {preset && (
        <div class="preset" data-preset={f.protocol}>
          <About preset={preset} />
          <Simplified preset={preset} />
          <Levels preset={preset} />
          {database && <Rows of={database} />}
        </div>
      )}
    </div>
  );
}

function Choices({ label, list }: { label: string; list: readonly Choice[] }) {
  if (list.length === 0) return null;
  return (
    <optgroup label={label}>
      {list.map((c) => (
        <option value={c.name}>{c.text}</option>
      ))}
    </optgroup>
  );
}

interface KnobsProps {
  form: Signal<Form>;
  choices: readonly KnobChoice[];
  before: LaneSetup | null;
}

function Knobs({ form, choices, before }: KnobsProps) {
  const f = form.value;
  const warnings: WarningView[] = before?.protocol === f.protocol ? before.warnings : [];
  const { first, more } = sorted(choices, before, f.protocol, warnings.map((w) => w.knob));
  const change = (name: string, value: string) => (form.value = { ...form.peek(), values: { ...form.peek().values, [name]: value } });
  const field = (k: KnobChoice) => <KnobField key={`${f.protocol} ${k.name}`} choice={k} value={f.values[k.name] ?? ""} onChange={change} warnings={warnings.filter((w) => w.knob === k.name)} />;
  return (
    <>
      <div class="rows knobs">{first.map(field)}</div>
      <details>
        <summary>{words.more(more.length + 1)}</summary>
        <div class="rows knobs">
          <label>
            <span>{words.transport}</span>
            <select data-field="transport" value={f.transport} onChange={(e) => (form.value = { ...f, transport: e.currentTarget.value })}>
              {Object.entries(words.transports).map(([value, text]) => (
                <option value={value}>{text}</option>
              ))}
            </select>
            <small>{words.transportAbout}</small>
          </label>
          {more.map(field)}
        </div>
      </details>
    </>
  );
}

// Where asks from which instant the new run is shown.
function Where({ goOn }: { goOn: Signal<boolean> }) {
  return (
    <div class="where" role="radiogroup" aria-label={words.where}>
      <label>
        <input type="radio" name="where" data-field="go-on" checked={goOn.value} onChange={() => (goOn.value = true)} />
        {words.goOn}
      </label>
      <label>
        <input type="radio" name="where" data-field="from-start" checked={!goOn.value} onChange={() => (goOn.value = false)} />
        {words.fromStart}
      </label>
    </div>
  );
}
