//! A JSON value that borrows from the line and keeps the order of names, which `serde_json::Value` does not.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Debug)]
pub(in crate::evidence::format) enum Node<'a> {
    /// A string.
    Text(Cow<'a, str>),
    /// A number, `true`, `false` or `null`, as JSON spells it.
    Bare(Cow<'a, str>),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object, in its order.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Objects within objects are named with dots so many times; what lies deeper stays JSON.
const DEPTH: usize = 2;

impl<'a> Node<'a> {
    /// The parts of an object, those of objects within it by dotted names.
    pub(crate) fn flatten(parts: Vec<(Cow<'a, str>, Self)>) -> Vec<(Cow<'a, str>, Self)> {
        let mut flat = Vec::with_capacity(parts.len() + 4);
        for (name, node) in parts {
            node.spread(name, DEPTH, &mut flat);
        }
        flat
    }

    fn spread(self, name: Cow<'a, str>, depth: usize, flat: &mut Vec<(Cow<'a, str>, Self)>) {
        match self {
            Self::Map(parts) if depth > 0 && !parts.is_empty() => {
                for (inner, node) in parts {
                    node.spread(Cow::Owned(format!("{name}.{inner}")), depth - 1, flat);
                }
            }
            node => flat.push((name, node)),
        }
    }

    /// The value as a field shows it: a string as it is, all else as JSON.
    pub(crate) fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) | Self::Bare(text) => text,
            other => Cow::Owned(other.to_string()),
        }
    }
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write_string(f, text),
            Self::Bare(text) => f.write_str(text),
            Self::List(nodes) => {
                f.write_str("[")?;
                for (i, node) in nodes.iter().enumerate() {
                    write!(f, "{}{node}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Map(parts) => {
                f.write_str("{")?;
                for (i, (name, node)) in parts.iter().enumerate() {
                    f.write_str(if i > 0 { "," } else { "" })?;
                    write_string(f, name)?;
                    write!(f, ":{node}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bare(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Bare(Cow::Borrowed("null")))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Bare(Cow::Owned(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Bare(Cow::Owned(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Bare(Cow::Owned(value.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let mut parts = Vec::new();
        while let Some((Name(name), node)) = items.next_entry()? {
            parts.push((name, node));
        }
        Ok(Node::Map(parts))
    }
}

/// The name of a part; a plain `Cow` would always be copied.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn objects_are_named_with_dots_and_deeper_ones_stay_json() {
        let line = r#"{"z":{"b":1,"a":{"y":"q\"","x":{"w":[1,null]}}},"e":{},"f":1.5}"#;
        let Node::Map(parts) = serde_json::from_str(line).expect("JSON") else { panic!("an object") };
        let flat: Vec<_> = Node::flatten(parts).into_iter().map(|(n, v)| format!("{n}={}", v.into_text())).collect();
        assert_eq!(flat, ["z.b=1", "z.a.y=q\"", r#"z.a.x={"w":[1,null]}"#, "e={}", "f=1.5"]);
    }
}
