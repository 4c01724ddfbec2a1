// The run as a line: when regions were away, what went wrong when, and a thumb to go back in time.
import { computed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import * as actions from "./actions";
import { Forks } from "./forks";
import { perFrame } from "./frames";
import { LaneRows } from "./lane_rows";
import { controls } from "./panel_words";
import { bands, type Band } from "./partition";
import * as store from "./store";
import { transport as words, type Halt } from "./time_words";
import { Pace } from "./transport";
import { seconds } from "./words";

const SPANS = [20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600]; // seconds that the line may show
const STEP = 50_000; // what an arrow key moves the thumb by, in microseconds
const SETTLE = 1500; // milliseconds until the run's word on where it stands counts again
const LABEL_SHARE = 0.16; // of the line that a band's name may take

// They change with the commands alone, and the line with every delta.
const known = computed(() => bands(store.commands.value, store.world.value?.names ?? []));
const lastOf = computed(() => Math.max(0, ...store.commands.value.map((c) => c.at)));

export function Timeline() {
  if (!store.world.value) return null;
  const { edge, live } = store.clock.value;
  const list = known.value;
  const last = lastOf.value;
  const span = 1e6 * (SPANS.find((s) => s * 1e6 >= Math.max(edge * 1.06, last + 2e6)) ?? 3600);
  return (
    <section class="transport" aria-label={controls.time}>
      <Pace />
      <div class="track">
        <div class="bands" aria-hidden="true">
          {list.map((b, i) => (
            <BandView key={b.from} band={b} named={roomFor(list, i, span)} span={span} edge={edge} />
          ))}
        </div>
        <div class="rail" aria-hidden="true">
          <i class="run" style={{ width: part(edge, span) }} />
          <Played span={span} />
          <Coming span={span} />
          <Glimpse span={span} />
        </div>
        <Thumb span={span} edge={edge} />
      </div>
      <span class="clock">
        <Now />
      </span>
      <button type="button" class="live" data-action="live" hidden={live} aria-label={controls.live} title={controls.live} onClick={actions.live}>
        <span>{controls.live}</span>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 5v14l8-7zM11 5v14l8-7zM19 5h2v14h-2z" />
        </svg>
      </button>
      <Forks />
      <LaneRows span={span} />
      <Remark />
    </section>
  );
}

// Remark says where the run is on its way to, that it is over, or that the server has slowed it.
function Remark() {
  const { coming, until, ended, slowed } = store.clock.value;
  const text = coming ? words.coming(coming) : until ? (words.underWay[until as Halt] ?? until) : ended ? controls.ended : slowed ? controls.slowed : "";
  return (
    <small class="remark" role="status" data-remark={coming ? "coming" : until ? "until" : ended ? "ended" : slowed ? "slowed" : ""}>
      {text}
    </small>
  );
}

function part(at: number, span: number): string {
  return `${((100 * at) / span).toFixed(2)}%`;
}

// roomFor reports whether a band can bear its name: the one before it does not stand too close.
function roomFor(list: readonly Band[], i: number, span: number): boolean {
  const before = list[i - 1];
  return !before || (list[i]!.from - before.from) / span > LABEL_SHARE;
}

interface BandProps {
  band: Band;
  named: boolean;
  span: number;
  edge: number;
}

function BandView({ band, named, span, edge }: BandProps) {
  const to = band.to ?? Math.max(edge, band.from);
  return (
    <span class="band" data-coming={band.from > edge ? "1" : "0"} style={{ left: part(band.from, span), width: part(to - band.from, span) }}>
      {named && <span class="of">{controls.awayBand(band.regions)}</span>}
    </span>
  );
}

function Played({ span }: { span: number }) {
  return <i class="played" style={{ width: part(store.now.value, span) }} />;
}

// Glimpse marks the instant that a pointer is over elsewhere.
function Glimpse({ span }: { span: number }) {
  const at = store.glimpse.value;
  return at < 0 || at > span ? null : <i class="glimpse" style={{ left: part(at, span) }} />;
}

function Now() {
  return <output aria-live="off">{seconds(store.now.value)}</output>;
}

// Coming marks the way to a moment that was asked for, from the picture that is shown until it is there.
function Coming({ span }: { span: number }) {
  const { coming, at } = store.clock.value;
  if (!coming) return null;
  return <i class="coming" style={{ left: part(Math.min(coming, at), span), width: part(Math.abs(coming - at), span) }} />;
}

// Thumb is the playhead. While it is held, and until the run answers, it shows where the hand is, not where the picture is.
function Thumb({ span, edge }: { span: number; edge: number }) {
  const hand = useSignal<number | null>(null);
  const held = useRef(false);
  const scrub = useMemo(() => perFrame(seek), []);
  const { coming, at: shown, live } = store.clock.value;
  useEffect(() => {
    if (hand.value === null || held.current) return;
    if (coming === hand.value || shown === hand.value || (live && hand.value >= edge)) hand.value = null;
  }, [coming, shown, live]);
  const at = hand.value ?? (coming || store.now.value);
  const aim = (e: { currentTarget: HTMLInputElement }): number => Math.min(Number(e.currentTarget.value), store.clock.peek().edge);
  return (
    <input
      type="range"
      data-action="seek"
      data-coming={coming ? "1" : "0"}
      aria-label={controls.time}
      aria-valuetext={seconds(at)}
      min={0}
      max={span}
      step={STEP}
      value={at}
      onInput={(e) => {
        held.current = true;
        hand.value = aim(e);
        scrub.push(hand.value);
      }}
      onChange={(e) => {
        const to = (hand.value = aim(e));
        held.current = false;
        scrub.now(to);
        setTimeout(() => held.current || hand.value !== to || (hand.value = null), SETTLE);
      }}
    />
  );
}

// seek goes to a moment; to the live edge once, however often the hand asks.
function seek(to: number): void {
  const { edge, live } = store.clock.peek();
  if (to < edge) actions.seek(to);
  else if (!live) actions.live();
}
