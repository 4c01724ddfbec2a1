// One knob of a protocol as a field of a form. What a knob is called and is about comes from the catalog, in English.
import { setupForm as words } from "./lane_words";
import { presets } from "./preset_words";
import { limitIn, spanOf, spanText, toggled } from "./setup";
import * as store from "./store";
import type { KnobChoice, WarningView } from "./wire";

interface FieldProps {
  choice: KnobChoice;
  value: string; // as the scenario language writes it; "" for the default
  onChange: (name: string, value: string) => void;
  warnings: readonly WarningView[];
}

interface InnerProps {
  choice: KnobChoice;
  value: string;
  about: string; // the id of the text that says what it is
  label: string;
  set: (value: string) => void;
}

export function KnobField({ choice, value, onChange, warnings }: FieldProps) {
  const id = `knob-${choice.name}`; // one form is open at a time
  const inner: InnerProps = { choice, value, about: `${id}-about`, label: isOwn(choice) ? choice.name : choice.name.replace(/-/g, " "), set: (v) => onChange(choice.name, v) };
  return (
    <div class="knob" data-knob={choice.name} data-changed={value !== "" && value !== choice.default ? "1" : "0"}>
      {isOwn(choice) ? <code lang="en">{inner.label}</code> : <span>{inner.label}</span>}
      <div class="field">{fieldOf(inner)}</div>
      <small id={inner.about} lang="en">
        {warnings.map((w) => (
          <b class="warning">{w.text} </b>
        ))}
        {choice.about}
      </small>
      {isOwn(choice) && <Default of={choice} />}
    </div>
  );
}

// isOwn tells a product's knob, which keeps the name that it has there, from a mode's.
const isOwn = (k: KnobChoice): boolean => Boolean(k.source || k.assumed);

// Default says what a product's knob is set to by its makers, and where they say so.
function Default({ of }: { of: KnobChoice }) {
  return (
    <small class="default" data-assumed={of.assumed ? "1" : "0"}>
      {of.default ? presets.default(of.default) : presets.noDefault}
      {", "}
      {of.source ? (
        <a href={of.source} target="_blank" rel="noopener" aria-label={presets.documentedOf(of.name)}>
          {presets.documented}
        </a>
      ) : (
        <>
          <b>{presets.assumed}</b>: {presets.nobody}
        </>
      )}
    </small>
  );
}

function fieldOf(inner: InnerProps) {
  switch (inner.choice.kind) {
    case "number":
      return <NumberField {...inner} />;
    case "time":
      return <TimeField {...inner} />;
    case "word":
      return <Select {...inner} options={(inner.choice.words ?? []).map((w) => [w, w])} />;
    case "region":
      return <Select {...inner} options={store.world.value!.names.map((n) => [n, n])} />;
    case "regions":
      return <Regions {...inner} />;
  }
}

function NumberField({ choice, value, about, label, set }: InnerProps) {
  return <input type="number" step="1" min={choice.min} max={choice.max} aria-label={label} aria-describedby={about} placeholder={choice.default} value={value} onInput={(e) => set(e.currentTarget.value)} />;
}

// Select offers the default first, which is written as nothing.
function Select({ choice, value, about, label, set, options }: InnerProps & { options: [string, string][] }) {
  const usual = choice.default;
  const rest = options.filter(([v]) => v !== usual);
  return (
    <select aria-label={label} aria-describedby={about} value={value === usual ? "" : value} onChange={(e) => set(e.currentTarget.value)}>
      <option value="">{usual === "" ? words.first : words.usual(usual)}</option>
      {rest.map(([v, text]) => (
        <option value={v}>{text}</option>
      ))}
    </select>
  );
}

// TimeField is a number with a unit; where a word may stand in its place, it is chosen first.
function TimeField(inner: InnerProps) {
  const { choice, value, about, label, set } = inner;
  const span = spanOf(value || choice.default, choice);
  const isDefault = value === "";
  const word = choice.words ?? [];
  const number = (
    <label class="unit">
      <input type="number" step="any" min={limitIn(choice.min, span.unit)} max={limitIn(choice.max, span.unit)} aria-label={label} aria-describedby={about} placeholder={span.number} value={isDefault && word.length === 0 ? "" : span.number} onInput={(e) => set(spanText(e.currentTarget.value, span.unit))} />
      <span>{span.unit}</span>
    </label>
  );
  if (word.length === 0) return number;
  const start = spanText(String(limitIn(Math.max(choice.min, 1_000_000), span.unit)), span.unit);
  return (
    <>
      <select aria-label={label} aria-describedby={about} value={span.word || "time"} onChange={(e) => set(e.currentTarget.value === "time" ? start : e.currentTarget.value === choice.default ? "" : e.currentTarget.value)}>
        {word.map((w) => (
          <option value={w}>{w === choice.default ? words.usual(w) : w}</option>
        ))}
        <option value="time">{words.time}</option>
      </select>
      {!span.word && number}
    </>
  );
}

function Regions({ value, about, label, set }: InnerProps) {
  return (
    <div class="regions" role="group" aria-label={label} aria-describedby={about}>
      {store.world.value!.names.map((name) => (
        <label>
          <input type="checkbox" checked={value.split(",").includes(name)} onChange={() => set(toggled(value, name))} />
          {name}
        </label>
      ))}
    </div>
  );
}
