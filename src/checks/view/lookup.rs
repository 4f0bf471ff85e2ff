//! Whether an object is there, is missing, or nobody can say.

use crate::evidence::cluster::{Kind, ObjectRef, Service};

use super::View;

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It is there.
    Found,
    /// It is not there, and all of its kind was read.
    Missing,
    /// It was not seen, which says nothing, because …
    Unknown(String),
}

/// What is known of the endpoints of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Those that get traffic.
    pub ready: usize,
    /// Those that do not.
    pub not_ready: usize,
}

impl View<'_> {
    /// Whether an object is there. A read that was refused never looks like a missing object.
    #[must_use]
    pub fn lookup(&self, kind: Kind, namespace: &str, name: &str) -> Lookup {
        let object = ObjectRef::new(kind, namespace, name);
        if self.meta(&object).is_some() {
            return Lookup::Found;
        }
        match self.snapshot.reads.complete(kind, &object.namespace) {
            Ok(()) => Lookup::Missing,
            Err(why) => Lookup::Unknown(why),
        }
    }

    /// The endpoints of a service.
    ///
    /// # Errors
    /// Why they are not known.
    pub fn endpoints(&self, service: &Service) -> Result<Endpoints, String> {
        let key = (service.metadata.namespace.as_str(), service.metadata.name.as_str());
        self.snapshot.reads.complete(Kind::EndpointSlice, key.0)?;
        let mut endpoints = Endpoints::default();
        for endpoint in self.slices.get(&key).into_iter().flatten().flat_map(|s| &s.endpoints) {
            let addresses = endpoint.addresses.len().max(1);
            if endpoint.is_ready() {
                endpoints.ready += addresses;
            } else {
                endpoints.not_ready += addresses;
            }
        }
        Ok(endpoints)
    }
}
