-- The first file of a device. Documents are a cache of the changes, rows are a cache of the documents:
-- `change` is the only source here.

-- Settings of this device and of this file.
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- Every change of a house document that this device has made or taken over. Own changes that no entry
-- carries yet are the outbox.
CREATE TABLE change (
  change_id INTEGER NOT NULL PRIMARY KEY,
  rumah BLOB NOT NULL,
  koleksi TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  body BLOB NOT NULL,
  made_here INTEGER NOT NULL,
  recorded_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX change_document ON change (rumah, koleksi);

-- Documents as opaque bytes, with their heads. Blobs alone in their table: rewriting them touches no row
-- that lists read.
CREATE TABLE document (
  rumah BLOB NOT NULL,
  koleksi TEXT NOT NULL,
  heads BLOB NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (rumah, koleksi)
) STRICT;

-- One row a house: what lists show, and the whole record for recaps.
CREATE TABLE rumah (
  rumah BLOB NOT NULL PRIMARY KEY,
  rw TEXT NOT NULL,
  rt TEXT NOT NULL,
  dasawisma TEXT NOT NULL,
  no_rumah TEXT NOT NULL,
  nama_krt TEXT NOT NULL,
  jumlah_warga INTEGER NOT NULL,
  -- [[path, answer], …]; an answer is null for tidak tahu.
  record TEXT NOT NULL
) STRICT;
CREATE INDEX rumah_alamat ON rumah (rw, rt, dasawisma, no_rumah);

-- People of a house, for search and for finding one person in two houses.
CREATE TABLE warga (
  rumah BLOB NOT NULL REFERENCES rumah (rumah) ON DELETE CASCADE,
  warga TEXT NOT NULL,
  nama TEXT NOT NULL,
  nik TEXT NOT NULL,
  keluar INTEGER NOT NULL,
  PRIMARY KEY (rumah, warga)
) STRICT;
CREATE INDEX warga_orang ON warga (warga);
CREATE INDEX warga_nik ON warga (nik) WHERE nik <> '';

-- Full text by parts of words: name as written and as compared, NIK, house number. `searched` says whom a
-- text belongs to (an empty warga: the house itself), so that the texts of one house can be replaced.
CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'trigram');
CREATE TABLE searched (
  search_id INTEGER NOT NULL PRIMARY KEY,
  rumah BLOB NOT NULL,
  warga TEXT NOT NULL
) STRICT;
CREATE INDEX searched_rumah ON searched (rumah);

-- What is odd or impossible in a record.
CREATE TABLE finding (
  rumah BLOB NOT NULL REFERENCES rumah (rumah) ON DELETE CASCADE,
  code TEXT NOT NULL,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  severe INTEGER NOT NULL
) STRICT;
CREATE INDEX finding_rumah ON finding (rumah);
