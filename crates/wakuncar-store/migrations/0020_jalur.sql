-- A kelurahan has more than one way: relays on the internet, the office's hub, and files. Each relay has its own cursor,
-- session and receipts, and is known by the key of its certificate; what came by file is not at a relay because of that.

CREATE TABLE remote (
  -- BLAKE3-128 of its TLS key.
  pin BLOB NOT NULL PRIMARY KEY,
  -- Where it was reached last; empty if nobody has said where.
  url TEXT NOT NULL,
  -- On the office's network: it is asked first, and its address moves.
  lan INTEGER NOT NULL,
  -- How far it was read; empty asks for everything that is not held.
  cursor BLOB NOT NULL,
  -- The key of its receipts as it says it; counts only once a seat has published it.
  receipt_pk BLOB NOT NULL,
  -- How far it has every log is known, and kept in remote_log.
  surveyed INTEGER NOT NULL
) STRICT;

-- How far a relay has each log: it said so, gave the entries, or took them. What it lacks is brought to it, whoever wrote
-- it.
CREATE TABLE remote_log (
  pin BLOB NOT NULL REFERENCES remote (pin) ON DELETE CASCADE,
  coll BLOB NOT NULL,
  author BLOB NOT NULL,
  beat INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (pin, coll, author, beat)
) STRICT;

-- Which relay has sworn to which entry, and when by its clock. entry.stored_at is the newest of them.
CREATE TABLE receipt (
  entry_id BLOB NOT NULL,
  pin BLOB NOT NULL REFERENCES remote (pin) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  PRIMARY KEY (entry_id, pin)
) STRICT;

-- Came by file, and no relay is known to have it.
ALTER TABLE entry ADD COLUMN carried INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_carried ON entry (entry_no) WHERE carried;

-- The newest entry that was here when a day began, for files of the last days. By this device's clock; decides nothing
-- but the size of a file.
CREATE TABLE entry_day (
  day TEXT NOT NULL PRIMARY KEY,
  entry_no INTEGER NOT NULL
) STRICT;

-- The one relay of before.
INSERT INTO remote (pin, url, lan, cursor, receipt_pk, surveyed)
  SELECT substr(relay.value, 1, 16), CAST(substr(relay.value, 17) AS TEXT), 0,
    COALESCE((SELECT value FROM setting WHERE name = 'kursor'), x''),
    COALESCE((SELECT value FROM setting WHERE name = 'kunci_relay'), x''), 0
  FROM setting AS relay WHERE relay.name = 'relay';
INSERT INTO receipt (entry_id, pin, at)
  SELECT entry.entry_id, remote.pin, entry.stored_at FROM entry, remote WHERE entry.stored_at IS NOT NULL;
UPDATE secret SET name = 'sesi/' || (SELECT lower(hex(pin)) FROM remote)
  WHERE name = 'sesi' AND EXISTS (SELECT 1 FROM remote);
DELETE FROM setting WHERE name IN ('relay', 'kursor', 'kunci_relay');
