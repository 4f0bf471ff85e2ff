//! The files of a `.tar.gz`. Nothing is unpacked to disk.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::walk::is_wanted;
use super::{LARGEST, Piece};

/// Bytes of all files together: an archive may claim anything.
const MOST: u64 = 4 << 30;

/// Whether it is an archive, by its name.
pub(super) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    [".tar.gz", ".tgz", ".tar"].iter().any(|end| name.ends_with(end))
}

/// Hands every file of interest to `take`.
pub(super) fn each(path: &Path, take: &mut dyn FnMut(Result<Piece, (PathBuf, io::Error)>)) -> io::Result<()> {
    let file = io::BufReader::new(fs::File::open(path)?);
    let plain = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tar"));
    let reader: Box<dyn io::Read> = if plain { Box::new(file) } else { Box::new(MultiGzDecoder::new(file)) };
    let mut archive = tar::Archive::new(reader.take(MOST));
    for entry in archive.entries()? {
        let mut entry = match entry {
            Ok(entry) => entry,
            // What came before it is there; what follows is not known.
            Err(error) => {
                take(Err((path.to_owned(), io::Error::other(format!("the archive breaks off: {error}")))));
                return Ok(());
            }
        };
        let inside = entry.path().map(std::borrow::Cow::into_owned).unwrap_or_default();
        if !entry.header().entry_type().is_file() || !is_wanted(&inside) {
            continue;
        }
        let mut text = Vec::new();
        let read = entry.by_ref().take(LARGEST).read_to_end(&mut text);
        take(read.map(|_| Piece { path: inside.clone(), text }).map_err(|error| (inside, error)));
    }
    Ok(())
}
