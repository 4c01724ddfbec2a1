// The history of a run as files for other tools: the server runs the run's text once more, and writes down what happens.
import * as actions from "./actions";
import { histories as words, type Form } from "./share_words";

// A Made is a file, or why there is none.
export type Made = { file: Blob; name: string } | { reason: string };

// historyOf has a lane's history made in a form, or with "" that of all lanes; null where it was stopped.
export async function historyOf(form: Form, lane: string, stop: AbortSignal): Promise<Made | null> {
  const script = await actions.text();
  if (stop.aborted) return null;
  if (!script) return { reason: "" };
  try {
    const answer = await fetch(`/export?${new URLSearchParams({ as: form, ...(lane ? { lane } : {}) })}`, { method: "POST", body: script.text, signal: stop });
    if (!answer.ok) return { reason: (await answer.text()).trim() || answer.statusText };
    return { file: await answer.blob(), name: nameIn(answer.headers.get("Content-Disposition") ?? "") || `netsplit-${form}.txt` };
  } catch {
    return stop.aborted ? null : { reason: "" };
  }
}

// nameIn is the file's name as the server would have it.
function nameIn(disposition: string): string {
  return /filename="?([\w.-]+)"?/.exec(disposition)?.[1] ?? "";
}

// whyNot says why there is no file.
export const whyNot = (reason: string): string => (reason ? `${words.refused} ${reason}.` : words.unanswered);
