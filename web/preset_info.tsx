// What is known of a preset: what it is modelled after, what of it is simplified, what its clients may ask for, and the
// behaviours that its makers document, each a scenario. All but the captions is the server's, and English.
import { isShared } from "./presets";
import { presets as words, sharedLevels } from "./preset_words";
import type { DatabaseView, LevelView, PresetView, BehaviourView } from "./wire";

// About says what a preset is modelled after, whole.
export function About({ preset: p }: { preset: PresetView }) {
  return (
    <p class="after">
      {words.after(p)}: <span lang="en">{p.configuration}</span>.{" "}
      <a href={p.source} target="_blank" rel="noopener">
        {words.source}
      </a>
    </p>
  );
}

export function Simplified({ preset: p }: { preset: PresetView }) {
  const list = p.simplified ?? [];
  if (list.length === 0) return null;
  return (
    <details data-part="simplified">
      <summary>{words.simplified(list.length)}</summary>
      <ul>
        {list.map((s) => (
          <li>
            <span lang="en">{s.text}</span> {(s.rows ?? []).length > 0 && words.hides(s.rows!)}
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Levels({ preset: p }: { preset: PresetView }) {
  const list = p.levels ?? [];
  return (
    <details data-part="levels">
      <summary>{words.levels(list.length)}</summary>
      <dl class="levels">
        {list.map((l) => (
          <div>
            <dt>{isShared(l.name) ? sharedLevels[l.name] : <code>{l.name}</code>}</dt>
            <dd>
              <Level level={l} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

// Level says what a level comes to, in the product's words.
export function Level({ level: l }: { level: LevelView }) {
  const ways = l.read === l.write ? [[words.both, l.read]] : [[words.reads, l.read], [words.writes, l.write]];
  return (
    <>
      {ways.map(([way = "", own = ""]) => (
        <span class="way">
          {way}: <b lang={own ? "en" : undefined}>{own || words.usual}</b>{" "}
        </span>
      ))}
      <span lang="en">{l.about}</span>
    </>
  );
}

export function Rows({ of, open }: { of: DatabaseView; open?: boolean }) {
  const rows = of.rows ?? [];
  return (
    <details data-part="rows" open={open}>
      <summary>{words.rows(rows.length)}</summary>
      <ol class="behaviours">
        {rows.map((r) => (
          <Row key={r.id} row={r} />
        ))}
      </ol>
    </details>
  );
}

function Row({ row: r }: { row: BehaviourView }) {
  if (!r.title) {
    return (
      <li>
        <b>{r.id}</b> <span>{words.unmodelled}</span>
      </li>
    );
  }
  return (
    <li>
      <a href={scenarioAt(r.id)} data-row={r.id}>
        <b>{r.id}</b> <span lang="en">{r.title}</span>
      </a>
      {r.about && <small lang="en">{r.about}</small>}
    </li>
  );
}

export const scenarioAt = (name: string): string => `/?scenario=${encodeURIComponent(name)}`;
