//! What a pod mounts.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer};

use super::meta::slim;

slim! {
    /// Where a volume is mounted.
    pub struct VolumeMount {
        /// Name of the volume.
        name: VolumeName,
        /// Where.
        mount_path: String,
        /// What of it; for a `ConfigMap` a key.
        sub_path: String,
    }

    /// A volume of a pod.
    pub struct Volume {
        /// Its name.
        name: VolumeName,
        /// A claim.
        persistent_volume_claim: Option<ClaimRef>,
        /// A `ConfigMap`.
        config_map: Option<VolumeRef>,
        /// A `Secret`.
        secret: Option<SecretVolume>,
        /// Several sources in one.
        projected: Option<Projected>,
        /// A claim that lives and dies with the pod.
        ephemeral: Option<serde::de::IgnoredAny>,
        /// A path of the node.
        host_path: Option<HostPath>,
    }

    /// A claim that a pod uses.
    pub struct ClaimRef {
        /// Its name.
        claim_name: String,
    }

    /// A path of the node.
    pub struct HostPath {
        /// The path.
        path: String,
        /// What must be there.
        #[rename("type")]
        kind: String,
    }

    /// A `ConfigMap` (or projected `Secret`) as a volume.
    pub struct VolumeRef {
        /// The object.
        name: String,
        /// Keys that are mounted; all when empty.
        items: Box<[KeyToPath]>,
        /// Whether it may be missing.
        optional: bool,
    }

    /// A `Secret` as a volume.
    pub struct SecretVolume {
        /// The object.
        secret_name: String,
        /// Keys that are mounted; all when empty.
        items: Box<[KeyToPath]>,
        /// Whether it may be missing.
        optional: bool,
    }

    /// A key and the file that it becomes.
    pub struct KeyToPath {
        /// The key.
        key: String,
    }

    /// Several sources in one volume.
    pub struct Projected {
        /// The sources.
        sources: Box<[Projection]>,
    }

    /// One source of a projected volume.
    pub struct Projection {
        /// A `ConfigMap`.
        config_map: Option<VolumeRef>,
        /// A `Secret`.
        secret: Option<VolumeRef>,
    }
}

/// The name of a volume of a pod. The one that holds the token of its service account has a random end of five letters, which is left out:
/// it names nothing, and without it the pods of one controller are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeName(String);

/// How the server names the volume of a token:
/// <https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-token-volume>.
const TOKEN: &str = "kube-api-access";

impl<'de> Deserialize<'de> for VolumeName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let end = name.strip_prefix(TOKEN).and_then(|rest| rest.strip_prefix('-'));
        Ok(Self(if end.is_some_and(|end| end.len() == 5) { TOKEN.into() } else { name }))
    }
}

impl Deref for VolumeName {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VolumeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
