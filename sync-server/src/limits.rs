//! What one relay takes from how many (PROTOCOL §2.20), as settings of its operator.

use std::time::Duration;

use clap::Args;

/// The bounds of a relay. What is above one waits on the device and is not lost.
///
/// A day is a UTC day of the relay's clock.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Limits {
    /// Kelurahan that it takes in.
    #[arg(long = "maks-kelurahan", default_value_t = 64, help = "Paling banyak kelurahan.")]
    pub spaces: u32,
    /// MiB of entries of a kelurahan.
    #[arg(long = "ruang-mib", default_value_t = 2048, help = "Ruang satu kelurahan, MiB.")]
    pub space_mib: u32,
    /// Devices that ever ask to join a kelurahan.
    #[arg(long = "maks-perangkat", default_value_t = 5000, help = "Paling banyak HP yang pernah bergabung.")]
    pub devices: u32,
    /// Collections of a kelurahan.
    #[arg(long = "maks-koleksi", default_value_t = 4096, help = "Paling banyak koleksi satu kelurahan.")]
    pub collections: u32,
    /// MiB of entries that a device brings in a day.
    #[arg(long = "mib-per-hari", default_value_t = 20, help = "MiB yang boleh dikirim satu HP dalam sehari.")]
    pub device_mib: u32,
    /// Entries that a device brings in a day.
    #[arg(long = "entri-per-hari", default_value_t = 2000, help = "Entri yang boleh dikirim satu HP dalam sehari.")]
    pub device_entries: u32,
    /// MiB that a seat brings in a day. More than a cadre's device: a seat brings a whole register, and it fills a relay
    /// that lost everything with what others wrote.
    #[arg(long = "mib-kantor-per-hari", default_value_t = 512, help = "MiB yang boleh dikirim kantor dalam sehari.")]
    pub seat_mib: u32,
    /// Entries that a seat brings in a day.
    #[arg(
        long = "entri-kantor-per-hari",
        default_value_t = 100_000,
        help = "Entri yang boleh dikirim kantor dalam sehari."
    )]
    pub seat_entries: u32,
    /// Control entries that a seat writes in a day. Four times the 500 of PROTOCOL §2.20: the day on which a coordinator
    /// of 100 dasawisma leaves, every key of 305 collections is announced anew and sealed to about four devices each,
    /// and keys must not wait until tomorrow.
    #[arg(long = "kendali-per-hari", default_value_t = 2000, help = "Entri kendali satu kursi dalam sehari.")]
    pub seat_control: u32,
    /// Control entries that anybody else writes in a day: requests for keys and their answers.
    #[arg(long = "kendali-hp-per-hari", default_value_t = 200, help = "Entri kendali satu HP dalam sehari.")]
    pub device_control: u32,
    /// Requests of a device in a minute, on average: those of ten minutes may come at once.
    #[arg(long = "permintaan-per-menit", default_value_t = 120, help = "Permintaan satu HP dalam semenit.")]
    pub requests: u32,
    /// Sessions of a device in an hour.
    #[arg(long = "sesi-per-jam", default_value_t = 30, help = "Sesi baru satu HP dalam sejam.")]
    pub sessions: u32,
    /// Wrong answers of an address in a minute, before it is told to wait. Right ones do not count: all phones of an
    /// office, or of a mobile network, may have one address.
    #[arg(long = "salah-per-menit", default_value_t = 10, help = "Jawaban salah dari satu alamat dalam semenit.")]
    pub mistakes: u32,
    /// Wrong answers for one invite from an address in a day.
    #[arg(long = "tebakan-undangan", default_value_t = 5, help = "Tebakan untuk satu undangan dalam sehari.")]
    pub guesses: u32,
    /// Calls without a session from an address in a minute: bounds the time spent on signatures.
    #[arg(long = "panggilan-per-menit", default_value_t = 6000, help = "Panggilan tanpa sesi dari satu alamat.")]
    pub calls: u32,
    /// Connections at once.
    #[arg(long = "sambungan", default_value_t = 1024, help = "Sambungan sekaligus.")]
    pub connections: u32,
    /// Connections at once from one address.
    #[arg(long = "sambungan-per-alamat", default_value_t = 768, help = "Sambungan sekaligus dari satu alamat.")]
    pub connections_per_address: u32,
    /// Requests that are worked on at once; others stand in line.
    #[arg(long = "serentak", default_value_t = 64, help = "Permintaan yang dikerjakan sekaligus.")]
    pub at_once: u32,
    /// Seconds that a caller may keep the relay waiting without getting on.
    #[arg(long = "sabar-detik", default_value_t = 30, help = "Detik menunggu pemanggil yang tidak bergerak.")]
    pub patience_s: u32,
    /// Days for which it is remembered what happened.
    #[arg(long = "jejak-hari", default_value_t = 90, help = "Hari jejak kejadian disimpan.")]
    pub audit_days: u32,
}

impl Limits {
    /// How long a caller may keep the relay waiting without getting on.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.patience_s))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            spaces: 64,
            space_mib: 2048,
            devices: 5000,
            collections: 4096,
            device_mib: 20,
            device_entries: 2000,
            seat_mib: 512,
            seat_entries: 100_000,
            seat_control: 2000,
            device_control: 200,
            requests: 120,
            sessions: 30,
            mistakes: 10,
            guesses: 5,
            calls: 6000,
            connections: 1024,
            connections_per_address: 768,
            at_once: 64,
            patience_s: 30,
            audit_days: 90,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        limits: Limits,
    }

    #[test]
    fn an_operator_who_says_nothing_gets_the_defaults() {
        assert_eq!(Program::parse_from(["relay"]).limits, Limits::default());
        let program = Program::parse_from(["relay", "--entri-per-hari", "7"]);
        assert_eq!(program.limits, Limits { device_entries: 7, ..Limits::default() });
    }
}
