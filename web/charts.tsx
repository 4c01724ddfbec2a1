// The drawer's charts: what clients and replicas went through over time, one chart for each figure, a line for each lane.
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import * as actions from "./actions";
import { charts, faultName, figure } from "./drawer_words";
import { picture } from "./charts_png";
import { dashes, inkOf, plot, type Ink } from "./plot";
import { save } from "./save";
import { faultsOf, grown, inForce, lastOf, lineOf, metrics, since, timesOf, type History, type Metric } from "./series";
import * as store from "./store";
import { theme } from "./theme";
import { laneName, seconds } from "./words";

const ASK_EVERY = 1000; // milliseconds between two questions to the server
const HEIGHT = 96; // pixels of a chart
const DARK = matchMedia("(prefers-color-scheme: dark)");

export function Charts() {
  const host = useRef<HTMLDivElement>(null);
  const history = useHistory();
  const ink = useInk(host);
  const [hover, setHover] = useState<number | null>(null);
  const drawn = useRef(new Map<Metric, uPlot>());
  const names = store.world.value!.lanes.map((l) => l.name);
  const edge = store.clock.value.edge;
  const times = history ? timesOf(history, edge) : [];
  const at = Math.min(hover ?? Infinity, times.length - 1);
  const seen = hover === null ? undefined : times[at];
  useEffect(() => store.glance(seen === undefined ? -1 : seen * 1e6), [seen]);
  useEffect(() => () => store.glance(-1), []);
  const keys = (e: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[e.key];
    const first = drawn.current.get("ok");
    if (e.key === "Enter" && hover !== null) actions.jump((times[at] ?? 0) * 1e6);
    else if (by !== undefined && first) {
      e.preventDefault();
      const to = Math.min(Math.max(at + by, 0), times.length - 1);
      first.setCursor({ left: first.valToPos(times[to] ?? 0, "x"), top: 10 });
    }
  };
  return (
    <div class="charts" ref={host}>
      <div class="charts-head">
        <Key names={names} />
        <Moment at={hover === null ? null : (times[at] ?? null)} />
        <button type="button" class="link" data-action="charts-png" disabled={!history} onClick={() => ink && exported(drawn.current, names, ink)}>
          {charts.save}
        </button>
      </div>
      <div class="grid" role="group" aria-label={charts.label} tabIndex={0} onKeyDown={keys} onBlur={() => drawn.current.get("ok")?.setCursor({ left: -10, top: -10 })}>
        {ink &&
          history &&
          metrics.map((m) => <Chart key={`${m} ${ink.muted} ${names.join()}`} metric={m} names={names} ink={ink} history={history} times={times} at={at} onHover={setHover} drawn={drawn.current} />)}
        {!history && <p class="empty">{charts.empty}</p>}
      </div>
    </div>
  );
}

// useHistory asks for what is new while the charts are open.
function useHistory(): History | null {
  const [history, setHistory] = useState<History | null>(null);
  useEffect(() => {
    let have: History | null = null;
    let asked = -1; // how far the run had come at the last question
    let over = false;
    const ask = async () => {
      const edge = store.clock.peek().edge;
      if (document.hidden || (have && edge === asked && have.run === store.world.peek()?.run)) return;
      asked = edge;
      const s = await actions.series(since(have), have?.every ?? 0);
      if (!s || over) return;
      have = grown(have, s);
      if (have) setHistory(have);
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, []);
  return history;
}

// useInk has the page's colours, and again when the theme changes.
function useInk(host: { current: HTMLElement | null }): Ink | null {
  const [ink, setInk] = useState<Ink | null>(null);
  useEffect(() => {
    const look = () => host.current && setInk(inkOf(host.current));
    look();
    DARK.addEventListener("change", look);
    return () => DARK.removeEventListener("change", look);
  }, [theme.value]);
  return ink;
}

function Key({ names }: { names: readonly string[] }) {
  return (
    <ul class="swatches">
      {names.map((name, i) => (
        <li key={name}>
          <Sample lane={i} /> {laneName(name)}
        </li>
      ))}
    </ul>
  );
}

function Sample({ lane }: { lane: number }) {
  return (
    <svg class="sample" data-lane-ink={lane} viewBox="0 0 24 4" aria-hidden="true">
      <path d="M0 2h24" stroke-dasharray={(dashes[lane] ?? []).join(" ")} />
    </svg>
  );
}

// Moment says which instant is under the pointer, and what was wrong then.
function Moment({ at }: { at: number | null }) {
  if (at === null) return <p class="at muted">{charts.hint}</p>;
  const faults = inForce(faultsOf(store.commands.value), at).map((f) => faultName(f.command, store.world.value?.names ?? []));
  return (
    <p class="at">
      <b>{seconds(at * 1e6)}</b> <span>{charts.faults(faults)}</span>
    </p>
  );
}

interface ChartProps {
  metric: Metric;
  names: readonly string[];
  ink: Ink;
  history: History;
  times: number[];
  at: number;
  onHover(index: number | null): void;
  drawn: Map<Metric, uPlot>;
}

function Chart({ metric, names, ink, history, times, at, onHover, drawn }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const lines = names.map((_, i) => lineOf(history, i, metric));
  useEffect(() => {
    const onClick = (s: number) => actions.jump(s * 1e6);
    const u = plot(host.current!, { metric, names, ink, height: HEIGHT, faults: () => faultsOf(store.commands.peek()), onHover, onClick }, [times, ...lines]);
    drawn.set(metric, u);
    const now = u.over.appendChild(document.createElement("i"));
    now.className = "playhead";
    const place = () => (now.style.transform = `translateX(${Math.min(u.valToPos(store.now.peek() / 1e6, "x"), u.over.clientWidth)}px)`);
    u.hooks.draw = [place];
    const stop = store.now.subscribe(place);
    const size = new ResizeObserver(() => host.current && u.setSize({ width: Math.max(host.current.clientWidth, 120), height: HEIGHT }));
    size.observe(host.current!);
    return () => {
      stop();
      size.disconnect();
      drawn.delete(metric);
      u.destroy();
    };
  }, []);
  useEffect(() => drawn.get(metric)?.setData([times, ...lines]), [history, store.commands.value]);
  return (
    <section class="chart" data-metric={metric}>
      <div class="chart-head">
        <h3>{charts.titles[metric]}</h3>
        <ul>
          {lines.map((line, i) => (
            <li key={names[i]} data-lane-ink={i} aria-label={`${laneName(names[i]!)}: ${figure(metric, lastOf(line, at))}`}>
              {figure(metric, lastOf(line, at))}
            </li>
          ))}
        </ul>
      </div>
      <div class="plot" ref={host} aria-hidden="true" />
    </section>
  );
}

// exported saves the charts as a picture.
function exported(drawn: Map<Metric, uPlot>, names: readonly string[], ink: Ink): void {
  const parts = metrics.flatMap((m) => {
    const u = drawn.get(m);
    return u ? [{ title: charts.titles[m], canvas: u.ctx.canvas }] : [];
  });
  const style = getComputedStyle(document.body);
  picture(parts, names.map(laneName), ink, style.backgroundColor, style.color).toBlob((b) => b && save(b, charts.file), "image/png");
}
