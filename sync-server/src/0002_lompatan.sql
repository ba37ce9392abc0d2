-- At each start the arrival numbers jump, and what was skipped is kept. A cursor that lies in a skipped stretch is of a
-- life that a backup put back has undone: its holder is asked for everything it holds and fills the relay again. Without
-- this such a cursor looks like one of ours as soon as the numbers have passed it.
CREATE TABLE jump (
  space_id BLOB NOT NULL REFERENCES space (space_id),
  -- The first number that was skipped.
  skipped INTEGER NOT NULL,
  -- The first number that is given again.
  resumed INTEGER NOT NULL,
  PRIMARY KEY (space_id, skipped)
) STRICT;
