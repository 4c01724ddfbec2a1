// How time goes: play, a step forward or back, what steps go to, how far to run, and how fast.
import * as actions from "./actions";
import { Drop } from "./drop";
import { controls } from "./panel_words";
import { speedsWith } from "./speeds";
import * as store from "./store";
import { goals, transport as words, type Halt } from "./time_words";
import { laneName } from "./words";

const halts: readonly Halt[] = ["operation", "election", "violation", "fault", "convergence"];

export function Pace() {
  const going = store.going.value;
  const goal = store.goal.value;
  const { speed } = store.clock.value;
  return (
    <div class="pace">
      <button type="button" class="play" data-action="play" aria-pressed={going} aria-label={controls.play} onClick={() => actions.run(!store.going.peek())}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={going ? "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" : "M8 4.5v15l12-7.5z"} />
        </svg>
      </button>
      <Step action="step-back" title={words.back[goal]} path="M18 5v14L8 12zM7 5H4.5v14H7z" onClick={() => actions.step(true)} />
      <Step action="step" title={words.forward[goal]} path="M6 5v14l10-7zM17 5h2.5v14H17z" onClick={() => actions.step(false)} />
      <Choices />
      <select aria-label={words.speed} title={words.speed} data-action="speed" value={String(speed)} onChange={(e) => actions.speed(Number(e.currentTarget.value))}>
        {speedsWith(speed).map((s) => (
          <option value={String(s)}>{words.speedOf(s)}</option>
        ))}
      </select>
    </div>
  );
}

interface StepProps {
  action: string;
  title: string;
  path: string;
  onClick: () => void;
}

function Step({ action, title, path, onClick }: StepProps) {
  return (
    <button type="button" class="icon" data-action={action} aria-label={title} title={title} onClick={onClick}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

// Choices is the menu of what steps go to, and of what the run may go on until.
function Choices() {
  const goal = store.goal.value;
  const face = (
    <>
      <span class="goal">{words.goals[goal]}</span>
      <svg viewBox="0 0 24 24" class="glyph" aria-hidden="true">
        <path d="M6 15l6-6 6 6" />
      </svg>
    </>
  );
  return (
    <Drop class="choices" action="choices" label={words.menu(words.goals[goal])} face={face}>
      {(close) => (
        <>
          <Group name={words.steps}>
            {goals.map((g) => (
              <button key={g} type="button" class="item" data-action={`by-${g}`} aria-pressed={g === goal} onClick={() => (store.stepBy(g), close())}>
                {words.goals[g]}
              </button>
            ))}
          </Group>
          <Group name={words.until}>
            {halts.map((h) => (
              <button key={h} type="button" class="item" data-action={`until-${h}`} onClick={() => (actions.until(h), close())}>
                {words.halts[h]}
              </button>
            ))}
          </Group>
          <Where />
        </>
      )}
    </Drop>
  );
}

function Group({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div role="group" aria-label={name}>
      <p aria-hidden="true">{name}</p>
      {children}
    </div>
  );
}

// Where is in which lane steps and halts count.
function Where() {
  const names = store.world.value?.lanes.map((l) => l.name) ?? [];
  const lane = store.goalLane.value;
  return (
    <label>
      <span>{words.lane}</span>
      <select data-action="step-lane" value={names.includes(lane) ? lane : ""} onChange={(e) => store.stepIn(e.currentTarget.value)}>
        <option value="">{words.anyLane}</option>
        {names.map((n) => (
          <option value={n}>{laneName(n)}</option>
        ))}
      </select>
    </label>
  );
}
