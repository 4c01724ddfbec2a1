// German: embeds.
// As in English: errors.
import type * as en from "../embed_words";
import type { Like } from "./like";

export { errors } from "../embed_words";

export const embed: Like<typeof en.embed> = {
  bad: (parts) => `Die Adresse dieser Einbettung verlangt, was keinen Sinn ergibt und wegbleibt: ${parts.join(", ")}.`,
  noLane: (names) => `In diesem Lauf gibt es keine Spur ${names.join(", ")}.`,
  starting: "Startet …",
  failed: "Netsplit ließ sich nicht laden. Klicken, um es noch einmal zu versuchen.",
};
