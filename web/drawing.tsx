// Draws the time diagram of a violation.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { diagramLabel, why } from "./causes_words";
import { n1 } from "./curve";
import { FONT, picture, type Arrow, type Bar, type Cast, type Picture } from "./diagram";
import { undoneAt } from "./partition";
import { widthOf } from "./stage_style";
import * as store from "./store";
import type { CauseView } from "./wire";

const BAR = 12;
const CROSS = "M-4.5-4.5l9 9m0-9l-9 9";
const PERSON = "M0-7a3 3 0 1 1 0 6a3 3 0 1 1 0-6M-5.5 7C-5.5 2.5-3.5 0 0 0s5.5 2.5 5.5 7Z";

interface Props {
  cause: CauseView;
  cast: Cast;
  go(step: number): void;
}

export function Diagram({ cause, cast, go }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(() => setWidth(Math.floor(host.current?.clientWidth ?? 0)));
    watch.observe(host.current!);
    return () => watch.disconnect();
  }, []);
  const undone = cause.fault ? undoneAt(cause.fault, store.commands.value) : null;
  const p = useMemo(() => (width > 0 ? picture(cause, cast, undone, width, widthOf) : null), [cause, cast, undone, width]);
  return (
    <figure class="diagram">
      <div ref={host}>
        {p && (
          <svg role="img" aria-label={diagramLabel(cause)} width={p.width} height={p.height} viewBox={`0 0 ${p.width} ${p.height}`}>
            <Marks p={p} go={go} />
            <Ground p={p} />
            {p.arrows.map((a) => (
              <ArrowView key={a.step} arrow={a} go={go} />
            ))}
            {p.dots.map((d) => (
              <g key={d.step} class="dot" data-hollow={d.hollow ? "1" : "0"} {...hand(d.step, go)}>
                <circle cx={n1(d.x)} cy={n1(d.y)} r="4.5" />
                {d.label && (
                  <text x={n1(d.mid)} y={n1(d.y - 9)} text-anchor="middle">
                    {d.label}
                  </text>
                )}
              </g>
            ))}
            {p.bars.map((b) => (
              <BarView key={b.op} bar={b} go={go} />
            ))}
          </svg>
        )}
      </div>
      {p && p.breaks.length > 0 && (
        <figcaption>
          <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
            <path d="M2 11l3-10m2 10l3-10" />
          </svg>
          {why.uneven}
        </figcaption>
      )}
    </figure>
  );
}

// hand makes a shape answer to the pointer; what keys can reach is the list of steps.
function hand(step: number, go: (step: number) => void) {
  return {
    "data-hot": step >= 0 && store.hot.value === step ? "1" : "0",
    onPointerEnter: () => store.point(step),
    onPointerLeave: () => store.point(-1),
    onClick: () => step >= 0 && go(step),
  };
}

function Ground({ p }: { p: Picture }) {
  return (
    <g class="rows">
      {p.rows.map((r) => (
        <g key={r.addr}>
          <path class="line" d={`M${p.left} ${r.y}H${p.width}`} />
          {r.client ? <path class="who" d={PERSON} transform={`translate(7 ${r.y - 1})`} /> : <circle class="what" cx="7" cy={r.y} r="5" />}
          <text x="18" y={r.y} dy=".35em" font-size={n1(r.size)}>
            {r.label}
          </text>
        </g>
      ))}
      {p.breaks.map((x) => (
        <path key={x} class="break" d={`M${n1(x - 4)} ${p.bottom + 5}l3-10m2 10l3-10`} />
      ))}
      {p.ticks.map((t) => (
        <text key={t.text} class="tick" x={n1(t.x)} y={p.bottom + AXIS_TEXT} text-anchor="middle" font-size={FONT}>
          {t.text}
        </text>
      ))}
    </g>
  );
}

const AXIS_TEXT = 20;

function Marks({ p, go }: { p: Picture; go(step: number): void }) {
  return (
    <>
      {p.marks.map((m) => (
        <g key={m.x} class="mark" data-fault={m.fault ? "1" : "0"} {...hand(m.step, go)}>
          {m.to > m.x && <rect x={n1(m.x)} y={p.top} width={n1(m.to - m.x)} height={n1(p.bottom - p.top)} />}
          <path d={`M${n1(m.x)} ${p.top}V${p.bottom}`} />
          <text x={n1(m.x)} y={p.top - 7} text-anchor={m.anchor}>
            {m.label}
          </text>
        </g>
      ))}
    </>
  );
}

function ArrowView({ arrow: a, go }: { arrow: Arrow; go(step: number): void }) {
  const turn = (Math.atan2(a.y2 - a.y1, a.x2 - a.x1) * 180) / Math.PI;
  const line = `M${n1(a.x1)} ${n1(a.y1)}L${n1(a.x2)} ${n1(a.y2)}`;
  return (
    <g class="arrow" data-fate={a.fate} {...hand(a.step, go)}>
      <path class="reach" d={line} />
      <path d={line} />
      {a.fate === "lost" ? (
        <path d={CROSS} transform={`translate(${n1(a.x2)} ${n1(a.y2)})`} />
      ) : (
        <path class="tip" d="M0 0l-8-4v8z" transform={`translate(${n1(a.x2)} ${n1(a.y2)}) rotate(${n1(turn)})`} />
      )}
    </g>
  );
}

// BarView draws an operation: whole where it was answered, barred where refused, open at its end where nobody knows.
function BarView({ bar: b, go }: { bar: Bar; go(step: number): void }) {
  const [x, y, w] = [n1(b.x), n1(b.y - BAR / 2), n1(b.w)];
  const open = b.outcome === "info" || b.outcome === "pending";
  return (
    <g class="bar" data-outcome={b.outcome} data-part={b.part} {...hand(b.step, go)}>
      {b.part === "odd" && <rect class="glow" x={n1(b.x - 4)} y={n1(b.y - BAR / 2 - 4)} width={n1(b.w + 8)} height={BAR + 8} rx="6" />}
      {open ? <path class="body" d={`M${n1(b.x + b.w)} ${y}H${x}v${BAR}h${w}`} /> : <rect class="body" x={x} y={y} width={w} height={BAR} rx="3" />}
      {b.outcome === "fail" && <path class="slash" d={`M${x} ${n1(b.y + BAR / 2)}l${n1(Math.min(b.w, BAR))} ${-BAR}`} />}
      <text x={n1(b.at.x)} y={n1(b.at.y)} text-anchor={b.at.anchor}>
        {b.label}
      </text>
    </g>
  );
}
