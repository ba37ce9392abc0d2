-- What a relay needs against those who do not keep to the rules: both ends of a forked log, what each device brought
-- today, what happened, and what a device that was shut out leaves for the office.

-- Bodies go last, so that headers are read without walking through them.
CREATE TABLE entry_new (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  rseq INTEGER NOT NULL,
  coll BLOB NOT NULL,
  author BLOB NOT NULL,
  -- 1 for beats, which have numbers of their own and replace each other.
  beat INTEGER NOT NULL,
  -- 0 for what stood first, 1 to 3 for what its author also signed at numbers that were taken.
  branch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  entry_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (space_id, rseq),
  UNIQUE (space_id, entry_id)
) STRICT;
INSERT INTO entry_new (space_id, rseq, coll, author, beat, branch, seq, entry_id, kind, received_at, bytes)
  SELECT space_id, rseq, coll, author, beat, 0, seq, entry_id, kind, received_at, bytes FROM entry;
DROP TABLE entry;
ALTER TABLE entry_new RENAME TO entry;
CREATE UNIQUE INDEX entry_log ON entry (space_id, coll, author, beat, branch, seq);
CREATE INDEX entry_control ON entry (space_id, rseq) WHERE kind = 2;

ALTER TABLE space ADD COLUMN used_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE space SET used_bytes =
  (SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM entry WHERE entry.space_id = space.space_id);

-- What a device brought on a day (days since 1970).
CREATE TABLE usage (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  device BLOB NOT NULL,
  day INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  control INTEGER NOT NULL,
  PRIMARY KEY (space_id, device, day)
) STRICT, WITHOUT ROWID;

-- What happened how often on a day: ids of devices, no addresses. Kept for 90 days.
CREATE TABLE audit (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  day INTEGER NOT NULL,
  -- Zeros where nobody had shown who she is.
  device BLOB NOT NULL,
  what INTEGER NOT NULL,
  times INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (space_id, day, device, what)
) STRICT, WITHOUT ROWID;

-- What a device could not send any more, sealed to root and seats, until a seat has taken it.
CREATE TABLE rescue (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  rescue_id BLOB NOT NULL,
  device BLOB NOT NULL,
  day INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (space_id, rescue_id),
  UNIQUE (space_id, device, day)
) STRICT;

-- Rows that were not what they said when they were read: kept for whoever looks for the reason, handed out to nobody.
CREATE TABLE damaged (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  rseq INTEGER NOT NULL,
  found_at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (space_id, rseq)
) STRICT;
