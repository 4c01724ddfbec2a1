// A slider over steps, which shows its effect at once: while it moves it sends no faster than the server takes.
import { useEffect, useRef, useState } from "preact/hooks";
import { nearestStep } from "./menu_faults";
import * as store from "./store";

const PACE = 250; // milliseconds between two commands
const SETTLE = 1500; // milliseconds until the run's word counts again

interface SliderProps {
  action: string;
  label: string;
  steps: readonly number[];
  value: number;
  text: (value: number) => string;
  onChange: (value: number) => void;
}

export function Slider({ action, label, steps, value, text, onChange }: SliderProps) {
  const [draft, setDraft] = useState<number | null>(null);
  const send = usePaced(onChange);
  // A run that stands still does not say what will be.
  const playing = store.playing.value;
  useEffect(() => {
    if (draft === null || !playing) return;
    const timer = setTimeout(() => setDraft(null), SETTLE);
    return () => clearTimeout(timer);
  }, [draft, playing]);
  const shown = draft ?? value;
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min="0"
        max={steps.length - 1}
        step="1"
        data-action={action}
        value={nearestStep(steps, shown)}
        aria-valuetext={text(shown)}
        onInput={(e) => {
          const next = steps[Number(e.currentTarget.value)] ?? 0;
          setDraft(next);
          send(next);
        }}
      />
      <output>{text(shown)}</output>
    </label>
  );
}

// usePaced calls a function with the latest value, at once if that is not too soon after the time before.
function usePaced(act: (value: number) => void): (value: number) => void {
  const state = useRef({ act, last: 0, value: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined });
  const s = state.current;
  s.act = act;
  const fire = () => {
    s.timer = undefined;
    s.last = performance.now();
    s.act(s.value);
  };
  return (value) => {
    s.value = value;
    const wait = s.last + PACE - performance.now();
    if (wait <= 0 && !s.timer) fire();
    else s.timer ??= setTimeout(fire, wait);
  };
}
