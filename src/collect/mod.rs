//! Input: standard input and files, in chunks that do not grow with the input; live clusters and dumps of them as snapshots.

mod chunks;
mod compressed;
pub mod dump;
pub mod live;
mod since;
pub mod web;

pub use chunks::{CollectError, Event, Stream, Window, plain, size};
pub use since::Since;
