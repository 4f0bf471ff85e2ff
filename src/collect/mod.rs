//! Input: standard input and files, in chunks that do not grow with the input.

mod chunks;
mod since;

pub use chunks::{CollectError, Window, read};
pub use since::Since;
