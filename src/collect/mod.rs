//! Input: standard input and files, in chunks that do not grow with the input.

mod chunks;
mod compressed;
mod since;
pub mod live;

pub use chunks::{CollectError, Event, Stream, Window, size};
pub use since::Since;
