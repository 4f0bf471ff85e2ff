//! Facts about tools and APIs, as tables. Each says where it is from.

pub(super) mod api;
pub(super) mod loss;
pub(super) mod old_flags;
pub(super) mod tools;
