-- What each entry brought for each document, whatever became of it: so that what one author may bring for one document
-- is counted along her log and everybody decides alike.
CREATE TABLE takaran (
  entry_id BLOB NOT NULL,
  rumah BLOB NOT NULL,
  koleksi TEXT NOT NULL,
  author BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  ops INTEGER NOT NULL,
  PRIMARY KEY (rumah, koleksi, author, seq, entry_id)
) STRICT, WITHOUT ROWID;
