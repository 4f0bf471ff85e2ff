//! The pages of one list.

use super::Cluster;
use super::request::{Failure, JSON, METADATA, escape};
use crate::evidence::cluster::{Kind, Snapshot};

/// Objects of a page.
const PAGE: usize = 500;
/// How often a list begins anew because it changed too fast.
const TRIES: usize = 3;
/// Pages of the longest list: ten million objects.
const MOST_PAGES: usize = 20_000;

/// A list as far as it was read.
pub(super) struct Listed {
    /// The objects.
    pub objects: Snapshot,
    /// Why it was not read to its end.
    pub broken: Option<Failure>,
    /// Requests that it took.
    pub requests: usize,
}

impl Cluster {
    /// Lists a kind below `path`, page by page; `count` hears how many objects came.
    pub(super) async fn list(&self, kind: Kind, path: &str, count: impl Fn(usize)) -> Listed {
        let mut requests = 0;
        let mut broken = None;
        for _ in 0..TRIES {
            let mut objects = Snapshot::default();
            let outcome = self.pages(kind, path, &mut objects, &mut requests, &count).await;
            match outcome {
                // Its token is too old: what was read is thrown away, or objects would be there twice.
                Err(Failure::Gone) => broken = Some(Failure::Gone),
                other => return Listed { objects, broken: other.err(), requests },
            }
        }
        Listed { objects: Snapshot::default(), broken, requests }
    }

    async fn pages(
        &self,
        kind: Kind,
        path: &str,
        objects: &mut Snapshot,
        requests: &mut usize,
        count: &impl Fn(usize),
    ) -> Result<(), Failure> {
        let accept = if kind == Kind::Secret { METADATA } else { JSON };
        let mut next = String::new();
        for _ in 0..MOST_PAGES {
            let token = if next.is_empty() { String::new() } else { format!("&continue={}", escape(&next)) };
            *requests += 1;
            let text = self.get(&format!("{path}?limit={PAGE}{token}"), accept).await?;
            let page = objects
                .decode(kind, &text)
                .map_err(|error| Failure::Odd(format!("the answer is no list ({error})")))?;
            count(page.count);
            if let Some((broken, first)) = page.broken {
                objects.remarks.push(format!(
                    "{broken} of {} left out, because they are not as expected: {first}",
                    kind.info().label()
                ));
            }
            next = page.next;
            if next.is_empty() {
                return Ok(());
            }
        }
        Err(Failure::Odd("the list has no end".into()))
    }
}
