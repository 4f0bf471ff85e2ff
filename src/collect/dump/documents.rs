//! The objects of a file: JSON or YAML, one object, several documents, lists, and lists without a kind.

use serde_json::Value;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// Objects, with whether each came in a list.
    pub objects: Vec<(Value, bool)>,
    /// `kind:` of lists, without the `List`.
    pub lists: Vec<String>,
    /// What could not be read.
    pub broken: Option<String>,
}

/// Reads a file.
pub(super) fn read(text: &[u8], json: bool) -> Documents {
    let mut documents = Documents::default();
    let (values, broken) = match if json { from_json(text) } else { from_yaml(text) } {
        Ok(values) => (values, None),
        Err((values, why)) => (values, Some(why)),
    };
    for value in values {
        documents.unroll(value, false);
    }
    documents.broken = broken;
    documents
}

type Read = Result<Vec<Value>, (Vec<Value>, String)>;

fn from_json(text: &[u8]) -> Read {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_slice(text).into_iter::<Value>() {
        match value {
            Ok(value) => values.push(value),
            Err(error) => return Err((values, error.to_string())),
        }
    }
    Ok(values)
}

fn from_yaml(text: &[u8]) -> Read {
    let text = String::from_utf8_lossy(text);
    let mut values = Vec::new();
    let mut broken = None;
    // Document by document: a template among manifests must not cost the others.
    for document in split(&text) {
        match serde_saphyr::from_str_with_options::<Value>(document, options()) {
            Ok(value) => values.push(value),
            Err(error) => broken = broken.or(Some(error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))),
        }
    }
    broken.map_or(Ok(values.clone()), |why| Err((values, why)))
}

/// Lists of thousands of pods are larger than what a configuration may be.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_events: 100_000_000,
            max_nodes: 50_000_000,
            max_total_scalar_bytes: 512 << 20,
        },
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut done = false;
    let documents = std::iter::from_fn(move || {
        if done {
            return None;
        }
        let end =
            rest.match_indices("\n---").find(|(at, _)| rest[at + 4..].chars().next().is_none_or(char::is_whitespace));
        let Some((at, _)) = end else {
            done = true;
            return Some(rest);
        };
        let document = &rest[..at];
        rest = &rest[at + 4..];
        Some(document)
    });
    documents.filter(|d| d.lines().any(|l| !l.trim().is_empty() && !l.starts_with('#') && l.trim() != "---"))
}

impl Documents {
    fn unroll(&mut self, value: Value, listed: bool) {
        match value {
            // Older support bundles hold bare arrays.
            Value::Array(items) => items.into_iter().for_each(|item| self.unroll(item, true)),
            Value::Object(mut object) if object.get("items").is_some_and(|i| i.is_array() || i.is_null()) => {
                let word = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                let (kind, api_version) = (word("kind").trim_end_matches("List").to_owned(), word("apiVersion"));
                self.lists.push(kind.clone());
                let items = match object.remove("items") {
                    Some(Value::Array(items)) => items,
                    _ => Vec::new(),
                };
                for mut item in items {
                    // Items of a `PodList` carry no kind of their own.
                    if let Some(item) = item.as_object_mut().filter(|i| !i.contains_key("kind") && !kind.is_empty()) {
                        item.insert("kind".into(), kind.clone().into());
                        item.insert("apiVersion".into(), api_version.clone().into());
                    }
                    self.unroll(item, true);
                }
            }
            Value::Object(_) => self.objects.push((value, listed)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn lists_documents_and_bare_arrays_are_unrolled() {
        let list = br#"{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}]}"#;
        assert_eq!(read(list, true).objects[0].0["kind"], "Pod");
        let two = b"# head\n---\nkind: Pod\napiVersion: v1\n---\nkind: Service\napiVersion: v1\n";
        assert_eq!(read(two, false).objects.len(), 2);
        assert_eq!(read(br#"[{"kind":"Pod"}]"#, true).objects.len(), 1);
    }

    #[test]
    fn a_template_among_manifests_costs_nothing_but_itself() {
        let text = b"kind: Pod\napiVersion: v1\n---\nkind: {{ .Values.kind }}: [\n---\nkind: Service\napiVersion: v1\n";
        let documents = read(text, false);
        assert_eq!((documents.objects.len(), documents.broken.is_some()), (2, true));
    }
}
