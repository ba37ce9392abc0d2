-- The relay's first schema. Bodies are sealed; the relay holds no key that opens one. One file for all its kelurahan.
CREATE TABLE relay (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE space (
  space_id BLOB PRIMARY KEY,
  -- The next arrival number, given in the transaction that stores the entry: readers skip nothing.
  next_rseq INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  rseq INTEGER NOT NULL,
  coll BLOB NOT NULL,
  author BLOB NOT NULL,
  -- 1 for beats, which have numbers of their own and replace each other.
  beat INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  entry_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (space_id, rseq),
  UNIQUE (space_id, entry_id)
) STRICT;
CREATE UNIQUE INDEX entry_log ON entry (space_id, coll, author, beat, seq);
CREATE INDEX entry_kind ON entry (space_id, kind, rseq);

-- What a caller could fetch when it last asked: if that changes, its cursor says nothing about what is new to it.
CREATE TABLE reader (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  caller BLOB NOT NULL,
  access BLOB NOT NULL,
  PRIMARY KEY (space_id, caller)
) STRICT;

CREATE TABLE session (
  token_hash BLOB PRIMARY KEY,
  space_id BLOB NOT NULL,
  subject BLOB NOT NULL,
  expires INTEGER NOT NULL
) STRICT;

-- Sealed invitations behind typed codes: ten minutes, five tries.
CREATE TABLE invitation (
  lookup BLOB PRIMARY KEY,
  sealed BLOB NOT NULL,
  expires INTEGER NOT NULL,
  tries INTEGER NOT NULL
) STRICT;
