// The run as a line: when regions were away, what went wrong when, and a thumb to go back in time.
import { computed, useComputed, useSignal } from "@preact/signals";
import * as actions from "./actions";
import { Pace } from "./controls";
import { Forks } from "./forks";
import { controls } from "./panel_words";
import { bands, type Band } from "./partition";
import * as store from "./store";
import type { Told } from "./stories";
import type { NoteKind } from "./wire";
import { seconds } from "./words";

const SPANS = [20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600]; // seconds that the line may show
const STEP = 50_000; // what an arrow key moves the thumb by, in microseconds
const SEEK_EVERY = 150; // milliseconds between two seeks of one drag
const LABEL_SHARE = 0.16; // of the line that a band's name may take
const pinned: NoteKind[] = ["lost", "violated", "elected"];

// They change with the commands alone, and the line with every delta.
const known = computed(() => bands(store.commands.value, store.world.value?.names ?? []));
const lastOf = computed(() => Math.max(0, ...store.commands.value.map((c) => c.at)));

export function Timeline() {
  if (!store.world.value) return null;
  const { edge, live, ended } = store.clock.value;
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
          <Glimpse span={span} />
        </div>
        <Pins span={span} />
        <Thumb span={span} edge={edge} />
      </div>
      <span class="clock">
        <Now />
        {ended && <small>{controls.ended}</small>}
      </span>
      <button type="button" class="live" data-action="live" hidden={live} onClick={actions.live}>
        {controls.live}
      </button>
      <Forks />
    </section>
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

function Pins({ span }: { span: number }) {
  // Pins closer than a pixel or two would only pile up.
  const pins = useComputed(() => {
    const seen = new Map<string, Told>();
    for (const t of store.stories.value) if (pinned.includes(t.kind)) seen.set(`${t.kind} ${Math.round((300 * t.at) / span)}`, t);
    return [...seen.values()];
  });
  return (
    <div class="pins" aria-hidden="true">
      {pins.value.map((t) => (
        <i key={t.id} class="pin" data-kind={t.kind} title={t.text} style={{ left: part(t.at, span) }} />
      ))}
    </div>
  );
}

// Thumb is the playhead. While it is held it shows where the hand is, not where the picture is.
function Thumb({ span, edge }: { span: number; edge: number }) {
  const hand = useSignal<number | null>(null);
  const sent = useSignal(0);
  const at = hand.value ?? store.now.value;
  const seek = (to: number, final: boolean) => {
    if (!final && performance.now() - sent.peek() < SEEK_EVERY) return;
    sent.value = performance.now();
    if (to >= edge) actions.live();
    else actions.seek(to);
  };
  return (
    <input
      type="range"
      data-action="seek"
      aria-label={controls.time}
      aria-valuetext={seconds(at)}
      min={0}
      max={span}
      step={STEP}
      value={at}
      onInput={(e) => {
        const to = Math.min(Number(e.currentTarget.value), edge);
        hand.value = to;
        seek(to, false);
      }}
      onChange={(e) => {
        seek(Math.min(Number(e.currentTarget.value), edge), true);
        hand.value = null;
      }}
    />
  );
}
