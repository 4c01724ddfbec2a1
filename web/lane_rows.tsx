// The timeline's rows: a thin one for each lane, painted with who led, faults, operations and broken promises. All of them
// are one button: a click goes to the moment, and arrow keys go from mark to mark.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { returns } from "./returns";
import { around, barsOf, merged, momentsOf, rowOf, snapped, type Bars, type Painted, type Row, type Stretch } from "./rows";
import { grown, since, type History } from "./series";
import * as store from "./store";
import { breach, rows as words, trouble } from "./time_words";
import { laneName } from "./words";

const ASK_EVERY = 1000; // milliseconds between two questions to the server
const REACH = 5; // pixels that a hand may be beside a mark

interface Here {
  lane: number;
  at: number;
}

export function LaneRows({ span }: { span: number }) {
  const host = useRef<HTMLButtonElement>(null);
  const { painted, history } = usePainted(host);
  const [here, setHere] = useState<Here | null>(null);
  const names = store.world.value!.lanes.map((l) => l.name);
  const shown = store.shownLane.value;
  const filled = names.indexOf(store.filled.value);
  useEffect(() => store.glance(here ? here.at : -1), [here?.at]);
  useEffect(() => () => store.glance(-1), []);
  const drawn = useMemo(() => {
    const bars = history ? barsOf(history, span) : [];
    return (painted?.lanes ?? []).map((l, i) => <RowView key={i} row={rowOf(l, span, painted!.edge)} bars={bars[i]} />);
  }, [painted, history, span]);
  const under = (e: MouseEvent) => pointed(host.current!, e, span, painted);
  const to = (h: Here | null) => h && actions.jump(Math.min(h.at, store.clock.peek().edge));
  return (
    <div class="lane-rows" data-lanes={names.length} data-fill={filled < 0 ? "0" : "1"}>
      <div class="row-names" aria-hidden="true">
        {names.map((n, i) => (
          <span key={n} data-out={store.seen(n) ? undefined : "1"} data-shown={shownFlag(i, shown)} data-filled={i === filled ? "1" : "0"}>
            {laneName(n)}
          </span>
        ))}
      </div>
      <button
        type="button"
        class="rows"
        ref={host}
        data-action="rows"
        aria-label={words.label}
        onPointerMove={(e) => e.pointerType !== "touch" && setHere(under(e))}
        onPointerLeave={() => setHere(null)}
        onBlur={() => setHere(null)}
        onClick={(e) => to(e.detail === 0 ? here : under(e))}
        onKeyDown={(e) => {
          const next = painted && moved(e.key, here, painted, filled >= 0 ? filled : onlyShown(host.current!));
          if (!next) return;
          e.preventDefault();
          setHere(next);
        }}
      >
        {names.map((n, i) => (
          <span key={n} class="lane-row" data-row={n} data-out={store.seen(n) ? undefined : "1"} data-shown={shownFlag(i, shown)} data-filled={i === filled ? "1" : "0"}>
            {drawn[i]}
            {returns.value.filter((r) => r.lane === n).map((r) => (
              <i key={`t${r.at}`} class="return" data-sure={r.sure ? "1" : "0"} title={r.sure ? words.sure : words.likely} style={{ left: `${Math.min((100 * r.at) / span, 100).toFixed(2)}%` }} />
            ))}
          </span>
        ))}
      </button>
      <output class="row-tip" aria-live="polite" data-on={here ? "1" : "0"} style={here ? { left: `${Math.min(Math.max((100 * here.at) / span, 0), 100)}%`, "--to": String(-Math.min(here.at / span, 1)) } : undefined}>
        {here && painted && told(here, painted, history, (REACH * span) / Math.max(host.current?.clientWidth ?? 1, 1))}
      </output>
    </div>
  );
}

const shownFlag = (i: number, shown: number): string => (i === shown ? "1" : "0");

// onlyShown is the one row that is shown where there is room for one; -1 where all are.
function onlyShown(host: HTMLElement): number {
  const list = [...host.querySelectorAll(".lane-row")];
  const seen = list.filter((r) => r.clientHeight > 0);
  return seen.length === 1 ? list.indexOf(seen[0]!) : -1;
}

// pointed is the lane and the moment under a pointer.
function pointed(host: HTMLElement, e: MouseEvent, span: number, painted: Painted | null): Here | null {
  const boxes = [...host.querySelectorAll(".lane-row")].map((r) => r.getBoundingClientRect());
  const lane = boxes.findIndex((b) => b.height > 0 && e.clientY < b.bottom + 1);
  const box = boxes[lane];
  const row = painted?.lanes[lane];
  if (!box || !row) return null;
  const at = Math.max(((e.clientX - box.left) / box.width) * span, 0);
  return at > painted!.edge ? null : { lane, at: snapped(row, at, (REACH * span) / box.width) };
}

// moved is where an arrow key leads: along a row from mark to mark, or to another row; only is the one that is shown.
function moved(key: string, here: Here | null, p: Painted, only: number): Here | null {
  const lane = only >= 0 ? only : (here?.lane ?? 0);
  const at = here?.at ?? store.now.peek();
  const name = store.world.peek()?.lanes[lane]?.name;
  const turned = returns.peek().filter((r) => r.lane === name).map((r) => r.at);
  const list = [...momentsOf(p.lanes[lane] ?? { reigns: [], bands: [], pins: [] }), ...turned].sort((a, b) => a - b);
  if (key === "ArrowRight") return { lane, at: list.find((m) => m > at) ?? at };
  if (key === "ArrowLeft") return { lane, at: list.filter((m) => m < at).pop() ?? at };
  const next = lane + ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? NaN);
  return only < 0 && p.lanes[next] ? { lane: next, at } : null;
}

// told says in words what a row has at a moment.
function told({ lane, at }: Here, p: Painted, h: History | null, reach: number): string {
  const w = store.world.peek()!;
  const row = p.lanes[lane];
  if (!row) return "";
  const { reign, bands, pins } = around(row, at, reach);
  const who = (node: number) => w.labels[node] ?? "";
  const point = h ? Math.min(Math.floor(at / h.every), h.count - 1) : 0;
  const n = (of: "ok" | "fail" | "info") => h?.lanes[lane]?.[of]?.[point] ?? 0;
  return [
    words.here(w.lanes[lane]?.name ?? "", at),
    ...returns.peek().filter((r) => r.lane === w.lanes[lane]?.name && Math.abs(r.at - at) <= reach).map((r) => (r.sure ? words.sure : words.likely)),
    ...pins.map((pin) => breach(pin.kind)),
    ...bands.map((b) => trouble(b.what, b.node < 0 ? "" : who(b.node))),
    reign ? words.leads(who(reign.node), w.lanes[lane]?.mode === "group" ? 0 : reign.term) : (row.reigns ?? []).length > 0 ? words.nobody : "",
    words.operations(n("ok"), n("fail"), n("info")),
  ].filter(Boolean).join(" · ");
}

function RowView({ row, bars }: { row: Row; bars: Bars | undefined }) {
  return (
    <>
      {row.links.map((s, i) => (
        <i key={`l${i}`} class="trouble" data-open={s.open ? "1" : "0"} style={box(s)} />
      ))}
      {row.machines.map((s, i) => (
        <i key={`m${i}`} class="machine" data-open={s.open ? "1" : "0"} style={box(s)} />
      ))}
      {bars && (
        <svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
          <path class="ok" d={bars.ok} />
          <path class="fail" d={bars.fail} />
          <path class="info" d={bars.info} />
        </svg>
      )}
      {row.reigns.map((s, i) => (
        <i key={`r${i}`} class="reign" style={box(s)} />
      ))}
      {row.pins.map((p, i) => (
        <i key={`p${i}`} class="pin" data-lost={p.lost ? "1" : "0"} style={{ left: `${(100 * p.left).toFixed(2)}%` }} />
      ))}
    </>
  );
}

const box = (s: Stretch) => ({ left: `${(100 * s.left).toFixed(2)}%`, width: `${(100 * s.width).toFixed(2)}%` });

// usePainted asks for what is new, at most once a second, while the rows can be seen and the run has changed.
function usePainted(host: { current: HTMLElement | null }): { painted: Painted | null; history: History | null } {
  const [have, setHave] = useState<{ painted: Painted | null; history: History | null }>({ painted: null, history: null });
  useEffect(() => {
    let painted: Painted | null = null;
    let history: History | null = null;
    let asked = "";
    let over = false;
    const ask = async () => {
      const now = `${store.world.peek()?.room} ${store.world.peek()?.run} ${store.clock.peek().edge}`;
      if (now === asked || document.hidden || !seen(host.current)) return;
      asked = now;
      const run = store.world.peek()?.run;
      const from = painted?.run === run ? (painted?.edge ?? 0) : 0;
      const [t, s] = await Promise.all([actions.timeline(from), actions.series(since(history), history?.every ?? 0)]);
      if (over) return;
      if (!t || !s) asked = "";
      if (t) painted = from > 0 && painted?.run !== t.run ? null : merged(painted, t);
      if (s) history = grown(history, s);
      if (!painted || !history) asked = "";
      setHave({ painted, history });
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, []);
  return have;
}

function seen(host: HTMLElement | null): boolean {
  const box = host?.getBoundingClientRect();
  return box !== undefined && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}
