// What can be done with a lane, and where it contradicts its world.
import * as actions from "./actions";
import { Drop, Item } from "./drop";
import { laneMenu as words, warned } from "./lane_words";
import * as store from "./store";
import type { Edit } from "./wire";
import { laneName } from "./words";

const MOST = 4; // lanes, where the catalog has not said so yet

export function LaneMenu({ index, name }: { index: number; name: string }) {
  const lanes = store.world.value!.lanes;
  const most = store.catalog.value?.limits?.lanes ?? MOST;
  const full = lanes.length >= most;
  const filled = store.filled.value === name;
  const chevron = (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6.5 9h11L12 15.5z" />
    </svg>
  );
  return (
    <Drop class="lane-menu" action="lane-menu" label={words.label(laneName(name))} face={chevron}>
      {(close) => {
        const edit = (e: Edit) => {
          close();
          actions.edit([e], actions.present());
        };
        const open = (lane: string) => {
          close();
          actions.openSetup(lane);
        };
        return (
          <>
            <Item action="set-lane" text={words.set} onClick={() => open(name)} />
            <Item action="fill" text={filled ? words.unfill : words.fill} off={lanes.length < 2} onClick={() => (close(), store.fill(filled ? "" : name))} />
            <Item action="move-left" text={words.left} off={index === 0} onClick={() => edit({ do: "move", lane: name, place: index - 1 })} />
            <Item action="move-right" text={words.right} off={index === lanes.length - 1} onClick={() => edit({ do: "move", lane: name, place: index + 1 })} />
            <Item action="remove-lane" text={words.remove} off={lanes.length < 2} onClick={() => edit({ do: "remove", lane: name })} />
            <Item action="add-lane" text={full ? words.full(most) : words.add} off={full} onClick={() => open("")} />
          </>
        );
      }}
    </Drop>
  );
}

// Warnings says how often a lane contradicts its world, and opens to say where.
export function Warnings({ index, name }: { index: number; name: string }) {
  const list = store.world.value!.lanes[index]?.warnings ?? [];
  if (list.length === 0) return null;
  const face = (
    <>
      <svg class="glyph" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M6 1.5 11 10.5H1zM6 5v2.6M6 9.2v.1" />
      </svg>
      {list.length}
    </>
  );
  return (
    <Drop class="warned" action="warnings" label={warned.of(laneName(name), list.length)} face={face}>
      {(close) => (
        <ul data-count={list.length}>
          {list.map((w) => (
            <li>
              {w.knob && <b>{w.knob} </b>}
              <span lang="en">{w.text}</span>
            </li>
          ))}
          <li>
            <button type="button" class="link" data-action="set-lane" onClick={() => (close(), actions.openSetup(name))}>
              {words.set}
            </button>
          </li>
        </ul>
      )}
    </Drop>
  );
}
