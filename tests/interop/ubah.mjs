// node ubah.mjs FILE EDITS: edits a saved document in place, as any JavaScript program would. EDITS is JSON,
// [[path, value], …] with paths like "rumah/alamat"; without a value the key is deleted. Maps on the way are made.
import { readFileSync, writeFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";

const [file, edits] = process.argv.slice(2);
const doc = Automerge.change(Automerge.load(readFileSync(file)), (draft) => {
  for (const [path, ...value] of JSON.parse(edits)) {
    const keys = path.split("/");
    const last = keys.pop();
    let object = draft;
    for (const key of keys) {
      object[key] ??= {};
      object = object[key];
    }
    if (value.length === 0) delete object[last];
    else object[last] = value[0];
  }
});
writeFileSync(file, Automerge.save(doc));
