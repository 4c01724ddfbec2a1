// The legend: every shape of the stage by name, and whether heartbeats are shown.
import type { ComponentChildren } from "preact";
import { glyphs, lines, LOOKS, type Look } from "./looks";
import { legend } from "./legend_words";
import { ills, type Ill } from "./marks";
import { controls } from "./panel_words";
import { arcOf, STEPS, type RingLook } from "./rings";
import * as store from "./store";
import { HELD, STOP } from "./svg";

const RING = 8; // radius of the rings in a glyph
const RINGS: RingLook[] = ["election", "lease", "suspicion", "round"];
const ILLS = Object.keys(ills) as Ill[];
const CELLS = ["committed", "open", "missing", "old"] as const;
const CROWN = "M-9 6V-4L-4.5 1 0-6 4.5 1 9-4V6Z";

export function LegendButton() {
  const open = store.legendOpen.value;
  return (
    <button type="button" class="icon" data-action="legend" aria-label={legend.open} title={legend.open} aria-expanded={open} aria-controls={open ? "legend" : undefined} onClick={() => store.openLegend(!open)}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M5 4.5h5v5H5zM7.5 14.5l3 5h-6zM13 6h7v2h-7zM13 16h7v2h-7z" />
      </svg>
    </button>
  );
}

export function Legend() {
  if (!store.legendOpen.value) return null;
  return (
    <section class="lexicon" id="legend" aria-labelledby="legend-title">
      <div class="help-head">
        <h2 id="legend-title">{legend.title}</h2>
        <button type="button" class="text" data-action="close-legend" onClick={() => store.openLegend(false)}>
          {controls.close}
        </button>
      </div>
      <Messages />
      <Rings />
      <Machines />
      <Part title={legend.logs}>
        {CELLS.map((cell) => (
          <Item name={legend.cells[cell]}>
            <rect class="cell" x="-6" y="-6" width="12" height="12" rx="1.5" data-cell={cell} data-ink={cell === "missing" || cell === "old" ? "-1" : "0"} />
          </Item>
        ))}
      </Part>
      <Part title={legend.cables}>
        <Item name={legend.whole}>
          <path class="cable" d="M-11 3Q0-5 11 3" stroke-width="2.2" />
        </Item>
        <Item name={legend.torn}>
          <path class="cable" data-cut="1" d="M-11 0H-5M5 0H11" stroke-width="2.2" />
          <path class="torn" d="M-6-3-2 3M-2-3-6 3M2-3 6 3M6-3 2 3" />
        </Item>
        <Item name={legend.oneWay}>
          <path class="stop" d={STOP} transform="translate(4 0)" />
        </Item>
        <Item name={legend.held}>
          <path class="stop" data-held="1" d={HELD} transform="translate(3 0)" />
        </Item>
        {(["late", "lossy", "partly"] as const).map((look) => (
          <Item name={legend[look]}>
            <path class="cable" data-look={look} d="M-11 0H11" stroke-width="2.2" />
          </Item>
        ))}
      </Part>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </>
  );
}

function Item({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <li>
      <svg viewBox="-12 -12 24 24" aria-hidden="true">
        {children}
      </svg>
      {name}
    </li>
  );
}

function Messages() {
  return (
    <Part title={legend.messages}>
      {[...LOOKS, "lost" as const].map((look) => (
        <Item name={legend.looks[look]}>
          <path class="packet" data-look={look} d={glyphs[look]} transform="translate(-6 -6)" stroke-width={look === "lost" ? 2 : lines[look as Look] || undefined} />
        </Item>
      ))}
      <li>
        <label>
          <input type="checkbox" data-action="beats" checked={store.beats.value} onChange={(e) => store.showBeats(e.currentTarget.checked)} />
          {legend.beats}
        </label>
      </li>
    </Part>
  );
}

function Rings() {
  return (
    <>
      <Part title={legend.rings}>
        {RINGS.map((look) => (
          <Item name={legend.ringNames[look]}>
            <circle class="what" r="4" />
            <path class="timer" data-ring={look} d={arcOf(RING, STEPS * 0.7)} />
          </Item>
        ))}
      </Part>
      <Part title={legend.work}>
        <Item name={legend.tally}>
          <circle class="what" r="4" />
          <path class="tally" data-there="1" d="M.7-8A8 8 0 0 1 .7 8" />
          <path class="tally" d="M-.7 8A8 8 0 0 1-.7-8" />
        </Item>
        <Item name={legend.beads}>
          <path class="beads" d="M2-6h.1M4 0h.1M2 6h.1" />
        </Item>
        <Item name={legend.doubt}>
          <path class="doubt" d="M-4-4 4 4M4-4-4 4" />
        </Item>
      </Part>
      <Part title={legend.inside}>
        <Item name={legend.parts}>
          <path class="part" data-ink="1" d="M0-9A9 9 0 0 0 0 9Z" />
          <path class="part" data-ink="2" d="M0-9A9 9 0 0 1 0 9Z" />
        </Item>
        <Item name={legend.crown}>
          <path class="crown" data-crown="solid" d={CROWN} />
        </Item>
        <Item name={legend.hollow}>
          <path class="crown" data-crown="hollow" d={CROWN} />
        </Item>
      </Part>
    </>
  );
}

function Machines() {
  return (
    <Part title={legend.ills}>
      {ILLS.map((ill) => (
        <Item name={legend.illNames[ill]}>
          <g class="ill" data-ill={ill}>
            <path d={ills[ill]} transform="scale(1.3)" />
          </g>
        </Item>
      ))}
    </Part>
  );
}
