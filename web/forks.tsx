// Undo, redo and the tree of branches, beside the run's line.
import { Drop, Item } from "./drop";
import { doing, forks as words } from "./fork_words";
import { fork, redo, undo, undoable } from "./forking";
import { print, nowhere } from "./fragment";
import * as store from "./store";
import type { Command } from "./wire";

export function Forks() {
  const [back, again] = [undoable(), store.redoable.value];
  return (
    <div class="forks" role="group" aria-label={words.label}>
      <Step action="undo-run" keys="Control+Z" able={back} does={words.undo} not={words.nothing} act={undo} d="M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11" />
      <Step action="redo-run" keys="Control+Shift+Z Control+Y" able={again} does={words.redo} not={words.nothingUndone} act={redo} d="M15 14l5-5-5-5M20 9H9.5a5.5 5.5 0 0 0 0 11H13" />
      <Drop class="kin" action="branches" label={words.branches} face={<Glyph d="M6 8v8M18 8v1a4 4 0 0 1-4 4H6M6 3.5a2.2 2.2 0 1 0 .01 0M18 3.5a2.2 2.2 0 1 0 .01 0M6 16a2.2 2.2 0 1 0 .01 0" />}>
        {(close) => (
          <>
            <Item action="fork" text={words.here(store.now.value)} onClick={() => (close(), fork())} />
            <p>{words.why}</p>
            <Tree close={close} />
          </>
        )}
      </Drop>
    </div>
  );
}

function Glyph({ d }: { d: string }) {
  return (
    <svg viewBox="0 0 24 24" class="lines" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

interface StepProps {
  action: string;
  keys: string;
  able: boolean;
  does: string;
  not: string; // why it can do nothing
  act(): void;
  d: string;
}

// Step stays in the order of focus when there is nothing to do: its name says why.
function Step({ action, keys, able, does, not, act, d }: StepProps) {
  const name = able ? does : not;
  return (
    <button type="button" class="icon" data-action={action} aria-keyshortcuts={keys} aria-disabled={!able} aria-label={name} title={name} onClick={() => able && act()}>
      <Glyph d={d} />
    </button>
  );
}

interface Kin {
  room: string;
  key: string;
}

const hrefOf = (r: Kin): string => `#${print({ ...nowhere, room: r.room, key: r.key })}`;

// compareHref is where two runs stand side by side, at the moment and in the lane shown; they are the same up to an instant.
function compareHref(a: Kin, b: Kin, from: number): string {
  const lane = store.filled.value || (store.world.value?.lanes[store.shownLane.value]?.name ?? "");
  return `/compare${location.search}#${new URLSearchParams({ a: `${a.room}:${a.key}`, b: `${b.room}:${b.key}`, at: String(Math.round(store.now.value)), from: String(from), lane })}`;
}

// Tree has where this run has come from, this run, and what has branched off from it, each a link but this.
function Tree({ close }: { close(): void }) {
  const [me, up, down] = [store.world.value!, store.parent.value, store.branches.value];
  const say = (c: Command) => doing(c, me.names);
  const own = (
    <li>
      <span class="row" aria-current="page">
        <b>{words.current}</b>
        {up && <small>{[words.same(up.at), up.first && words.onlyHere(say(up.first))].filter(Boolean).join("; ")}</small>}
      </span>
      {down.length > 0 && (
        <ul>
          {down.map((b) => (
            <li key={b.room}>
              <Row of={b} a={me} b={b} from={b.at} close={close} name={words.branch(b.at)} said={sayBranch(b.first, b.undone, say)} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
  if (!up) return down.length > 0 ? <ul class="tree">{own}</ul> : null;
  return (
    <ul class="tree">
      <li>
        <Row of={up} a={up} b={me} from={up.at} close={close} name={words.parent} said={up.undone ? words.onlyThere(say(up.undone)) : ""} />
        <ul>{own}</ul>
      </li>
    </ul>
  );
}

function sayBranch(first: Command | undefined, undone: Command | undefined, say: (c: Command) => string): string {
  const parts = [undone && words.onlyHere(say(undone)), first && words.onlyThere(say(first))].filter(Boolean);
  return parts.length > 0 ? parts.join("; ") : words.untouched;
}

function Row({ of, a, b, from, name, said, close }: { of: Kin; a: Kin; b: Kin; from: number; name: string; said: string; close(): void }) {
  return (
    <span class="row">
      <a href={hrefOf(of)} data-kin={of.room} onClick={close}>
        {name}
      </a>
      <a class="against" href={compareHref(a, b, from)} data-compare={of.room} aria-label={words.compareWith(name)}>
        {words.compare}
      </a>
      {said && <small>{said}</small>}
    </span>
  );
}
