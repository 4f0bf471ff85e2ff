//! Objects of an example as a whole cluster: what is not among them is not there.

use serde_json::Value;

use crate::evidence::cluster::{KINDS, Kind, Origin, Read, Snapshot};

/// Reads YAML documents, or lists of objects, as a cluster of which everything was read.
///
/// # Errors
/// One sentence: no YAML, or an object that does not fit its kind.
pub(super) fn cluster(yaml: &str) -> Result<Snapshot, String> {
    // An example shows a status without an identity: it is a cluster all the same.
    let mut snapshot = Snapshot::of(Origin::Dump("example".into()));
    for document in documents(yaml) {
        for object in unrolled(read(&document)?) {
            take(&mut snapshot, object)?;
        }
    }
    for info in KINDS {
        let there = !info.optional || !snapshot.metas(info.kind).is_empty();
        snapshot.reads.note(info.kind, if there { Read::Whole } else { Read::NotServed });
    }
    Ok(snapshot)
}

fn documents(yaml: &str) -> Vec<String> {
    let mut documents = vec![String::new()];
    for line in yaml.lines() {
        if line.trim_end() == "---" {
            documents.push(String::new());
        } else if let Some(last) = documents.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    documents.retain(|d| d.lines().any(|l| !l.trim().is_empty() && !l.starts_with('#')));
    documents
}

fn read(document: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! { with_snippet: false };
    let read = serde_saphyr::from_str_with_options::<Value>(document, options);
    read.map_err(|error| error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The objects of a list, or the object itself.
fn unrolled(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.into_iter().flat_map(unrolled).collect(),
        Value::Object(mut object) => match object.remove("items") {
            Some(Value::Array(items)) => items.into_iter().flat_map(unrolled).collect(),
            Some(other) => {
                object.insert("items".into(), other);
                vec![Value::Object(object)]
            }
            None => vec![Value::Object(object)],
        },
        _ => Vec::new(),
    }
}

fn take(snapshot: &mut Snapshot, mut object: Value) -> Result<(), String> {
    let word = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    let (version, name) = (word("apiVersion"), word("kind"));
    let Some(kind) = Kind::of(&version, &name) else { return Ok(()) };
    if kind.info().namespaced && object["metadata"]["namespace"].as_str().is_none_or(str::is_empty) {
        object["metadata"]["namespace"] = "default".into();
    }
    snapshot.insert(kind, object).map_err(|error| format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::cluster;
    use crate::evidence::cluster::{Kind, Read};

    #[test]
    fn documents_and_lists_are_one_cluster() {
        let yaml = "kind: Pod\napiVersion: v1\nmetadata: {name: a}\n---\nkind: List\napiVersion: v1\nitems:\n- kind: Node\n  apiVersion: v1\n  metadata: {name: node-1}\n- kind: Cheese\n  apiVersion: v1\n";
        let snapshot = cluster(yaml).expect("objects");
        assert_eq!((snapshot.size(), snapshot.pods[0].metadata.namespace.as_str()), (2, "default"));
        assert_eq!(snapshot.reads.of(Kind::Service), Some(&Read::Whole));
    }

    #[test]
    fn what_is_no_object_is_said() {
        assert!(cluster("kind: [").is_err());
        assert!(cluster("kind: Pod\napiVersion: v1\nspec: 3\n").expect_err("odd").starts_with("Pod: "));
    }
}
