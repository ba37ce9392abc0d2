-- What counts of the log can change: a forked log keeps its other branches as proof, an entry beyond a cut-off is parked
-- and may be taken in later because others built upon it, one that brought the app down is set aside.

CREATE TABLE entry_baru (
  entry_no INTEGER NOT NULL PRIMARY KEY,
  entry_id BLOB NOT NULL UNIQUE,
  coll BLOB NOT NULL,
  author BLOB NOT NULL,
  -- 1 for beats, which have numbers of their own and replace each other.
  beat INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  control INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  -- 0 waits for a key, for authority or for what it rests on; 1 applied; 2 applied but for sections that were refused.
  applied INTEGER NOT NULL,
  -- When a relay's receipt for it was verified, by the relay's clock; NULL: no receipt.
  stored_at INTEGER,
  -- 1: another entry stands at its number, or it follows such a one. The log forked.
  branch INTEGER NOT NULL DEFAULT 0,
  -- The heads on which it rests, once it was opened; NULL before.
  causal BLOB,
  -- The version of the app that it brought down; NULL: none. Kept and forwarded, tried again after an update.
  quarantined INTEGER
) STRICT;
INSERT INTO entry_baru (entry_no, entry_id, coll, author, beat, seq, control, bytes, applied, stored_at)
  SELECT entry_no, entry_id, coll, author, beat, seq, control, bytes, applied, stored_at FROM entry;
DROP TABLE entry;
ALTER TABLE entry_baru RENAME TO entry;
CREATE UNIQUE INDEX entry_log ON entry (coll, author, beat, seq) WHERE branch = 0;
CREATE INDEX entry_branch ON entry (author, coll, seq) WHERE branch = 1;
CREATE INDEX entry_waiting ON entry (entry_no) WHERE applied = 0;
CREATE INDEX entry_control ON entry (entry_no) WHERE control;
