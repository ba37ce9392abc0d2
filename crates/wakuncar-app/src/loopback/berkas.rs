//! The built ui as files of one folder, and what a browser may run of it.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

const INDEX: &str = "index.html";

/// What a browser is told a file is; others are not served.
const KINDS: [(&str, &str); 12] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("wasm", "application/wasm"),
    ("txt", "text/plain; charset=utf-8"),
    ("webmanifest", "application/manifest+json"),
];

/// The folder of a built ui.
pub(super) struct Ui {
    /// With all links resolved, so that what lies below can be compared with it.
    dir: PathBuf,
    policy: HeaderValue,
}

impl Ui {
    /// A folder with an `index.html`.
    pub(super) fn open(dir: &Path) -> Result<Self> {
        let missing = |e| Error::new(ErrorKind::NotFound, format!("{}: {e}", dir.join(INDEX).display()));
        let index = std::fs::read_to_string(dir.join(INDEX)).map_err(missing)?;
        // Styles are set on elements (widths of bars), scripts come from files, but for the few lines with which the
        // framework's page starts: those by their hash.
        let scripts: String = inline_scripts(&index).map(|script| format!(" 'sha256-{}'", base64(script))).collect();
        let policy = format!(
            "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
             object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        let policy = HeaderValue::from_str(&policy).map_err(Error::other)?;
        Ok(Self { dir: dir.canonicalize()?, policy })
    }

    /// The content security policy of every answer.
    pub(super) fn policy(&self) -> HeaderValue {
        self.policy.clone()
    }

    /// The kind and the bytes of a file. A path that has no file and does not look like one is a page of the
    /// application, which begins at `index.html`.
    pub(super) fn read(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let path = path.trim_start_matches('/');
        let is_page = !path.rsplit('/').next().is_some_and(|last| last.contains('.'));
        let path = if is_page { INDEX } else { path };
        let (_, kind) = KINDS.iter().find(|(ending, _)| path.rsplit('.').next() == Some(*ending))?;
        let file = self.dir.join(path).canonicalize().ok().filter(|file| file.starts_with(&self.dir))?;
        Some((kind, std::fs::read(file).ok()?))
    }
}

/// What stands between `<script>` and `</script>`, where the tag names no file.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (tag, rest) = rest.split_once('>')?;
        (!tag.contains("src=")).then(|| rest.split("</script>").next()).flatten()
    })
}

/// The SHA-256 of a script in base64, as a policy names it.
fn base64(script: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in Sha256::digest(script.as_bytes()).chunks(3) {
        let bits = (0..3).fold(0, |bits, i| bits << 8 | u32::from(three.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let letter = char::from(LETTERS[(bits >> (18 - 6 * i) & 63) as usize]);
            text.push(if i <= three.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_without_a_file_is_named_by_its_hash() {
        let html = "<script src=\"a.js\"></script><script type=\"x\">alert('Hello, world.');</script>";
        let scripts: Vec<_> = inline_scripts(html).collect();
        assert_eq!(scripts, ["alert('Hello, world.');"]);
        // The example of the specification (CSP Level 3, §2.3.1).
        assert_eq!(base64(scripts[0]), "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }
}
