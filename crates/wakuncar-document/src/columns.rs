//! The columns of a chunk, whose items are written as runs: ten bytes can stand for a million of them. They are
//! counted, or read one by one as far as somebody asks, and never unpacked.

use crate::Refusal;
use crate::reader::Reader;

/// The bit of a column's specification that says it is deflated.
pub(crate) const DEFLATE: u64 = 8;
const MAX_COLUMNS: u64 = 32;

/// Specification and length of each column.
pub(crate) fn heads(rest: &mut Reader<'_>) -> Result<Vec<(u64, u64)>, Refusal> {
    let count = rest.uleb_max(MAX_COLUMNS)?;
    (0..count).map(|_| Ok((rest.uleb()?, rest.uleb()?))).collect()
}

/// Refuses a column of more than `max_items` items, or one whose texts would be more than `max_text` bytes if each
/// were written out.
pub(crate) fn bound(spec: u64, column: &[u8], max_items: u64, max_text: u64) -> Result<(), Refusal> {
    let column = Reader(column);
    match spec & 7 {
        4 => bound_booleans(column, max_items),
        5 => bound_runs(column, max_items, max_text, |column| Ok(column.text()?.len() as u64)),
        3 => bound_runs(column, max_items, max_text, |column| column.sleb().map(|_| 0)),
        7 => Ok(()),
        _ => bound_runs(column, max_items, max_text, |column| column.uleb().map(|_| 0)),
    }
}

fn bound_runs(
    mut column: Reader<'_>,
    max_items: u64,
    max_text: u64,
    mut skip: impl FnMut(&mut Reader<'_>) -> Result<u64, Refusal>,
) -> Result<(), Refusal> {
    let (mut items, mut text) = (0_u64, 0_u64);
    while !column.is_empty() {
        let length = column.sleb()?;
        let run = if length == 0 { column.uleb()? } else { length.unsigned_abs() };
        items = items.saturating_add(run);
        if items > max_items {
            return Err(Refusal::TooManyOps);
        }
        match length {
            0 => {}
            1.. => text = text.saturating_add(skip(&mut column)?.saturating_mul(run)),
            _ => {
                for _ in 0..run {
                    text = text.saturating_add(skip(&mut column)?);
                }
            }
        }
        if text > max_text {
            return Err(Refusal::TooLarge);
        }
    }
    Ok(())
}

fn bound_booleans(mut column: Reader<'_>, max: u64) -> Result<(), Refusal> {
    let mut items: u64 = 0;
    while !column.is_empty() {
        items = items.saturating_add(column.uleb()?);
        if items > max {
            return Err(Refusal::TooManyOps);
        }
    }
    Ok(())
}

/// The items of a column of runs, read as they are asked for. Absent items stand in no column of ours.
pub(crate) struct Runs<'a, T> {
    strict: bool,
    column: Reader<'a>,
    read: fn(&mut Reader<'a>) -> Result<T, Refusal>,
    last: Option<T>,
    run: Run,
}

#[derive(Clone, Copy)]
enum Run {
    Same(u64),
    Each(u64),
}

impl<'a, T: Copy + PartialEq> Runs<'a, T> {
    /// Only the one way in which the library writes runs: equal items, at least two, or a list of others that differ
    /// from their neighbours.
    pub(crate) fn strict(column: &'a [u8], read: fn(&mut Reader<'a>) -> Result<T, Refusal>) -> Self {
        Self { strict: true, column: Reader(column), read, last: None, run: Run::Same(0) }
    }

    /// Runs as some program wrote them.
    pub(crate) fn loose(column: &'a [u8], read: fn(&mut Reader<'a>) -> Result<T, Refusal>) -> Self {
        Self { strict: false, ..Self::strict(column, read) }
    }

    /// The next item, which must be there.
    pub(crate) fn item(&mut self) -> Result<T, Refusal> {
        self.next()?.ok_or(Refusal::NotAChange)
    }

    /// The next item; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<T>, Refusal> {
        match self.run {
            Run::Same(left @ 1..) => {
                self.run = Run::Same(left - 1);
                return Ok(self.last);
            }
            Run::Each(left @ 1..) => {
                self.run = Run::Each(left - 1);
                return self.other();
            }
            Run::Same(0) | Run::Each(0) => {}
        }
        if self.column.is_empty() {
            return Ok(None);
        }
        self.run = match (self.column.sleb()?, self.run) {
            (0, _) => return Err(Refusal::NotAChange),
            (1, _) | (..0, Run::Each(_)) if self.strict => return Err(Refusal::NotAChange),
            (same @ 1.., _) => Run::Same(same.unsigned_abs() - 1),
            (each @ ..0, _) => Run::Each(each.unsigned_abs() - 1),
        };
        self.other()
    }

    /// Reads an item, which differs from the one before.
    fn other(&mut self) -> Result<Option<T>, Refusal> {
        let item = (self.read)(&mut self.column)?;
        let same = self.last.replace(item) == Some(item);
        if same && self.strict { Err(Refusal::NotAChange) } else { Ok(Some(item)) }
    }

    /// That everything was asked for.
    pub(crate) fn end(mut self) -> Result<(), Refusal> {
        if self.next()?.is_none() { Ok(()) } else { Err(Refusal::NotAChange) }
    }
}
