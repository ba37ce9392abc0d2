//! Whether a caller's cursor still says what is new to it. After it may fetch more, or less, than before, it does not:
//! what arrived long ago may be new to it.
//!
//! An answer may get lost. So a caller counts as asked anew only when it comes back with the cursor of a page that it was
//! given for the asking.

use rusqlite::{Connection, OptionalExtension, params};
use wakuncar_wire::SpaceId;

use crate::Error;
use crate::book::number;
use crate::room::{Access, Known};

/// What is remembered of one caller.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    loaded: bool,
    /// What it could fetch when it was last known to have read from the beginning.
    confirmed: Option<Access>,
    /// What it could fetch when it read from the beginning, and the cursor that it was given then.
    given: Option<(Access, u64)>,
    /// The cursor that was not good any more.
    asked: Option<u64>,
    computed: Option<(u64, Access)>,
}

/// What a cursor is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It says what is new.
    Good,
    /// The same, from now on; to be written down.
    Confirmed,
    /// It does not.
    Nothing,
}

impl Reader {
    /// Whether it is known what the file says about this caller.
    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Reads what was written down.
    pub(crate) fn load(&mut self, file: &Connection, space: SpaceId, caller: &[u8; 16]) -> Result<(), Error> {
        let sql = "SELECT access, given_access, given_rseq FROM reader WHERE space_id = ?1 AND caller = ?2";
        let mut statement = file.prepare_cached(sql)?;
        let found = statement.query_row(params![space.as_bytes(), caller], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?, row.get::<_, Option<i64>>(2)?))
        });
        // What was learned since the relay began is newer.
        if let Some((access, given, rseq)) = found.optional()? {
            self.confirmed = self.confirmed.or(access.try_into().ok());
            let given = given.and_then(|access| access.try_into().ok()).zip(rseq.map(i64::unsigned_abs));
            self.given = self.given.or(given);
        }
        self.loaded = true;
        Ok(())
    }

    /// What is to be written down.
    pub(crate) fn kept(&self) -> Kept {
        Kept { confirmed: self.confirmed, given: self.given }
    }

    /// What a caller may fetch, worked out once for each change of what is known.
    pub(crate) fn access(&mut self, known: &Known, caller: wakuncar_sync::Caller) -> Access {
        match self.computed {
            Some((version, access)) if version == known.version => access,
            _ => {
                let access = known.access(caller);
                self.computed = Some((known.version, access));
                access
            }
        }
    }

    /// What a cursor is worth to one who may fetch this.
    pub(crate) fn shows(&mut self, access: Access, rseq: u64) -> Worth {
        if self.confirmed == Some(access) {
            return Worth::Good;
        }
        if self.given == Some((access, rseq)) {
            (self.confirmed, self.given, self.asked) = (Some(access), None, None);
            return Worth::Confirmed;
        }
        self.asked = Some(rseq);
        Worth::Nothing
    }

    /// Gives the cursor of a page from the beginning. It is never the one that was worth nothing: that one must not look
    /// as if this answer had come through.
    pub(crate) fn give(&mut self, access: Access, rseq: u64) -> u64 {
        let rseq = if self.asked == Some(rseq) { rseq.saturating_sub(1) } else { rseq };
        self.given = Some((access, rseq));
        rseq
    }
}

/// What is kept of a caller over a restart.
pub(crate) struct Kept {
    confirmed: Option<Access>,
    given: Option<(Access, u64)>,
}

impl Kept {
    pub(crate) fn save(&self, tx: &Connection, space: SpaceId, caller: &[u8; 16]) -> Result<(), Error> {
        let sql = "INSERT INTO reader (space_id, caller, access, given_access, given_rseq) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (space_id, caller) DO UPDATE
                   SET access = excluded.access, given_access = excluded.given_access, given_rseq = excluded.given_rseq";
        let confirmed = self.confirmed.map(Vec::from).unwrap_or_default();
        let (access, rseq) = (self.given.map(|(access, _)| access), self.given.map(|(_, rseq)| number(rseq)));
        tx.prepare_cached(sql)?.execute(params![space.as_bytes(), caller, confirmed, access, rseq])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: Access = [1; 16];
    const AFTER: Access = [2; 16];

    #[test]
    fn a_cursor_counts_when_it_was_given_for_everything_that_may_be_read() {
        let mut reader = Reader::default();
        assert_eq!(reader.shows(BEFORE, 7), Worth::Nothing, "nobody was given this one");
        let given = reader.give(BEFORE, 9);
        assert_eq!(reader.shows(BEFORE, given), Worth::Confirmed);
        assert_eq!(reader.shows(BEFORE, 30), Worth::Good);
        assert_eq!(reader.shows(AFTER, 30), Worth::Nothing);
    }

    #[test]
    fn an_answer_that_got_lost_is_given_again() {
        let mut reader = Reader::default();
        let given = reader.give(BEFORE, 9);
        assert_eq!(reader.shows(BEFORE, given), Worth::Confirmed);
        assert_eq!(reader.shows(AFTER, 12), Worth::Nothing);
        let given = reader.give(AFTER, 12);
        assert_ne!(given, 12, "the old cursor is not taken for the new one");
        assert_eq!(reader.shows(AFTER, 12), Worth::Nothing, "the answer got lost");
        let given = reader.give(AFTER, 12);
        assert_eq!(reader.shows(AFTER, given), Worth::Confirmed);
    }
}
