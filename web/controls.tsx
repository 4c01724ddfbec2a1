// What a visitor does besides dragging: faults by button, and being a client.
import { useSignal } from "@preact/signals";
import * as actions from "./actions";
import { controls } from "./panel_words";
import * as store from "./store";

const MAX_VALUE = 1_000_000;

export function Actions() {
  if (!store.world.value) return null;
  return (
    <div class="actions">
      <Faults />
      <Visitor />
    </div>
  );
}

function Faults() {
  const names = store.world.value!.names;
  const away = store.away.value;
  return (
    <div class="faults" role="group" aria-label={controls.faults}>
      <span class="legend" aria-hidden="true">
        {controls.faults}
      </span>
      {names.map((name, i) => (
        <button
          type="button"
          data-action="partition"
          data-region={name}
          aria-pressed={away[i] ?? false}
          aria-label={controls.partition(name)}
          onClick={() => {
            store.drop(name, null);
            actions.part(name, !away[i]);
          }}
        >
          {name}
        </button>
      ))}
      <button type="button" data-action="heal" title={controls.healing} aria-disabled={!store.healable.value} onClick={() => store.healable.peek() && actions.heal()}>
        {controls.heal}
      </button>
    </div>
  );
}

// Visitor is the form by which one is a client oneself.
function Visitor() {
  const names = store.world.value!.names;
  const value = useSignal("1000");
  const you = store.you.value;
  const clients = store.world.value!.clients.map((c) => c.name);
  const chosen = names.includes(you) || clients.includes(you) ? you : (names[1] ?? names[0] ?? "");
  const choice = names.includes(chosen) ? names : [...names, chosen];
  const amount = Math.round(Number(value.value));
  const valid = value.value.trim() !== "" && Number.isFinite(amount) && Math.abs(amount) <= MAX_VALUE;
  return (
    <form
      class="visitor"
      onSubmit={(e) => {
        e.preventDefault();
        if (valid) actions.write(chosen, amount);
      }}
    >
      <label>
        <span class="legend">{controls.you}</span>
        <select aria-label={controls.region} data-action="region" value={chosen} onChange={(e) => store.be(e.currentTarget.value)}>
          {choice.map((name) => (
            <option value={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" data-action="read" onClick={() => actions.read(chosen)}>
        {controls.read}
      </button>
      <label class="amount">
        {store.world.value?.unit === "dollars" && <span aria-hidden="true">$</span>}
        <input
          type="number"
          step="1"
          min={-MAX_VALUE}
          max={MAX_VALUE}
          aria-label={controls.value}
          data-action="value"
          value={value.value}
          onInput={(e) => (value.value = e.currentTarget.value)}
        />
      </label>
      <button type="submit" data-action="write" disabled={!valid}>
        {controls.write}
      </button>
    </form>
  );
}
