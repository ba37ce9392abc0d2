-- Lists and search read few pages. A house's row holds its whole record, so that the row of each house is a page of its
-- own, and every page that is read must be deciphered: what a list shows stands in one index, findings counted.

ALTER TABLE rumah ADD COLUMN temuan INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rumah ADD COLUMN galat INTEGER NOT NULL DEFAULT 0;
UPDATE rumah SET
  temuan = (SELECT COUNT(*) FROM finding WHERE finding.rumah = rumah.rumah),
  galat = (SELECT COUNT(*) FROM finding WHERE finding.rumah = rumah.rumah AND severe);

DROP INDEX rumah_alamat;
CREATE INDEX rumah_daftar ON rumah (rw, rt, dasawisma, no_rumah, rumah, nama_krt, jumlah_warga, temuan, galat);

-- What a hit of the search shows of its house.
CREATE INDEX rumah_hasil ON rumah (rumah, rt, no_rumah, nama_krt);

-- Beginnings of names and house numbers, too short for the full text.
CREATE INDEX warga_nama ON warga (nama COLLATE NOCASE);
CREATE INDEX rumah_nomor ON rumah (no_rumah COLLATE NOCASE);
