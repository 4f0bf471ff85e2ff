//! Which kinds the server has: add-ons are asked for only where they are installed.

use std::collections::BTreeMap;

use super::Cluster;
use super::request::{Failure, JSON};
use crate::evidence::cluster::{Kind, KindInfo};

/// Groups of the API with their versions, the preferred first.
#[derive(Clone, Debug, Default)]
pub(super) struct Served {
    groups: BTreeMap<String, Vec<String>>,
    /// Kinds of Gatekeeper constraints by their name in paths.
    pub constraints: Vec<String>,
    /// The list of groups could not be read: everything is tried.
    unknown: bool,
}

impl Cluster {
    pub(super) async fn discover(&self) -> Served {
        let Ok(text) = self.get("/apis", JSON).await else { return Served { unknown: true, ..Served::default() } };
        let list: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        let mut served = Served::default();
        for group in list["groups"].as_array().into_iter().flatten() {
            let versions = group["versions"].as_array().into_iter().flatten();
            let versions = versions.filter_map(|v| v["version"].as_str()).map(ToOwned::to_owned).collect();
            served.groups.insert(group["name"].as_str().unwrap_or_default().to_owned(), versions);
        }
        served.unknown = served.groups.is_empty();
        if let Some(version) = served.version(Kind::Constraint.info()) {
            served.constraints = self.constraints(&version).await.unwrap_or_default();
        }
        served
    }

    async fn constraints(&self, version: &str) -> Result<Vec<String>, Failure> {
        let text = self.get(&format!("/apis/{}/{version}", Kind::Constraint.info().group), JSON).await?;
        let list: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
        let names = list["resources"].as_array().into_iter().flatten().filter_map(|r| r["name"].as_str());
        Ok(names.filter(|name| !name.contains('/')).map(ToOwned::to_owned).collect())
    }
}

impl Served {
    /// The version in which a kind is read; `None` where its group is not served.
    pub(super) fn version(&self, info: &KindInfo) -> Option<String> {
        let first = info.versions.first().map(|v| (*v).to_owned());
        if info.group.is_empty() {
            return first;
        }
        if self.unknown {
            return first.filter(|_| !info.optional);
        }
        let served = self.groups.get(info.group)?;
        let known = info.versions.iter().find(|v| served.iter().any(|s| s == *v)).map(|v| (*v).to_owned());
        // A version to come is read as what is known of its elders.
        known.or_else(|| served.first().cloned())
    }
}
