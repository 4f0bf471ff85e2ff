//! Takes gzip and Zstandard off a stream, whatever the file is called: the first bytes say which it is.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::FrameDecoderError;

/// Bytes read ahead.
const AHEAD: usize = 64 << 10;

/// The stream as it was before it was compressed, if it was. `window` bounds the bytes that a Zstandard frame may want to look back on.
pub(super) fn decompressed(raw: Box<dyn Read + Send>, window: Option<u64>) -> io::Result<Box<dyn Read + Send>> {
    let mut input = BufReader::with_capacity(AHEAD, raw);
    let head = first_bytes(&mut input)?;
    if head.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(MultiGzDecoder::new(input)));
    }
    if is_zstd(&head) {
        return Ok(Box::new(Frames { input: Some(input), open: None, window }));
    }
    Ok(Box::new(input))
}

/// Up to four bytes, which stay in the stream. A pipe may hand them over one by one.
fn first_bytes(input: &mut BufReader<Box<dyn Read + Send>>) -> io::Result<Vec<u8>> {
    let seen = loop {
        match input.fill_buf() {
            Ok(seen) => break seen.iter().take(4).copied().collect::<Vec<_>>(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    };
    Ok(seen)
}

fn is_zstd(head: &[u8]) -> bool {
    head == [0x28, 0xb5, 0x2f, 0xfd] || is_skippable(head)
}

/// A frame that carries no data (RFC 8878, section 3.1.2).
fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18])
}

type Input = BufReader<Box<dyn Read + Send>>;

/// Zstandard frames one after another, as `zstd` and parallel compressors write them.
struct Frames {
    input: Option<Input>,
    open: Option<Box<StreamingDecoder<Input, ruzstd::decoding::FrameDecoder>>>,
    window: Option<u64>,
}

impl Read for Frames {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.open.is_none() && !self.next()? {
                return Ok(0);
            }
            let Some(frame) = &mut self.open else { return Ok(0) };
            let read = frame.read(out).map_err(damaged)?;
            if read > 0 {
                return Ok(read);
            }
            self.input = self.open.take().map(|frame| frame.into_inner());
        }
    }
}

impl Frames {
    /// Opens the next frame with data; returns whether there is one.
    fn next(&mut self) -> io::Result<bool> {
        while let Some(mut input) = self.input.take() {
            let head: Vec<u8> = input.fill_buf()?.iter().take(4).copied().collect();
            if head.is_empty() {
                return Ok(false);
            }
            if is_skippable(&head) {
                skip(&mut input)?;
                self.input = Some(input);
                continue;
            }
            let frame = match self.window {
                Some(window) => StreamingDecoder::new_with_max_window_size(input, window),
                None => StreamingDecoder::new(input),
            };
            let frame = frame.map_err(unusable)?;
            self.open = Some(Box::new(frame));
            return Ok(true);
        }
        Ok(false)
    }
}

/// The decoder's own words are for its authors.
fn damaged(_: impl std::error::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the Zstandard stream is damaged or cut")
}

fn unusable(error: FrameDecoderError) -> io::Error {
    match error {
        FrameDecoderError::WindowSizeTooBig { max, .. } => io::Error::new(
            io::ErrorKind::InvalidData,
            format!("the Zstandard stream wants to look back further than {max} bytes: compress it without --long"),
        ),
        other => damaged(other),
    }
}

fn skip(input: &mut Input) -> io::Result<()> {
    let mut head = [0; 8];
    input.read_exact(&mut head)?;
    let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    io::copy(&mut input.take(u64::from(length)), &mut io::sink()).map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Write};

    use super::decompressed;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text).expect("written");
        out.finish().expect("ended")
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn read(bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        decompressed(Box::new(Cursor::new(bytes)), None)?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn what_was_compressed_comes_out_and_anything_else_stays() {
        let text = b"one\ntwo\n".repeat(9000);
        let skippable = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9][..], &zstd(&text)].concat();
        for bytes in [text.clone(), gzip(&text), zstd(&text), skippable] {
            assert_eq!(read(bytes).expect("read"), text);
        }
        assert_eq!(read(Vec::new()).expect("read"), b"");
        assert_eq!(read(vec![0x1f]).expect("read"), [0x1f]);
    }

    #[test]
    fn a_frame_may_not_want_more_memory_than_there_is() {
        // A frame whose window is 128 MiB.
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x01, 0x00, 0x00];
        let read = decompressed(Box::new(Cursor::new(frame)), Some(8 << 20)).and_then(|mut r| r.read(&mut [0; 16]));
        assert!(read.expect_err("too large").to_string().contains("--long"));
    }

    #[test]
    fn members_and_frames_that_follow_each_other_are_one_stream() {
        for bytes in [[gzip(b"a\n"), gzip(b"b\n")].concat(), [zstd(b"a\n"), zstd(b"b\n")].concat()] {
            assert_eq!(read(bytes).expect("read"), b"a\nb\n");
        }
    }

    #[test]
    fn a_stream_that_is_cut_or_damaged_is_an_error() {
        let text = b"one\ntwo\n".repeat(9000);
        for whole in [gzip(&text), zstd(&text)] {
            assert!(read(whole[..whole.len() / 2].to_vec()).is_err());
        }
        assert!(read([&[0x28, 0xb5, 0x2f, 0xfd][..], &[0xff; 40]].concat()).is_err());
    }
}
