// Written by a test of wakuncar-app from crates/wakuncar-app/src/api.rs. Do not edit.

/**
 * Why a device is shut out.
 */
export type Alasan = "hilang" | "dicuri" | "berhenti" | "dicurigai";

/**
 * The events that have a screen.
 */
export type Apa = "meninggal" | "pindah";

/**
 * A part of a house with its items.
 */
export type BagianButir = { 
/**
 * Its name in [`SimpanJawaban`].
 */
bagian: string, 
/**
 * Whether its answers are data of health, with a consent of their own.
 */
kesehatan: boolean, butir: Array<Butir>, };

/**
 * The id for a new row of a house; nothing is saved under it yet.
 */
export type BarisBaru = { baris: string, };

/**
 * A row of a book: the counts stand under the codes of [`KolomCetak`]; a row of 4.16a has `krt` and `nama_krt`, one of
 * 4.16b `dasawisma`.
 */
export type BarisRekap = { rw: string, rt: string, rumah: string[], krt?: string, nama_krt?: string, dasawisma?: string, [metrik: string]: number | null | string | string[] | undefined };

/**
 * A place with its answers.
 */
export type Berbeda = { rumah: string, noRumah: string, 
/**
 * Path of the answer.
 */
tempat: string, 
/**
 * As the form prints the item.
 */
label: string, 
/**
 * The last one is shown until somebody settles it.
 */
calon: Array<Calon>, };

/**
 * A seat and its next holder.
 */
export type BeriKursi = { 
/**
 * Without a number the last one: the office's unattended device.
 */
nomor?: number, ke: string, };

/**
 * A file that was written.
 */
export type Berkas = { path: string, };

/**
 * A file that a phone has handed over, in the data folder.
 */
export type BerkasTitipan = { path: string, };

/**
 * A word that counts here.
 */
export type Berlaku = { 
/**
 * Whether a relay has it; if not, the next sync brings it.
 */
terkirim: boolean, };

/**
 * A kelurahan to be founded with this device as its coordinator.
 */
export type BuatKelurahan = { 
/**
 * Kode wilayah, `NN.NN.NN.NNNN`.
 */
kode: string, nama: string, 
/**
 * Address of its relay, `https://host:port`.
 */
relay: string, 
/**
 * The relay's pin, 32 hexadecimal digits.
 */
pin: string, 
/**
 * For practice, for ever.
 */
latihan: boolean, };

/**
 * Which entries go into the file.
 */
export type BuatPaket = { 
/**
 * Everything: the backup.
 */
semua: boolean, 
/**
 * For one device only; `null` for the kelurahan, or for everybody.
 */
untuk: string | null, 
/**
 * A folder to write to, such as a stick; `null` for the folder where books are written, too.
 */
folder: string | null, };

/**
 * The book by its number.
 */
export type Buku = "4.16a" | "4.16b";

/**
 * One item as a field of a screen.
 */
export type Butir = { kunci: string, 
/**
 * As the form prints it.
 */
label: string, jenis: JenisButir, 
/**
 * Form and item, e.g. `4.14.1a butir 3`.
 */
sumber: string, 
/**
 * The choices, in the order of the form.
 */
opsi?: Array<Opsi>, 
/**
 * Least number.
 */
min?: number, 
/**
 * Greatest number, or most characters of a text.
 */
maks?: number, };

/**
 * Whom to shut out.
 */
export type Cabut = { id: string, alasan: Alasan, 
/**
 * Whether it is to destroy what it holds.
 */
hapus: boolean, 
/**
 * The device that gets its seat.
 */
pengganti?: string, };

/**
 * One of the answers.
 */
export type Calon = { 
/**
 * `null` is an empty box, `"?"` is *tidak tahu*.
 */
isi: string | number | boolean | null, 
/**
 * Who gave it, as far as her device has a name.
 */
nama: string, 
/**
 * When, by her clock, in Unix seconds.
 */
waktu: number, };

/**
 * What to look for: a part of a name, NIK or house number.
 */
export type Cari = { teks: string, };

/**
 * A row of a house, e.g. a person: the items of the form that are filled, each under its key, `"?"` for *tidak tahu*.
 */
export type Catatan = { id: string, [kunci: string]: string | number | boolean | undefined };

/**
 * The record of a house: the items of the forms that are filled, each under its key, `"?"` for *tidak tahu*; the rows
 * of its parts as lists.
 */
export type CatatanRumah = { id: string, rumah_tangga: Catatan[], keluarga: Catatan[], anggota: Catatan[], pekarangan: Catatan[], industri: Catatan[], kehamilan: Catatan[], mutasi: Catatan[], persetujuan: Catatan[], tidak_terbaca?: Record<string, string>, [kunci: string]: string | number | boolean | Catatan[] | Record<string, string> | undefined };

/**
 * Every command with what it takes and gives, for TypeScript.
 */
export type Commands = { keadaan: [Kosong, Keadaan], buat_kelurahan: [BuatKelurahan, KelurahanBaru], undang: [Undang, Undangan], gabung: [KodeUndangan, Gabung], lanjut_gabung: [Kosong, Gabung], daftar_perangkat: [DaftarPerangkat, Array<Perangkat>], sahkan_perangkat: [PilihPerangkat, Selesai], tolak_perangkat: [PilihPerangkat, Selesai], cabut_perangkat: [Cabut, HasilCabut], berhenti: [Kosong, Berlaku], jabatan: [Kosong, Array<Kursi>], beri_kursi: [BeriKursi, Berlaku], serahkan: [Serahkan, Berlaku], uji_pemulihan: [KodePemulihan, HasilUji], kode_pemulihan: [Kosong, KodePemulihan], pakai_pemulihan: [PakaiPemulihan, HasilPemulihan], daftar_titipan: [Kosong, Array<BerkasTitipan>], baca_titipan: [PilihTitipan, Titipan], terima_titipan: [PilihTitipan, Titipan], wilayah: [Kosong, Array<Wilayah>], daftar_rumah: [DaftarRumah, Array<RumahDiDaftar>], cari: [Cari, Array<Hasil>], lihat_rumah: [LihatRumah, RumahLengkap], tambah_rumah: [TambahRumah, RumahBaru], setuju: [Setuju, Simpan], butir: [Kosong, Array<BagianButir>], simpan_jawaban: [SimpanJawaban, Simpan], baris_baru: [Kosong, BarisBaru], tambah_warga: [TambahWarga, WargaBaru], peristiwa: [Peristiwa, Simpan], rekap: [MintaRekap, IsiRekap], rekap_xlsx: [MintaRekap, Berkas], berbeda: [Kosong, Array<Berbeda>], putuskan: [Putuskan, Simpan], perlu_ditinjau: [Kosong, Array<Tinjau>], kembalikan: [Kembalikan, Array<Tinjau>], sinkron: [Kosong, HasilSinkron], buat_paket: [BuatPaket, PaketDibuat], potongan_paket: [PotonganPaket, Sampai], buka_paket: [Kosong, HasilPaket], };

/**
 * The list of devices; with `segarkan` after asking the relay for news.
 */
export type DaftarPerangkat = { segarkan?: boolean, };

/**
 * Which houses; what is absent sets no bound.
 */
export type DaftarRumah = { rw?: string, rt?: string, dasawisma?: string, };

/**
 * Where a dasawisma is.
 */
export type Dasawisma = { rw: string, rt: string, nama: string, };

/**
 * What can happen to a command; a screen has a sentence for each.
 */
export type ErrorCode = "sedang_dipakai" | "kunci_hilang" | "penyimpan_rahasia" | "sandi_salah" | "sandi_perlu" | "acak" | "rusak" | "perbarui_aplikasi" | "penyimpanan_penuh" | "database" | "dokumen" | "tabel" | "lembar" | "berkas" | "rumah_tidak_ada" | "warga_tidak_ada" | "perlu_persetujuan" | "pindah_rumah" | "mutasi" | "isian" | "berkas_asing" | "nama_berkas" | "tanpa_kelurahan" | "bukan_koordinator" | "sudah_terdaftar" | "kelurahan_lain" | "kode" | "alamat_relay" | "undangan_tidak_berlaku" | "daftar_lama" | "peran_salah" | "perangkat_tidak_ada" | "tanpa_kunci" | "dicabut" | "berhenti" | "dihapus" | "sewa_habis" | "bukan_anggota" | "perangkat_asing" | "perangkat_sendiri" | "tidak_di_atas" | "sudah_dicabut" | "kursi_salah" | "kursi_terakhir" | "kode_pemulihan_lain" | "pemulihan_gagal" | "titipan_salah" | "sedang_kirim" | "perlu_tanya" | "relay_sibuk" | "relay_penuh" | "tidak_terjangkau" | "relay_lain" | "relay_sampah" | "tidak_dikenal" | "bukan_paket" | "paket_lain" | "hub_tidak_bisa" | "hub_asing" | "segel" | "permintaan" | "program";

/**
 * Where joining a kelurahan stands.
 */
export type Gabung = { 
/**
 * This device's id.
 */
perangkat: string, 
/**
 * Name of the kelurahan.
 */
kelurahan: string, 
/**
 * What both people compare; `null` until the office has drawn its number.
 */
gambar: Array<Gambar> | null, keadaan: KeadaanGabung, };

/**
 * What a command answers when it does not do what was asked.
 */
export type Galat = { 
/**
 * What happened.
 */
kode: ErrorCode, 
/**
 * The numbers and names of the sentence; `null` where there are none.
 */
data: Record<string, string | number> | null, };

/**
 * One of the three pictures that two people compare.
 */
export type Gambar = { gambar: string, 
/**
 * Its word, read aloud.
 */
nama: string, };

/**
 * A house or a person that was found.
 */
export type Hasil = { rumah: string, 
/**
 * The person; `null` when the house itself was found.
 */
warga: string | null, 
/**
 * The person's name, or the heads of the house's rumah tangga.
 */
nama: string, rt: string, noRumah: string, };

/**
 * A device that was just shut out.
 */
export type HasilCabut = { 
/**
 * Seats that nobody holds now.
 */
kursiKosong: Array<number>, 
/**
 * Whether a relay has the word; if not, the next sync brings it.
 */
terkirim: boolean, };

/**
 * What came out of a file, in entries of the log.
 */
export type HasilPaket = { 
/**
 * Whose device made it; empty if it has no name here.
 */
dari: string, masuk: number, sudah: number, 
/**
 * Not for this device.
 */
dilewati: number, 
/**
 * Not kept, since those before them are missing.
 */
kurang: number, rusak: number, 
/**
 * Why it was not read to its end.
 */
putus: "terpotong" | "rusak" | "tanpa_kunci" | "tidak_terbaca" | null, };

/**
 * An office that was just taken back.
 */
export type HasilPemulihan = { kursi: number, 
/**
 * Collections whose key could not be opened.
 */
tanpaKunci: number, 
/**
 * The old office's devices are to be shut out after the next sync.
 */
belumDitutup: boolean, terkirim: boolean, };

/**
 * What one sync did, in entries of the log.
 */
export type HasilSinkron = { 
/**
 * Own ones for which the relay's receipt came.
 */
keluar: number, 
/**
 * Those of others that were applied.
 */
masuk: number, 
/**
 * Own changes and entries that no relay has sworn to.
 */
menunggu: number, 
/**
 * Own ones that the relay did not take.
 */
ditolak: number, 
/**
 * Those of others that are kept and not applied.
 */
diparkir: number, 
/**
 * Those that were no entries, or came with a wrong signature.
 */
rusak: number, 
/**
 * Ways (relay, hub) that were not reached, beside at least one that was.
 */
gagal: number, 
/**
 * Bytes over the internet, both ways, about, and what they cost in rupiah.
 */
bita: number, rupiah: number, 
/**
 * The same since the first of this month.
 */
bulanIni: number, rupiahBulanIni: number, };

/**
 * What a drill has shown.
 */
export type HasilUji = { 
/**
 * Whether the code opens everything; if not, the next sync of a coordinator mends it.
 */
membuka: boolean, };

/**
 * A filled book with its columns in the order of the print; a count is `null` where nothing was asked. Rows name the
 * houses behind them.
 */
export type IsiRekap = { lampiran: Buku, baris: BarisRekap[], jumlah: Record<string, number | null>, cakupan: { didata: number, dari: number }, tgl_acuan: string, ganda: { warga: string, rumah: string[] }[], tanpa_krt: { warga: string, rumah: string }[], kolom: Kolom[] };

/**
 * An answer of it.
 */
export type JawabanTitipan = { tempat: string, 
/**
 * What stands here.
 */
kini: string | number | boolean | null, 
/**
 * What the phone had.
 */
titipan: string | number | boolean | null, 
/**
 * What becomes of it.
 */
nasib: "diambil" | "sama" | "berbeda" | "tinggal", };

/**
 * The kind of answer.
 */
export type JenisButir = "teks" | "bulat" | "desimal" | "ya_tidak" | "tanggal" | "pilihan";

/**
 * This device at a glance.
 */
export type Keadaan = { 
/**
 * This device's id.
 */
perangkat: string, 
/**
 * The kelurahan; `null` before one was founded here, or this device was confirmed in one.
 */
kelurahan: Kelurahan | null, 
/**
 * Made for practice: every screen says so, also before this device is confirmed.
 */
latihan: boolean, 
/**
 * What this device may do there.
 */
peran: Peran | null, 
/**
 * Who works with it.
 */
nama: string | null, 
/**
 * Where joining stands, if it has begun and is not over.
 */
gabung: Gabung | null, 
/**
 * When a relay was last met, in Unix seconds by its clock.
 */
bertemu: number | null, 
/**
 * Answers given apart that nobody has settled.
 */
berbeda: number, 
/**
 * Changes saved here that have not left this device.
 */
antrean: number, 
/**
 * Who belongs, as this device sees it.
 */
keanggotaan: Keanggotaan, };

/**
 * A step of joining.
 */
export type KeadaanGabung = "menunggu" | "bandingkan" | "sah" | "ditolak";

/**
 * Where a device stands.
 */
export type KeadaanPerangkat = "sah" | "menunggu" | "dicabut";

/**
 * Who belongs, as this device sees it.
 */
export type Keanggotaan = { 
/**
 * What came and waits for a key that this device may have.
 */
menungguKunci: number, 
/**
 * New keys are due, since somebody may not read any more.
 */
menungguKunciBaru: boolean, 
/**
 * Why this device was shut out, if it was.
 */
dicabut: Alasan | null, 
/**
 * Its time in the kelurahan has ended otherwise.
 */
berhenti: boolean, 
/**
 * Whole days since it last met somebody of the kelurahan.
 */
hariTanpaKontak: number, 
/**
 * It should meet somebody soon.
 */
sewaHampirHabis: boolean, 
/**
 * It is closed until it does.
 */
sewaHabis: boolean, 
/**
 * Seats that nobody holds now.
 */
kursiKosong: Array<number>, 
/**
 * A coordinator's device, and fewer than two seats are held.
 */
kursiKurang: boolean, 
/**
 * A coordinator's device, and the recovery code was not proven for a year.
 */
ujiPemulihan: boolean, 
/**
 * Files of phones that were shut out, which wait to be looked at.
 */
titipan: number, 
/**
 * A copy of this device is in use too: it sends nothing until it is registered anew.
 */
terbelah: boolean, 
/**
 * The data in this folder were destroyed by order of the kelurahan.
 */
pernahDihapus: boolean, };

/**
 * The kelurahan that this device belongs to.
 */
export type Kelurahan = { nama: string, 
/**
 * Kode wilayah, `NN.NN.NN.NNNN`.
 */
kode: string, 
/**
 * For practice: every screen and print says so.
 */
latihan: boolean, };

/**
 * A kelurahan that was just founded.
 */
export type KelurahanBaru = { space: string, 
/**
 * Shown once, to be written on paper.
 */
kodePemulihan: string, 
/**
 * Whether the relay has it; if not, the next sync brings it.
 */
terkirim: boolean, };

/**
 * A place to which what stood there before is to come back.
 */
export type Kembalikan = { rumah: string, tempat: string, };

/**
 * A recovery code.
 */
export type KodePemulihan = { kode: string, };

/**
 * The code of a finding; a screen has a sentence for each.
 */
export type KodeTemuan = "nik_mustahil" | "no_kk_mustahil" | "lahir_di_masa_depan" | "umur_mustahil" | "nik_sementara" | "nik_beda_jenis_kelamin" | "nik_beda_tanggal_lahir" | "nik_wilayah_tidak_dikenal" | "nik_kosong_tanpa_alasan" | "umur_tidak_wajar" | "kk_tanpa_kepala" | "kk_berkepala_dua" | "kawin_di_bawah_15" | "ktp_di_bawah_17" | "hubungan_beda_jenis_kelamin" | "laki_laki_hamil" | "hamil_di_luar_usia" | "tanpa_keluarga" | "keluarga_tanpa_rumah_tangga" | "tanpa_persetujuan" | "nik_ganda_serumah" | "di_luar_batas" | "tidak_terbaca";

/**
 * The code of an invitation: the text of its QR, or what was typed.
 */
export type KodeUndangan = { kode: string, };

/**
 * A counted column with the headings above it.
 */
export type Kolom = { 
/**
 * The headings that it shares with its neighbours, from the outermost in.
 */
grup: Array<string>, judul: string, 
/**
 * Its code in the rows.
 */
metrik: string, };

/**
 * A request that says nothing but its name.
 */
export type Kosong = Record<string, never>;

/**
 * A seat of the office.
 */
export type Kursi = { 
/**
 * Number, from 1: the lower stands above the higher.
 */
nomor: number, 
/**
 * The device that holds it; `null`: it is vacant.
 */
pemegang: string | null, 
/**
 * Whose it is; empty where nobody has written it down.
 */
nama: string, 
/**
 * The last seat: the office's unattended device.
 */
hub: boolean, 
/**
 * Held by this device.
 */
ini: boolean, };

/**
 * Which house.
 */
export type LihatRumah = { id: string, };

/**
 * Which book, of which area, for which day.
 */
export type MintaRekap = { lampiran: Buku, rw?: string, rt?: string, dasawisma?: string, 
/**
 * `YYYY-MM-DD`; today where it is absent.
 */
tglAcuan?: string, };

/**
 * One choice.
 */
export type Opsi = { kode: string, 
/**
 * As the form prints it.
 */
label: string, };

/**
 * The code that is used up, and the one that serves from now on.
 */
export type PakaiPemulihan = { kode: string, 
/**
 * As [`kode_pemulihan_baru`] gave it, written down by the coordinator before.
 */
kodeBaru: string, };

/**
 * A file that was written.
 */
export type PaketDibuat = { path: string, catatan: number, bita: number, 
/**
 * Own changes that are not in it.
 */
tertinggal: number, };

/**
 * What a device may do.
 */
export type Peran = "kader" | "pendamping" | "pkk_rt" | "ketua_rt" | "koordinator" | "hub" | "lurah" | "petugas" | "arsip";

/**
 * A device of the kelurahan.
 */
export type Perangkat = { id: string, 
/**
 * Whose it is; empty where nobody has written it down.
 */
nama: string, peran: Peran, 
/**
 * Names of its dasawisma.
 */
dasawisma: Array<string>, keadaan: KeadaanPerangkat, 
/**
 * The pictures of one that waits.
 */
gambar: Array<Gambar> | null, 
/**
 * Whether it is this one.
 */
ini: boolean, 
/**
 * The seat that it holds.
 */
kursi: number | null, 
/**
 * Why it was shut out.
 */
alasan: Alasan | null, };

/**
 * What happened to a person, and when.
 */
export type Peristiwa = { rumah: string, warga: string, apa: Apa, 
/**
 * `YYYY-MM-DD`.
 */
tgl: string, 
/**
 * The house she moved to, where it is one of this kelurahan and known.
 */
ke: string | null, 
/**
 * In words; may be empty.
 */
keterangan: string, };

/**
 * Which device.
 */
export type PilihPerangkat = { id: string, };

/**
 * A file that a phone has handed over.
 */
export type PilihTitipan = { path: string, };

/**
 * A piece of a file that a person has chosen.
 */
export type PotonganPaket = { 
/**
 * Where it belongs; 0 begins a file anew.
 */
pada: number, 
/**
 * Its bytes as hexadecimal digits.
 */
isi: string, };

/**
 * The answer that counts from now on, at a place where several were given.
 */
export type Putuskan = { rumah: string, tempat: string, isi: string | number | boolean | null, };

/**
 * A new house.
 */
export type RumahBaru = { rumah: string, };

/**
 * A house as a list shows it.
 */
export type RumahDiDaftar = { id: string, rw: string, rt: string, dasawisma: string, noRumah: string, 
/**
 * Names of the heads of its rumah tangga.
 */
namaKrt: string, 
/**
 * People recorded and not gone.
 */
jumlahWarga: number, 
/**
 * Findings, errors among them.
 */
temuan: number, 
/**
 * Findings that are errors.
 */
galat: number, status: StatusRumah, 
/**
 * Own changes that have not left this device.
 */
menunggu: number, };

/**
 * A house with everything in it.
 */
export type RumahLengkap = { rumah: CatatanRumah, temuan: Array<Temuan>, status: StatusRumah, menunggu: number, 
/**
 * Answers of this house that were given apart.
 */
berbeda: Array<Berbeda>, };

/**
 * A house of it.
 */
export type RumahTitipan = { rumah: string, koleksi: string, 
/**
 * Dasawisma and number, as the phone knew them.
 */
sebutan: string, 
/**
 * When its last answer was given, by the phone's clock, in Unix seconds.
 */
waktu: number, jawaban: Array<JawabanTitipan>, };

/**
 * How much of the file is here.
 */
export type Sampai = { bita: number, };

/**
 * An answer that says nothing but that it is done.
 */
export type Selesai = Record<string, never>;

/**
 * Who gets this device's seat.
 */
export type Serahkan = { ke: string, };

/**
 * Who agreed to what, as of today.
 */
export type Setuju = { rumah: string, pemberi: string, saksi: string, 
/**
 * Whether data of health may be recorded too.
 */
kesehatan: boolean, };

/**
 * A house after a save: what is answered with this is on the disk.
 */
export type Simpan = { 
/**
 * Whether anything changed.
 */
berubah: boolean, 
/**
 * All findings of the house.
 */
temuan: Array<Temuan>, status: StatusRumah, 
/**
 * Own changes that have not left this device.
 */
menunggu: number, };

/**
 * One answer to one item of a house.
 */
export type SimpanJawaban = { rumah: string, bagian: string, 
/**
 * The row; for people their id; `null` for the house itself.
 */
baris: string | null, kunci: string, 
/**
 * `null` and `""` take the answer away, `"?"` is *tidak tahu*.
 */
isi: string | number | boolean | null, };

/**
 * How far the own changes of a house have come.
 */
export type StatusRumah = "TERSIMPAN" | "DITITIPKAN" | "DITERIMA";

/**
 * Where a new house is.
 */
export type TambahRumah = { rw: string, rt: string, dasawisma: string, noRumah: string, alamat: string, };

/**
 * A new person of a house; `krt` and `no_kk` in `isi` place her, the other keys are those of 4.14.1a.
 */
export type TambahWarga = { rumah: string, isi: Record<string, string | number | boolean | null>, };

/**
 * Something odd or impossible in a record.
 */
export type Temuan = { kode: KodeTemuan, 
/**
 * Path of the answer or of the row.
 */
tempat: string, 
/**
 * What stands there, or what it was compared with.
 */
nilai: string, 
/**
 * Cannot be true; else it is odd.
 */
galat: boolean, };

/**
 * An answer to be looked at.
 */
export type Tinjau = { rumah: string, noRumah: string, 
/**
 * Path of the answer.
 */
tempat: string, 
/**
 * As the form prints the item.
 */
label: string, 
/**
 * Whose phone it was.
 */
nama: string, 
/**
 * `null` is an empty box, `"?"` is *tidak tahu*.
 */
sebelum: string | number | boolean | null, sesudah: string | number | boolean | null, 
/**
 * Whether it still stands there.
 */
masih: boolean, };

/**
 * What was handed over.
 */
export type Titipan = { 
/**
 * By which device.
 */
oleh: string, 
/**
 * Whose it is.
 */
nama: string, 
/**
 * When it was sealed, by the phone's clock, in Unix seconds.
 */
dibuat: number, 
/**
 * Taken over here before.
 */
sudah: boolean, rumah: Array<RumahTitipan>, };

/**
 * Whom to invite.
 */
export type Undang = { nama: string, peran: Peran, 
/**
 * Her dasawisma; one that does not exist yet is made.
 */
dasawisma: Array<Dasawisma>, 
/**
 * The id of the phone whose place it takes.
 */
gantikan?: string, };

/**
 * An invitation for one device.
 */
export type Undangan = { undangan: string, 
/**
 * The text of the QR.
 */
kode: string, 
/**
 * What is typed where there is no camera.
 */
kodeKetik: string, 
/**
 * Until when, in Unix seconds by the relay's clock.
 */
sampai: number, 
/**
 * The QR by rows, `1` is dark; without the quiet zone of four modules around it.
 */
qr: Array<string>, };

/**
 * A new person, and her house after the save.
 */
export type WargaBaru = { warga: string, 
/**
 * Whether anything changed.
 */
berubah: boolean, 
/**
 * All findings of the house.
 */
temuan: Array<Temuan>, status: StatusRumah, 
/**
 * Own changes that have not left this device.
 */
menunggu: number, };

/**
 * A dasawisma with the number of its houses.
 */
export type Wilayah = { 
/**
 * RW, three digits; empty where none was recorded.
 */
rw: string, 
/**
 * RT, three digits; empty where none was recorded.
 */
rt: string, 
/**
 * Its name; empty where none was recorded.
 */
dasawisma: string, 
/**
 * Houses recorded.
 */
rumah: number, };
