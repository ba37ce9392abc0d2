//! The recap books: as a table of a screen, and as a workbook in the data folder.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wakuncar_domain::JawabanSalah;
use wakuncar_reports::{Lampiran, Rekap};

use super::keadaan::lingkup;
use crate::sinkron::lock;
use crate::{App, Error, clock, rekap_json};

/// The folder of a data folder where files for people are written.
pub(crate) const KELUARAN: &str = "keluaran";

/// Which book, of which area, for which day.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MintaRekap {
    lampiran: Buku,
    rw: Option<String>,
    rt: Option<String>,
    dasawisma: Option<String>,
    /// `YYYY-MM-DD`; today where it is absent.
    tgl_acuan: Option<String>,
}

/// The book by its number.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Buku {
    /// Kelompok dasawisma.
    #[serde(rename = "4.16a")]
    L416a,
    /// Kelompok PKK RT.
    #[serde(rename = "4.16b")]
    L416b,
}

/// A filled book with its columns in the order of the print; a count is `null` where nothing was asked. Rows name the
/// houses behind them.
#[derive(Debug, Serialize)]
#[cfg_attr(
    test,
    derive(ts_rs::TS),
    ts(type = "{ lampiran: Buku, baris: BarisRekap[], jumlah: Record<string, number | null>, \
               cakupan: { didata: number, dari: number }, tgl_acuan: string, \
               ganda: { warga: string, rumah: string[] }[], tanpa_krt: { warga: string, rumah: string }[], \
               kolom: Kolom[] }")
)]
pub struct IsiRekap {
    #[serde(flatten)]
    rekap: Value,
    kolom: Vec<KolomCetak>,
}

/// A row of a book: the counts stand under the codes of [`KolomCetak`]; a row of 4.16a has `krt` and `nama_krt`, one of
/// 4.16b `dasawisma`.
#[cfg(test)]
#[derive(ts_rs::TS)]
#[ts(type = "{ rw: string, rt: string, rumah: string[], krt?: string, nama_krt?: string, dasawisma?: string, \
             [metrik: string]: number | null | string | string[] | undefined }")]
pub(super) struct BarisRekap;

/// A counted column with the headings above it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Kolom"))]
#[serde(rename_all = "camelCase")]
pub struct KolomCetak {
    /// The headings that it shares with its neighbours, from the outermost in.
    grup: Vec<&'static str>,
    judul: &'static str,
    /// Its code in the rows.
    metrik: &'static str,
}

/// A file that was written.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Berkas {
    path: String,
}

pub(super) fn rekap(app: &Mutex<App>, minta: MintaRekap) -> Result<IsiRekap, Error> {
    let rekap = fill(&lock(app), &minta)?;
    let kolom = rekap.lampiran.kolom_cetak().into_iter();
    let kolom = kolom.map(|k| KolomCetak { grup: k.grup, judul: k.judul, metrik: k.metrik.kode() }).collect();
    Ok(IsiRekap { rekap: rekap_json(&rekap), kolom })
}

/// The same book written again replaces the file.
pub(super) fn rekap_xlsx(app: &Mutex<App>, minta: MintaRekap) -> Result<Berkas, Error> {
    let (rekap, dir) = {
        let app = lock(app);
        (fill(&app, &minta)?, app.dir().join(KELUARAN))
    };
    let bytes = rekap.xlsx()?;
    std::fs::create_dir_all(&dir).map_err(Error::file(&dir))?;
    let path = dir.join(nama_berkas(&rekap, minta.dasawisma.as_deref()));
    std::fs::write(&path, bytes).map_err(Error::file(&path))?;
    Ok(Berkas { path: path.display().to_string() })
}

fn fill(app: &App, minta: &MintaRekap) -> Result<Rekap, Error> {
    let lampiran = match minta.lampiran {
        Buku::L416a => Lampiran::L416a,
        Buku::L416b => Lampiran::L416b,
    };
    let salah = |_| Error::Jawaban { jalur: "tglAcuan".into(), salah: JawabanSalah::BukanTanggal };
    let hari = minta.tgl_acuan.as_deref().map(str::parse).transpose().map_err(salah)?;
    let lingkup = lingkup(minta.rw.as_ref(), minta.rt.as_ref(), minta.dasawisma.clone());
    app.rekap(lampiran, &lingkup, hari.unwrap_or_else(clock::today))
}

/// The name says what is inside; of a dasawisma's name only what every file system takes.
fn nama_berkas(rekap: &Rekap, dasawisma: Option<&str>) -> String {
    let huruf = |teks: &str| -> String {
        teks.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect()
    };
    let tempat = [("RW", rekap.kepala.rw.as_str()), ("RT", &rekap.kepala.rt), ("", dasawisma.unwrap_or_default())];
    let tempat = tempat.iter().filter(|(_, isi)| !isi.is_empty()).map(|(apa, isi)| format!("-{apa}{}", huruf(isi)));
    format!("rekap-{}{}-{}.xlsx", rekap.lampiran.nomor(), tempat.collect::<String>(), rekap.tgl_acuan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_after_its_book_and_stays_in_its_folder() {
        let hari = "2021-12-31".parse().unwrap();
        let kepala = wakuncar_reports::Kepala { rw: "../1".into(), rt: "002".into(), ..Default::default() };
        let aturan = wakuncar_reports::AturanHitung::rakernas_ix();
        let rekap = Rekap::new(Lampiran::L416a, &[], hari, &aturan, kepala);
        assert_eq!(nama_berkas(&rekap, Some("Melati/2")), "rekap-4.16a-RW---1-RT002-Melati-2-2021-12-31.xlsx");
    }
}
