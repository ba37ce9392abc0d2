-- What a caller was given when it was asked for everything, and the cursor of that page. Until it comes back with this
-- cursor, it is not known to have the page: the answer may have got lost, and the relay may have been started again
-- since.
ALTER TABLE reader ADD COLUMN given_access BLOB;
ALTER TABLE reader ADD COLUMN given_rseq INTEGER;
