//! A cluster as a value: [`Snapshot`], from a live cluster, a dump or manifests through the same types.
//!
//! Slim types: only the fields that are used are decoded, values of secrets and of variables never.

mod config;
mod kind;
mod meta;
mod network;
mod node;
mod pod;
mod scheduling;
mod snapshot;
mod twins;
mod volume;
mod workload;

pub use config::*;
pub use kind::{KINDS, Kind, KindInfo};
pub use meta::{
    Annotations, Condition, Digest, IntOrString, Keys, LabelSelector, Manager, Map, Meta, ObjectRef, Owner, Quantity,
    Requirement, Resources, Time, condition,
};
pub use network::*;
pub use node::*;
pub use pod::*;
pub use scheduling::*;
pub use snapshot::{Origin, Read, Reads, Snapshot};
pub use volume::*;
pub use workload::*;
