//! What every object has, and the small values that many share.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::kind::Kind;

/// Makes slim types of the API: only the fields that are used, each of which may be missing or `null`.
macro_rules! slim {
    ($($(#[$outer:meta])* pub struct $name:ident { $($(#[doc = $doc:literal])* $(#[rename($as:literal)])? $field:ident: $kind:ty,)* })*) => {$(
        $(#[$outer])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                $(#[serde(rename = $as)])?
                #[serde(deserialize_with = "crate::evidence::cluster::meta::or_default")]
                pub $field: $kind,
            )*
        }
    )*};
}
pub(super) use slim;

/// Reads a value; `null` is none.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// A time of the API; what is no time is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Option<Timestamp>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Ok(Self(text.parse().ok()))
    }
}

impl Time {
    /// Whole seconds from it to `now`, if it is known; negative where it lies ahead.
    #[must_use]
    pub fn age(self, now: Timestamp) -> Option<i64> {
        self.0.map(|then| now.as_second() - then.as_second())
    }
}

/// An amount of a resource as the API writes it: `250m`, `64Gi`, `2`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantity(pub String);

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        IntOrString::deserialize(from).map(|value| Self(value.to_string()))
    }
}

impl Quantity {
    /// The number in whole units (cores, bytes, pieces), if it is one.
    ///
    /// Suffixes: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        let text = self.0.trim();
        let end = text.find(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')).unwrap_or(text.len());
        // `E` alone is exa, `1e3` is an exponent.
        let end = if end == text.len() && text.ends_with('E') { end - 1 } else { end };
        let (number, suffix) = text.split_at(end);
        let factor = match suffix {
            "" => 1.0,
            "n" => 1e-9,
            "u" => 1e-6,
            "m" => 1e-3,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "E" => 1e18,
            "Ki" => 1024.0,
            "Mi" => 1024.0_f64.powi(2),
            "Gi" => 1024.0_f64.powi(3),
            "Ti" => 1024.0_f64.powi(4),
            "Pi" => 1024.0_f64.powi(5),
            "Ei" => 1024.0_f64.powi(6),
            _ => return None,
        };
        number.parse::<f64>().ok().map(|n| n * factor)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Values by name, sorted in one piece of memory: most maps of an object hold one to five, and a tree has room for eleven from the first on.
pub type Map<V> = litemap::LiteMap<String, V>;

/// Amounts by the name of the resource.
pub type Resources = Map<Quantity>;

/// A number or a name, as ports and budgets are given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntOrString {
    /// A number.
    Int(i64),
    /// A name, or a percentage.
    Name(String),
}

impl Default for IntOrString {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl serde::de::Visitor<'_> for Either {
            type Value = IntOrString;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or a name")
            }
            fn visit_i64<E>(self, value: i64) -> Result<IntOrString, E> {
                Ok(IntOrString::Int(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<IntOrString, E> {
                Ok(IntOrString::Int(i64::try_from(value).unwrap_or(i64::MAX)))
            }
            fn visit_f64<E>(self, value: f64) -> Result<IntOrString, E> {
                Ok(IntOrString::Name(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<IntOrString, E> {
                Ok(IntOrString::Name(value.to_owned()))
            }
        }
        from.deserialize_any(Either)
    }
}

impl fmt::Display for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A text of which only this is kept: whether two are the same. Values of variables stay out of memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(pub u64);

impl Digest {
    /// The digest of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        // FNV-1a: the same in every run, which a difference between two snapshots needs.
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::of(&std::borrow::Cow::<'de, str>::deserialize(from)?))
    }
}

/// Keys with the sizes of their values in bytes: the values of a `ConfigMap` or a `Secret` are never kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Map<usize>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let values = Map::<Option<std::borrow::Cow<'de, str>>>::deserialize(from)?;
        Ok(Self(values.into_iter().map(|(key, value)| (key, value.map_or(0, |v| v.len()))).collect()))
    }
}

slim! {
    /// `metadata` of an object.
    pub struct Meta {
        /// Its name.
        name: String,
        /// Its namespace; empty where it lives in none.
        namespace: String,
        /// Its identity; empty in a manifest.
        uid: String,
        /// Its labels.
        labels: Map<String>,
        /// Its annotations, without the long ones.
        annotations: Annotations,
        /// The objects that it belongs to.
        owner_references: Box<[Owner]>,
        /// When it was created.
        creation_timestamp: Time,
        /// When its deletion was asked for.
        deletion_timestamp: Time,
        /// Seconds that its deletion may take.
        deletion_grace_period_seconds: Option<i64>,
        /// Who has to agree before it goes.
        finalizers: Box<[String]>,
        /// Counts the changes of its spec.
        generation: Option<i64>,
        /// Who changed it, and when.
        managed_fields: Box<[Manager]>,
    }

    /// An object that another one belongs to.
    pub struct Owner {
        /// Its kind.
        kind: String,
        /// Its API version.
        api_version: String,
        /// Its name.
        name: String,
        /// Its identity.
        uid: String,
        /// Whether it manages the other one.
        controller: bool,
    }

    /// Who changed an object.
    pub struct Manager {
        /// The program, as it names itself.
        manager: String,
        /// When it changed something last.
        time: Time,
        /// `status` where it changed only that.
        subresource: String,
    }

    /// A condition that an object reports of itself.
    pub struct Condition {
        /// What it is about.
        #[rename("type")]
        kind: String,
        /// `True`, `False` or `Unknown`.
        status: String,
        /// Why, in one word.
        reason: String,
        /// Why, in a sentence.
        message: String,
        /// When the status changed.
        last_transition_time: Time,
        /// When it was written last.
        last_update_time: Time,
        /// When a kubelet said so last (nodes).
        last_heartbeat_time: Time,
        /// Which generation of the spec it is about.
        observed_generation: Option<i64>,
    }

    /// A selector of labels.
    pub struct LabelSelector {
        /// Labels that must have these values.
        match_labels: Map<String>,
        /// What else must hold.
        match_expressions: Box<[Requirement]>,
    }

    /// One demand of a selector.
    pub struct Requirement {
        /// The label.
        key: String,
        /// `In`, `NotIn`, `Exists`, `DoesNotExist`, for nodes also `Gt` and `Lt`.
        operator: String,
        /// Values.
        values: Box<[String]>,
    }
}

/// Annotations but for the long ones (`last-applied-configuration` holds the whole object, with what is secret in it).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations(pub Map<String>);

/// Bytes of the longest value that is kept.
const LONGEST: usize = 512;

impl<'de> Deserialize<'de> for Annotations {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let all = Map::<Option<String>>::deserialize(from)?;
        let kept = all.into_iter().filter_map(|(key, value)| Some((key, value?)));
        Ok(Self(
            kept.filter(|(key, value)| value.len() <= LONGEST && !key.ends_with("last-applied-configuration"))
                .collect(),
        ))
    }
}

impl Annotations {
    /// The value of an annotation.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

impl Meta {
    /// The object that manages this one.
    #[must_use]
    pub fn controller(&self) -> Option<&Owner> {
        self.owner_references.iter().find(|o| o.controller)
    }

    /// Whether its deletion was asked for.
    #[must_use]
    pub fn is_going(&self) -> bool {
        self.deletion_timestamp.0.is_some()
    }

    /// The name of it as an object of `kind`.
    #[must_use]
    pub fn object(&self, kind: Kind) -> ObjectRef {
        ObjectRef::new(kind, &self.namespace, &self.name)
    }
}

impl LabelSelector {
    /// Whether it has no demand at all. What that means depends on who asks: for most it selects everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether an object with these labels is selected; an empty selector selects everything.
    #[must_use]
    pub fn matches(&self, labels: &Map<String>) -> bool {
        self.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
            && self.match_expressions.iter().all(|r| r.holds(labels))
    }
}

impl fmt::Display for LabelSelector {
    /// As `kubectl -l` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.match_labels.iter().map(|(key, value)| format!("{key}={value}"));
        let all: Vec<String> = labels.chain(self.match_expressions.iter().map(ToString::to_string)).collect();
        f.write_str(&all.join(","))
    }
}

impl Requirement {
    /// Whether it holds for these labels.
    #[must_use]
    pub fn holds(&self, labels: &Map<String>) -> bool {
        let value = labels.get(&self.key);
        let number = |text: Option<&String>| text.and_then(|t| t.parse::<i64>().ok());
        match self.operator.as_str() {
            "In" => value.is_some_and(|v| self.values.contains(v)),
            "NotIn" => value.is_none_or(|v| !self.values.contains(v)),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            "Gt" => number(value).zip(number(self.values.first())).is_some_and(|(a, b)| a > b),
            "Lt" => number(value).zip(number(self.values.first())).is_some_and(|(a, b)| a < b),
            // An operator of a version to come says nothing against the object.
            _ => true,
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.join(",");
        match self.operator.as_str() {
            "In" => write!(f, "{} in ({values})", self.key),
            "NotIn" => write!(f, "{} notin ({values})", self.key),
            "Exists" => f.write_str(&self.key),
            "DoesNotExist" => write!(f, "!{}", self.key),
            other => write!(f, "{} {other} {values}", self.key),
        }
    }
}

/// Finds a condition by its type; never by its place.
#[must_use]
pub fn condition<'c>(conditions: &'c [Condition], kind: &str) -> Option<&'c Condition> {
    conditions.iter().find(|c| c.kind == kind)
}

/// An object by its kind, namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; empty where its kind lives in none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl ObjectRef {
    /// Names an object. A kind without namespaces has none, whatever is given.
    #[must_use]
    pub fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        let namespace = if kind.info().namespaced { namespace.to_owned() } else { String::new() };
        Self { kind, namespace, name: name.to_owned() }
    }
}

impl fmt::Display for ObjectRef {
    /// `pod shop/web-0`, `node worker-1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind.word())?;
        if self.namespace.is_empty() {
            write!(f, " {}", self.name)
        } else {
            write!(f, " {}/{}", self.namespace, self.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IntOrString, Kind, LabelSelector, Meta, ObjectRef, Quantity};

    #[test]
    fn quantities_are_read_with_every_suffix() {
        for (text, value) in [
            ("250m", "0.25"),
            ("64Gi", "68719476736"),
            ("2", "2"),
            ("1e3", "1000"),
            ("1E", "1000000000000000000"),
            ("1.5k", "1500"),
        ] {
            assert_eq!(Quantity(text.into()).value().map(|v| v.to_string()).as_deref(), Some(value), "{text}");
        }
        assert_eq!(Quantity("many".into()).value(), None);
    }

    #[test]
    fn null_and_missing_fields_are_none() {
        let meta: Meta =
            serde_json::from_str(r#"{"name":"a","labels":null,"creationTimestamp":null,"ownerReferences":null}"#)
                .expect("valid");
        assert_eq!((meta.name.as_str(), meta.labels.len(), meta.creation_timestamp.0), ("a", 0, None));
    }

    #[test]
    fn long_annotations_and_values_are_not_kept() {
        let text = r#"{"annotations":{"a":"b","kubectl.kubernetes.io/last-applied-configuration":"{}"}}"#;
        let meta: Meta = serde_json::from_str(text).expect("valid");
        assert_eq!(meta.annotations.0.len(), 1);
    }

    #[test]
    fn selectors_select_by_all_their_demands() {
        let text =
            r#"{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["db"]}]}"#;
        let selector: LabelSelector = serde_json::from_str(text).expect("valid");
        let labels = |tier: &str| {
            [("app".to_owned(), "web".to_owned()), ("tier".to_owned(), tier.to_owned())].into_iter().collect()
        };
        assert!(selector.matches(&labels("front")) && !selector.matches(&labels("db")));
        assert_eq!(selector.to_string(), "app=web,tier notin (db)");
    }

    #[test]
    fn ports_are_numbers_or_names() {
        let read = |text: &str| serde_json::from_str::<IntOrString>(text).expect("valid").to_string();
        assert_eq!((read("80").as_str(), read("\"http\"").as_str()), ("80", "http"));
    }

    #[test]
    fn objects_read_well() {
        assert_eq!(ObjectRef::new(Kind::Pod, "shop", "web-0").to_string(), "pod shop/web-0");
        assert_eq!(ObjectRef::new(Kind::Node, "shop", "worker-1").to_string(), "node worker-1");
    }
}
