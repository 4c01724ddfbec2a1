// How likely a violation was, by the moment at which other luck takes over: a curve with its interval, and the points of
// no return. A click, or Enter, shows the moment.
import { useEffect, useRef, useState } from "preact/hooks";
import * as actions from "./actions";
import { curveOf, nearest, xOf, yOf, type Plane } from "./luck";
import { ours as isOurs } from "./luck_said";
import * as words from "./luck_words";
import * as store from "./store";
import type { MomentView, TurningView } from "./wire";
import { seconds } from "./words";

const HEIGHT = 170; // pixels
const EDGE = { left: 48, right: 12, top: 12, bottom: 26 };
const GRID = [0, 50, 95];

// A Mark is a moment that matters, with a shape of its own.
interface Mark {
  name: "likely" | "sure" | "fact";
  at: number;
  percent: number;
  text: string;
}

const SHAPES: Record<Mark["name"], string> = { likely: "M0 -6L6 0L0 6L-6 0Z", sure: "M-5 -5h10v10h-10z", fact: "M-5 -5L5 5M5 -5L-5 5" };

function marksOf(t: TurningView): Mark[] {
  const marks: Mark[] = [];
  const on = (at: number, percent: number) => (t.curve ?? []).find((m) => m.at === at)?.percent ?? percent;
  if (t.likely && t.likely.at !== t.sure?.at) marks.push({ name: "likely", at: t.likely.at, percent: on(t.likely.at, 50), text: words.turnText(t.likely, false) });
  if (t.sure) marks.push({ name: "sure", at: t.sure.at, percent: on(t.sure.at, 95), text: words.turnText(t.sure, true) });
  if (t.broken) marks.push({ name: "fact", at: t.at, percent: 100, text: words.factText });
  return marks;
}

export function Curve({ outcome, turning }: { outcome: store.Outcome; turning: TurningView }) {
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const curve = turning.curve ?? [];
  const [at, setAt] = useState<number | null>(null);
  const end = Math.max(curve[curve.length - 1]?.at ?? 0, turning.at, 1);
  const plane: Plane = { left: EDGE.left, top: EDGE.top, width: Math.max(width - EDGE.left - EDGE.right, 60), height: HEIGHT - EDGE.top - EDGE.bottom, end };
  const seen = at === null ? undefined : curve[at];
  const ours = isOurs(outcome);
  useEffect(() => store.glance(seen && ours ? seen.at : -1), [seen, ours]);
  useEffect(() => () => store.glance(-1), []);
  const under = (e: { clientX: number }) => nearest(plane, curve, e.clientX - host.current!.getBoundingClientRect().left);
  const keys = (e: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, Home: -Infinity, End: Infinity }[e.key];
    if (by !== undefined) setAt(Math.min(Math.max((at ?? 0) + (at === null ? 0 : by), 0), curve.length - 1));
    else if (e.key === "Enter" && seen && ours) actions.jump(seen.at);
    else return;
    e.preventDefault();
  };
  return (
    <div class="luck-curve">
      <div
        class="curve"
        ref={host}
        role="slider"
        tabIndex={0}
        aria-label={words.luck.curve}
        aria-valuemin={0}
        aria-valuemax={curve.length - 1}
        aria-valuenow={at ?? 0}
        aria-valuetext={said(curve[at ?? 0])}
        onKeyDown={keys}
        onBlur={() => setAt(null)}
        onPointerMove={(e) => setAt(under(e))}
        onPointerLeave={() => setAt(null)}
        onClick={(e) => ours && actions.jump(curve[under(e)]!.at)}
      >
        <Drawing plane={plane} curve={curve} marks={marksOf(turning)} width={width} seen={seen} />
      </div>
      <p class="at">{seen ? said(seen) : ours ? words.luck.curveHint : ""}</p>
      <Turns marks={marksOf(turning)} ours={ours} />
    </div>
  );
}

const said = (m: MomentView | undefined): string => (m ? words.momentText(m.at, m) : "");

function useWidth(host: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(480);
  useEffect(() => {
    const size = new ResizeObserver(() => host.current && setWidth(host.current.clientWidth));
    size.observe(host.current!);
    return () => size.disconnect();
  }, []);
  return width;
}

interface DrawingProps {
  plane: Plane;
  curve: readonly MomentView[];
  marks: readonly Mark[];
  width: number;
  seen: MomentView | undefined;
}

function Drawing({ plane, curve, marks, width, seen }: DrawingProps) {
  const { line, band } = curveOf(plane, curve);
  const foot = plane.top + plane.height;
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {GRID.map((p) => (
        <g key={p}>
          <path class="grid-line" d={`M${plane.left} ${yOf(plane, p)}h${plane.width}`} />
          <text x={plane.left - 8} y={yOf(plane, p) + 5} text-anchor="end">
            {words.percent(p)}
          </text>
        </g>
      ))}
      <text x={plane.left} y={HEIGHT - 5}>
        {seconds(0, 0)}
      </text>
      <text x={plane.left + plane.width} y={HEIGHT - 5} text-anchor="end">
        {seconds(plane.end)}
      </text>
      <path class="band" d={band} />
      <path class="line" d={line} />
      {curve.map((m) => (
        <circle key={m.at} cx={xOf(plane, m.at)} cy={yOf(plane, m.percent)} r={2.2} />
      ))}
      {marks.map((m) => (
        <g key={m.name} class="mark" data-mark={m.name}>
          <path class="drop-line" d={`M${xOf(plane, m.at)} ${yOf(plane, m.percent)}V${foot}`} />
          <path class="shape" transform={`translate(${xOf(plane, m.at)} ${yOf(plane, m.percent)})`} d={SHAPES[m.name]} />
        </g>
      ))}
      {seen && <path class="cursor" d={`M${xOf(plane, seen.at)} ${plane.top}V${foot}`} />}
    </svg>
  );
}

// Turns tells the marks in words; each leads to its moment.
function Turns({ marks, ours }: { marks: readonly Mark[]; ours: boolean }) {
  return (
    <ul class="turns">
      {marks.map((m) => (
        <li key={m.name} data-mark={m.name}>
          <svg viewBox="-8 -8 16 16" aria-hidden="true">
            <path class="shape" d={SHAPES[m.name]} />
          </svg>
          {ours ? (
            <button type="button" class="link" data-moment={m.at} aria-label={`${words.luck.goTo(m.at)}: ${m.text}`} onClick={() => actions.jump(m.at)}>
              {seconds(m.at)}
            </button>
          ) : (
            <b>{seconds(m.at)}</b>
          )}
          <span>{m.text}</span>
        </li>
      ))}
    </ul>
  );
}
