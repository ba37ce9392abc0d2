//! The answer to one question: an empty box is not a zero.

/// The state of one box of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Isian<T> {
    /// Not asked, or erased again.
    #[default]
    Kosong,
    /// Asked; the family does not know.
    TidakTahu,
    /// Asked and answered.
    Terisi(T),
}

impl<T> Isian<T> {
    /// The answer, if there is one.
    pub fn terisi(&self) -> Option<&T> {
        match self {
            Isian::Terisi(nilai) => Some(nilai),
            Isian::Kosong | Isian::TidakTahu => None,
        }
    }

    /// Whether nothing was asked.
    pub fn is_kosong(&self) -> bool {
        matches!(self, Isian::Kosong)
    }

    /// The same state with another kind of answer.
    pub fn map<U>(self, ubah: impl FnOnce(T) -> U) -> Isian<U> {
        match self {
            Isian::Kosong => Isian::Kosong,
            Isian::TidakTahu => Isian::TidakTahu,
            Isian::Terisi(nilai) => Isian::Terisi(ubah(nilai)),
        }
    }
}

impl<T> From<Option<T>> for Isian<T> {
    fn from(nilai: Option<T>) -> Self {
        nilai.map_or(Isian::Kosong, Isian::Terisi)
    }
}
