// What the space-time diagram shows, as a table: for those who do not see it, and for those who want it exact.
import { useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { exact } from "./causes_words";
import type { Lens } from "./lens";
import { fateOf, kindOf, outcomeOf, space } from "./space_words";
import { seen, staysSeen, type Diagram } from "./spacetime";
import * as store from "./store";

const MOST = 150; // rows of messages, and of operations
const EVERY = 1000; // milliseconds between two looks at what is in view

interface Row {
  key: string;
  what: string;
  from: string;
  to: string;
  begun: number;
  ended: number;
  fate: string;
  at: number;
  pick: store.Selection;
}

export function Listing({ lane, scene, lens }: { lane: number; scene(): Diagram; lens(): Lens }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="listing" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary data-action="space-list">{space.list}</summary>
      {open && <Table lane={lane} scene={scene} lens={lens} />}
    </details>
  );
}

function Table({ lane, scene, lens }: { lane: number; scene(): Diagram; lens(): Lens }) {
  store.now.value; // what is in view changes as time goes on
  const kept = useRef<{ wall: number; lane: number; rows: Row[]; counts: [number, number] }>({ wall: -EVERY, lane, rows: [], counts: [0, 0] });
  const wall = performance.now();
  if (wall - kept.current.wall > EVERY || kept.current.lane !== lane) {
    const d = scene();
    const [arrows, stays] = [seen(d, lens()), staysSeen(d, lens())];
    kept.current = { wall, lane, rows: rowsOf(d, lane, arrows.slice(0, MOST), stays.slice(0, MOST)), counts: [arrows.length, stays.length] };
  }
  const { rows, counts } = kept.current;
  const c = space.columns;
  return (
    <>
      <p class="legend">
        {space.counts(...counts)}. {Math.max(...counts) > MOST && space.most(MOST)}
      </p>
      <div class="wide" tabIndex={0} role="region" aria-label={space.list}>
        <table>
          <thead>
            <tr>
              {[c.what, c.from, c.to, c.begun, c.ended, c.fate].map((name) => (
                <th key={name} scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.key}>
                <th scope="row">
                  <button type="button" class="link" onClick={() => store.inspect(r.pick)}>{r.what}</button>
                </th>
                <td>{r.from}</td>
                <td>{r.to}</td>
                <td>
                  <button type="button" class="link" onClick={() => actions.jump(r.at)}>{exact(r.begun)}</button>
                </td>
                <td>{r.ended < 0 ? "" : exact(r.ended)}</td>
                <td>{r.fate}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function rowsOf(d: Diagram, lane: number, arrows: ReturnType<typeof seen>, stays: ReturnType<typeof staysSeen>): Row[] {
  const w = store.world.peek()!;
  const deeds = new Map((store.archives[lane]?.deeds ?? []).map((o) => [o.id, o]));
  const lost = new Set((store.lanes.peek()[lane]?.losses ?? []).map((s) => s.n));
  const messages = arrows.map((a): Row => ({
    key: `m${a.id}`, what: kindOf(w.kinds[a.kind] ?? ""), from: d.processes[a.from]!.name, to: d.processes[a.to]!.name,
    begun: a.sent, ended: a.due, fate: fateOf(a, d.edge), at: Math.round((a.sent + a.due) / 2), pick: { lane, message: a.id },
  }));
  const operations = stays.map((s): Row => {
    const o = deeds.get(s.id);
    return {
      key: `o${s.id}`, what: s.text, from: w.clients[o?.client ?? -1]?.name ?? "", to: o?.key ?? "",
      begun: s.from, ended: s.to, fate: o ? outcomeOf(o, lost.has(s.id)) : "", at: s.to < 0 ? s.from : s.to, pick: { lane, operation: s.id },
    };
  });
  return [...messages, ...operations].sort((a, b) => a.begun - b.begun);
}
