// node baca.mjs FILE: prints a saved document as JSON: its values, of answers with several values all of them, and
// who wrote each change.
import { readFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";

const plain = (value) => {
  if (Automerge.isImmutableString(value)) return value.val;
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
};

const conflicts = (object, path, found) => {
  for (const [key, value] of Object.entries(object)) {
    const here = [...path, key];
    const all = Automerge.getConflicts(object, key);
    if (all) found[here.join("/")] = Object.values(all).map(plain);
    if (value !== null && typeof value === "object" && !Automerge.isImmutableString(value)) {
      conflicts(value, here, found);
    }
  }
  return found;
};

const doc = Automerge.load(readFileSync(process.argv[2]));
const pelaku = Automerge.getAllChanges(doc).map((change) => Automerge.decodeChange(change).actor);
console.log(JSON.stringify({ nilai: plain(doc), berbeda: conflicts(doc, [], {}), pelaku }));
