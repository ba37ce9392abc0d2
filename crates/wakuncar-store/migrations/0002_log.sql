-- The log: entries received and made, the keys that open them, where they were brought. From here on documents are
-- a cache of the log and of the own changes that no entry carries yet.

-- The entry that carries an own change, or brought a change of somebody else; NULL is the outbox.
ALTER TABLE change ADD COLUMN entry_id BLOB;
CREATE INDEX change_outbox ON change (made_here) WHERE entry_id IS NULL;
CREATE INDEX change_entry ON change (entry_id) WHERE entry_id IS NOT NULL;

-- Every entry that this device holds.
CREATE TABLE entry (
  entry_no INTEGER NOT NULL PRIMARY KEY,
  entry_id BLOB NOT NULL UNIQUE,
  coll BLOB NOT NULL,
  author BLOB NOT NULL,
  -- 1 for beats, which have numbers of their own and replace each other.
  beat INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  control INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  -- Applied here. What is not waits for a key, for authority or for what it rests on.
  applied INTEGER NOT NULL,
  -- When a relay's receipt for it was verified, by the relay's clock; NULL: no receipt.
  stored_at INTEGER,
  UNIQUE (coll, author, beat, seq)
) STRICT;
CREATE INDEX entry_waiting ON entry (entry_no) WHERE NOT applied;
CREATE INDEX entry_control ON entry (entry_no) WHERE control;

-- Private keys and content keys, by their names. In no export and no backup.
CREATE TABLE secret (
  name TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- In which collection a document lives; fixed with its first entry.
CREATE TABLE document_coll (
  rumah BLOB NOT NULL,
  koleksi TEXT NOT NULL,
  coll BLOB NOT NULL,
  PRIMARY KEY (rumah, koleksi)
) STRICT;

-- Answers that two people gave apart. They stay until a person settles them: the next edit erases the evidence
-- in the document.
CREATE TABLE konflik (
  rumah BLOB NOT NULL,
  path TEXT NOT NULL,
  -- [[answer, device prefix, claimed time], …], the one that is shown last.
  candidates TEXT NOT NULL,
  PRIMARY KEY (rumah, path)
) STRICT;
