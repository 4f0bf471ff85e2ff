//! Storage, configuration, rights and limits, and objects of add-ons.

use serde_json::Value;

use super::meta::{Condition, Keys, Meta, Resources, Time, slim};
use super::workload::CrossRef;

slim! {
    /// A claim on a volume.
    pub struct Claim {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: ClaimSpec,
        /// What is.
        status: ClaimStatus,
    }

    /// What is asked for in a claim.
    pub struct ClaimSpec {
        /// Its class; the default one where it is missing, none where it is empty.
        storage_class_name: Option<String>,
        /// `ReadWriteOnce` …
        access_modes: Box<[String]>,
        /// The volume that it is bound to.
        volume_name: String,
        /// How much.
        resources: super::ResourceRequirements,
    }

    /// What a claim is.
    pub struct ClaimStatus {
        /// `Pending`, `Bound` or `Lost`.
        phase: String,
        /// What it has.
        capacity: Resources,
        /// What it reports of itself.
        conditions: Box<[Condition]>,
    }

    /// A volume.
    pub struct PersistentVolume {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: PersistentVolumeSpec,
        /// What is.
        status: PersistentVolumeStatus,
    }

    /// What is asked for in a volume.
    pub struct PersistentVolumeSpec {
        /// Its class.
        storage_class_name: String,
        /// How much.
        capacity: Resources,
        /// The claim that has it.
        claim_ref: Option<CrossRef>,
        /// `Retain`, `Delete` or `Recycle`.
        persistent_volume_reclaim_policy: String,
        /// `ReadWriteOnce` …
        access_modes: Box<[String]>,
        /// Nodes that can use it.
        node_affinity: VolumeAffinity,
    }

    /// Nodes that can use a volume.
    pub struct VolumeAffinity {
        /// What they must have.
        required: super::NodeSelector,
    }

    /// What a volume is.
    pub struct PersistentVolumeStatus {
        /// `Pending`, `Available`, `Bound`, `Released` or `Failed`.
        phase: String,
        /// Since when; clusters before 1.28 do not say it.
        last_phase_transition_time: Time,
        /// Why, in one word.
        reason: String,
        /// Why, in a sentence.
        message: String,
    }

    /// A class of storage.
    pub struct StorageClass {
        /// Its metadata.
        metadata: Meta,
        /// Who makes its volumes.
        provisioner: String,
        /// `Immediate` when empty, or `WaitForFirstConsumer`.
        volume_binding_mode: String,
        /// Whether its claims may grow.
        allow_volume_expansion: bool,
    }

    /// A volume at a node.
    pub struct VolumeAttachment {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: VolumeAttachmentSpec,
        /// What is.
        status: VolumeAttachmentStatus,
    }

    /// What is asked for in an attachment.
    pub struct VolumeAttachmentSpec {
        /// The node.
        node_name: String,
        /// The volume.
        source: VolumeAttachmentSource,
    }

    /// The volume of an attachment.
    pub struct VolumeAttachmentSource {
        /// Its name.
        persistent_volume_name: String,
    }

    /// What an attachment is.
    pub struct VolumeAttachmentStatus {
        /// Whether it is attached.
        attached: bool,
        /// What went wrong with attaching.
        attach_error: Option<VolumeError>,
        /// What went wrong with detaching.
        detach_error: Option<VolumeError>,
    }

    /// What went wrong with a volume.
    pub struct VolumeError {
        /// In a sentence.
        message: String,
    }

    /// A `ConfigMap`, without its values.
    pub struct ConfigMap {
        /// Its metadata.
        metadata: Meta,
        /// Its keys.
        data: Keys,
        /// Its keys with binary values.
        binary_data: Keys,
    }

    /// A `Secret`, without its values; of a live cluster even without its keys.
    pub struct Secret {
        /// Its metadata.
        metadata: Meta,
        /// Its type.
        #[rename("type")]
        kind: String,
        /// Its keys, where they are known.
        data: Option<Keys>,
        /// Its keys in a manifest.
        string_data: Option<Keys>,
    }

    /// An object of which nothing but the metadata is used.
    pub struct Bare {
        /// Its metadata.
        metadata: Meta,
    }

    /// A service account.
    pub struct ServiceAccount {
        /// Its metadata.
        metadata: Meta,
        /// Secrets that its images are pulled with.
        image_pull_secrets: Box<[super::LocalRef]>,
        /// Whether its pods get a token.
        automount_service_account_token: Option<bool>,
    }

    /// A `Role` or `ClusterRole`.
    pub struct Role {
        /// Its metadata.
        metadata: Meta,
        /// What it allows.
        rules: Box<[PolicyRule]>,
        /// Gathers its rules from other roles.
        aggregation_rule: Option<serde::de::IgnoredAny>,
    }

    /// What a role allows.
    pub struct PolicyRule {
        /// `get`, `list` …, or `*`.
        verbs: Box<[String]>,
        /// Groups of the API, or `*`.
        api_groups: Box<[String]>,
        /// Resources, or `*`.
        resources: Box<[String]>,
        /// Only these objects.
        resource_names: Box<[String]>,
    }

    /// A `RoleBinding` or `ClusterRoleBinding`.
    pub struct Binding {
        /// Its metadata.
        metadata: Meta,
        /// The role.
        role_ref: CrossRef,
        /// Who gets it.
        subjects: Box<[CrossRef]>,
    }

    /// A quota of a namespace.
    pub struct Quota {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: QuotaSpec,
        /// What is.
        status: QuotaStatus,
    }

    /// What is asked for in a quota.
    pub struct QuotaSpec {
        /// Limits by `requests.cpu`, `pods` …
        hard: Resources,
        /// Which objects it counts; all when empty.
        scopes: Box<[String]>,
        /// Which objects it counts, by more than a word.
        scope_selector: Option<serde::de::IgnoredAny>,
    }

    /// What a quota is.
    pub struct QuotaStatus {
        /// Limits in force.
        hard: Resources,
        /// What is used.
        used: Resources,
    }

    /// Limits of single objects of a namespace.
    pub struct LimitRange {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: LimitRangeSpec,
    }

    /// What is asked for in a `LimitRange`.
    pub struct LimitRangeSpec {
        /// Its limits.
        limits: Box<[Limit]>,
    }

    /// Limits of one kind of thing.
    pub struct Limit {
        /// `Container`, `Pod` or `PersistentVolumeClaim`.
        #[rename("type")]
        kind: String,
        /// Most.
        max: Resources,
        /// Least.
        min: Resources,
        /// Limit of a container that states none.
        default: Resources,
        /// Request of a container that states none.
        default_request: Resources,
    }

    /// A kind that an add-on brings.
    pub struct CustomDefinition {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: CustomDefinitionSpec,
        /// What is.
        status: CustomDefinitionStatus,
    }

    /// What is asked for in a `CustomResourceDefinition`.
    pub struct CustomDefinitionSpec {
        /// Its group.
        group: String,
        /// Its names.
        names: CustomNames,
        /// Its versions.
        versions: Box<[CustomVersion]>,
        /// How it is converted between versions.
        conversion: CustomConversion,
    }

    /// How a kind is converted between its versions.
    pub struct CustomConversion {
        /// `None` or `Webhook`.
        strategy: String,
        /// How the webhook is called.
        webhook: Option<ConversionWebhook>,
    }

    /// A webhook that converts.
    pub struct ConversionWebhook {
        /// How it is called.
        client_config: super::WebhookClient,
    }

    /// Names of a kind.
    pub struct CustomNames {
        /// `kind:` of its objects.
        kind: String,
        /// Name in paths of the API.
        plural: String,
    }

    /// A version of a kind.
    pub struct CustomVersion {
        /// Its name.
        name: String,
        /// Whether it can be used.
        served: bool,
        /// Whether it should no longer be used.
        deprecated: bool,
    }

    /// What a `CustomResourceDefinition` is.
    pub struct CustomDefinitionStatus {
        /// What it reports of itself.
        conditions: Box<[Condition]>,
    }

    /// An object of an add-on. What is asked for and what is stay as they came.
    pub struct Custom {
        /// `kind:` as it is written.
        kind: String,
        /// `apiVersion:` as it is written.
        api_version: String,
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: Value,
        /// What is.
        status: Value,
        /// The object that a policy report is about.
        scope: Option<super::CrossRef>,
        /// Results of a policy report that are no pass.
        results: PolicyResults,
    }

    /// A result of a policy report.
    pub struct PolicyResult {
        /// The policy.
        policy: String,
        /// Its rule.
        rule: String,
        /// `pass`, `fail`, `warn`, `error` or `skip`.
        result: String,
        /// How bad it is.
        severity: String,
        /// In a sentence.
        message: String,
        /// The objects.
        resources: Box<[CrossRef]>,
    }
}

/// Results of a policy report that are no pass: reports of large clusters hold thousands that are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyResults(pub Box<[PolicyResult]>);

impl<'de> serde::Deserialize<'de> for PolicyResults {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut results = Vec::<PolicyResult>::deserialize(from)?;
        results.retain(|r| !matches!(r.result.as_str(), "pass" | "skip"));
        Ok(Self(results.into()))
    }
}

impl Claim {
    /// Its class by name; `None` where the default one is meant.
    #[must_use]
    pub fn class(&self) -> Option<&str> {
        let beta = self.metadata.annotations.get("volume.beta.kubernetes.io/storage-class");
        self.spec.storage_class_name.as_deref().or(beta)
    }
}

impl StorageClass {
    /// Whether claims without a class get it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        let names = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
        names.iter().any(|name| self.metadata.annotations.get(name) == Some("true"))
    }

    /// Whether its volumes are made only when a pod needs them.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.volume_binding_mode == "WaitForFirstConsumer"
    }
}

impl ConfigMap {
    /// Whether it has a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.data.0.contains_key(key) || self.binary_data.0.contains_key(key)
    }

    /// Bytes of all its values.
    #[must_use]
    pub fn size(&self) -> usize {
        self.data.0.values().chain(self.binary_data.0.values()).sum()
    }
}

impl Secret {
    /// Whether it has a key; `None` where its keys are not known.
    #[must_use]
    pub fn has(&self, key: &str) -> Option<bool> {
        if self.data.is_none() && self.string_data.is_none() {
            return None;
        }
        Some([&self.data, &self.string_data].into_iter().flatten().any(|keys| keys.0.contains_key(key)))
    }
}

impl Custom {
    /// What it reports of itself, as far as it does it in the usual way.
    #[must_use]
    pub fn conditions(&self) -> Vec<Condition> {
        let value = self.status.get("conditions").cloned().unwrap_or(Value::Null);
        let items = value.as_array().cloned().unwrap_or_default();
        items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect()
    }

    /// A text of the object by its path: `["status", "health", "status"]`.
    #[must_use]
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        let root = match *first {
            "spec" => &self.spec,
            "status" => &self.status,
            _ => return None,
        };
        rest.iter().try_fold(root, |value, key| value.get(key))?.as_str()
    }
}
