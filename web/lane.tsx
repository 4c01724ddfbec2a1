// A lane: its name and verdict, its stage, its figures.
import { useEffect, useRef } from "preact/hooks";
import { figuresOf, type FigureOf } from "./figures";
import { LaneMenu, Warnings } from "./lane_menu";
import * as words from "./panel_words";
import { attach } from "./stage";
import * as store from "./store";
import { swiping } from "./swipe";
import type { Scores, Verdict } from "./wire";
import { Why } from "./why";
import { hint, laneName, stageLabel } from "./words";

const MANY = 5; // regions, with more of which a stage needs some height

const CROSS = "M2.5 2.5l7 7m0-7l-7 7";

export function Lanes() {
  const world = store.world.value;
  if (!world) return null;
  const shown = world.lanes.filter((l) => store.seen(l.name));
  return (
    <>
      <Tabs />
      <div class="lanes" data-why={store.why.value ? "1" : "0"} data-fill={store.filled.value && !store.why.value ? "1" : "0"} data-count={shown.length} data-many={world.regions.length > MANY ? "1" : "0"} style={{ "--lanes": Math.max(shown.length, 2) }}>
        {world.lanes.map((lane, i) => store.seen(lane.name) && <LaneView key={`${world.room} ${lane.name}`} index={i} name={lane.name} />)}
        <Why />
      </div>
    </>
  );
}

// Tabs choose the lane on screens that have room for one.
function Tabs() {
  const world = store.world.value!;
  return (
    <div class="tabs" role="group" aria-label={words.controls.lanes}>
      {world.lanes.map(
        (lane, i) =>
          store.seen(lane.name) && (
            <button type="button" aria-pressed={store.shownLane.value === i} data-tab={lane.name} onClick={() => store.showLane(i)}>
              {laneName(lane.name)}
              <Badge index={i} />
            </button>
          ),
      )}
    </div>
  );
}

// Badge marks a tab whose lane is not linearizable, and counts its lost writes.
function Badge({ index }: { index: number }) {
  const lane = store.lanes.value[index];
  const said = lane ? words.badgeOf(lane.verdict, lane.scores) : "";
  if (!lane || !said) return null;
  return (
    <span class="badge" role="img" aria-label={said} title={said}>
      {lane.verdict.linearizable === "no" && (
        <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
          <path d={CROSS} />
        </svg>
      )}
      {lane.scores.lost_writes > 0 && lane.scores.lost_writes}
    </span>
  );
}

function LaneView({ index, name }: { index: number; name: string }) {
  const lane = store.lanes.value[index];
  const knobs = store.world.value!.lanes[index]!;
  if (!lane) return null;
  const { verdict, scores } = lane;
  // Who there is may differ when a run begins anew: then the stage does too.
  const cast = `${store.world.value!.labels.join()} ${store.world.value!.clients.length}`;
  return (
    <section
      class="lane"
      data-lane={name}
      data-why={store.why.value?.lane === index ? "1" : "0"}
      data-shown={store.shownLane.value === index ? "1" : "0"}
      data-filled={store.filled.value === name ? "1" : "0"}
      data-linearizable={verdict.linearizable}
      data-lost={scores.lost_writes}
      data-stale={scores.stale_reads}
      data-answered={scores.operations > 0 ? words.share(scores) : ""}
      aria-labelledby={`lane-${name}`}
    >
      <div class="head" {...swiping}>
        <h2 id={`lane-${name}`}>{laneName(name)}</h2>
        <span class="protocol" title={knobs.modelled ? words.afterAll(knobs.modelled) : undefined}>
          {words.protocolOf(knobs)}
        </span>
        <LaneMenu index={index} name={name} />
        <VerdictLine index={index} verdict={verdict} scores={scores} />
        <Warnings index={index} name={name} />
      </div>
      <StageHost key={cast} index={index} name={name} />
      <div {...swiping}>
        <Figures scores={scores} />
      </div>
    </section>
  );
}

// StageHost gives the stage its element; what is inside is not Preact's.
function StageHost({ index, name }: { index: number; name: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => attach(index, host.current!, stageLabel(name)), [index, name]);
  return (
    <div class="frame">
      <div class="stage" ref={host} />
      <p class="hint" hidden={!store.hintShown.value}>
        {hint}
      </p>
    </div>
  );
}

// VerdictLine says what the referee has found, and opens why.
function VerdictLine({ index, verdict, scores }: { index: number; verdict: Verdict; scores: Scores }) {
  const tone = words.toneOf(verdict, scores);
  const open = store.why.value?.lane === index;
  return (
    <button type="button" class="verdict" data-action="why" data-verdict={tone} data-differs={store.contrast.value?.scores.has("") ? "1" : undefined} aria-expanded={open} aria-controls={open ? "why" : undefined} onClick={() => (open ? store.closeWhy() : store.explain(index))}>
      <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
        <path d={tone === "bad" ? CROSS : tone === "good" ? "M2 6.5l3 3 5-6.7" : "M2 6h8"} />
      </svg>
      <span>{words.verdictOf(verdict, scores)}</span>
      <svg class="glyph more" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M4.5 2.5 8 6 4.5 9.5" />
      </svg>
    </button>
  );
}

function Figures({ scores }: { scores: Scores }) {
  const all = figuresOf(scores, store.world.value?.unit ?? "");
  const [first, second] = [all.filter((f) => !f.books), all.filter((f) => f.books)];
  const show = (f: FigureOf) => <Figure key={f.name} {...f} />;
  return (
    <>
      <dl class="figures">{first.map(show)}</dl>
      {second.length > 0 && <dl class="figures books">{second.map(show)}</dl>}
    </>
  );
}

function Figure({ name, of, value, tone }: FigureOf) {
  return (
    <div class="figure" data-tone={tone ?? ""} data-differs={store.contrast.value?.scores.has(name) ? "1" : undefined} title={words.definition(of)}>
      <dt>{name}</dt>
      <dd key={tone ? value : ""}>{value}</dd>
    </div>
  );
}
