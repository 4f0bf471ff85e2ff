//! Gathers objects and keeps book of which kinds were dumped, and for which namespaces.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Piece, documents};
use crate::evidence::cluster::{KINDS, Kind, Origin, Read, Snapshot};

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Book {
    snapshot: Snapshot,
    seen: BTreeSet<(Kind, String, String)>,
    /// Namespaces of which a kind was listed; `None` is all.
    listed: BTreeMap<Kind, BTreeSet<Option<String>>>,
    single: BTreeSet<Kind>,
    /// Kinds whose list holds objects of one namespace only, by the folder of the list.
    narrow: BTreeSet<(PathBuf, Kind)>,
    /// Folders with a list that holds objects of several namespaces.
    wide: BTreeSet<PathBuf>,
    /// Something in it was in a cluster: it has an identity.
    lived: bool,
    remarks: Vec<String>,
}

/// Remarks that are told; of more, their number.
const MOST_REMARKS: usize = 8;

impl Book {
    pub(super) fn remark(&mut self, sentence: String) {
        self.remarks.push(sentence);
    }

    /// Takes a file.
    pub(super) fn file(&mut self, piece: &Piece) {
        let json = piece.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
        let documents = documents::read(&piece.text, json);
        if let Some(why) = documents.broken {
            self.remark(format!("{} left out, or a part of it: {why}", piece.path.display()));
        }
        let place = Place::of(&piece.path);
        let mut found: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
        let listed = !documents.lists.is_empty() || documents.objects.iter().any(|(_, listed)| *listed);
        for (object, in_list) in documents.objects {
            if let Some((kind, namespace)) = self.object(object, place.kind) {
                if in_list || place.whole {
                    found.entry(kind).or_default().insert(namespace);
                } else {
                    self.single.insert(kind);
                }
            }
        }
        let named =
            documents.lists.iter().filter_map(|name| KINDS.iter().find(|info| info.name == name).map(|info| info.kind));
        for kind in named.chain(place.kind.filter(|_| listed)) {
            found.entry(kind).or_default();
        }
        for (kind, namespaces) in found {
            self.list(kind, &namespaces, &place, piece.path.parent().unwrap_or(Path::new("")));
        }
    }

    fn list(&mut self, kind: Kind, namespaces: &BTreeSet<String>, place: &Place, folder: &Path) {
        let listed = self.listed.entry(kind).or_default();
        match &place.namespace {
            _ if !kind.info().namespaced => _ = listed.insert(None),
            Some(namespace) => _ = listed.insert(Some(namespace.clone())),
            // A list of one namespace may be all there is, or what `-n` asked for: the other lists beside it tell.
            None if namespaces.len() == 1 => {
                listed.extend(namespaces.iter().cloned().map(Some));
                self.narrow.insert((folder.to_owned(), kind));
            }
            None => {
                listed.insert(None);
                if namespaces.len() > 1 {
                    self.wide.insert(folder.to_owned());
                }
            }
        }
    }

    /// Takes an object; returns its kind and namespace if it is one of interest.
    fn object(&mut self, object: Value, guess: Option<Kind>) -> Option<(Kind, String)> {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = match object["kind"].as_str() {
            Some(name) => Kind::of(object["apiVersion"].as_str()?, name)?,
            None => guess.filter(|_| object["metadata"].is_object())?,
        };
        let namespace = if kind.info().namespaced { word(&object["metadata"]["namespace"]) } else { String::new() };
        let name = word(&object["metadata"]["name"]);
        self.lived |= object["metadata"]["uid"].is_string();
        // A manifest without a namespace is for the namespace of whoever applies it.
        let mut object = object;
        let namespace = if namespace.is_empty() && kind.info().namespaced {
            object["metadata"]["namespace"] = "default".into();
            "default".to_owned()
        } else {
            namespace
        };
        // Layouts keep objects twice, alone and in a list; both APIs of events tell the same.
        if !self.seen.insert((kind, namespace.clone(), name.clone())) {
            return Some((kind, namespace));
        }
        match self.snapshot.insert(kind, object) {
            Ok(()) => Some((kind, namespace)),
            Err(error) => {
                self.remark(format!("{} {namespace}/{name} left out: {error}", kind.word()));
                None
            }
        }
    }

    /// Ends the reading.
    pub(super) fn close(mut self, path: &str) -> Snapshot {
        for (_, kind) in self.narrow.iter().filter(|(folder, _)| self.wide.contains(folder)) {
            self.listed.entry(*kind).or_default().insert(None);
        }
        self.snapshot.origin = if self.lived { Origin::Dump(path.to_owned()) } else { Origin::Manifests };
        for info in KINDS {
            let read = self.read_of(info.kind);
            self.snapshot.reads.note(info.kind, read);
        }
        let more = self.remarks.len().saturating_sub(MOST_REMARKS);
        self.remarks.truncate(MOST_REMARKS);
        if more > 0 {
            self.remarks.push(format!("{more} more files or objects could not be read"));
        }
        self.snapshot.remarks = self.remarks;
        self.snapshot
    }

    fn read_of(&self, kind: Kind) -> Read {
        if !self.lived {
            return self.read_of_manifests(kind);
        }
        if let Some(listed) = self.listed.get(&kind) {
            if listed.contains(&None) {
                return Read::Whole;
            }
            return Read::Namespaces(listed.iter().flatten().cloned().collect());
        }
        if self.single.contains(&kind) {
            return Read::Part("only single objects are in the dump".into());
        }
        // An add-on of which nothing was dumped may not be there at all.
        let absent = kind.info().optional && !self.knows_group(kind.info().group);
        if absent { Read::NotServed } else { Read::Not("not in the dump".into()) }
    }

    /// Whether something of a group of the API is in the dump, so that the group is served.
    fn knows_group(&self, group: &str) -> bool {
        self.listed.keys().chain(&self.single).any(|kind| kind.info().group == group)
    }

    /// Manifests are taken for the whole of what is asked for; what clusters bring along is not in them.
    fn read_of_manifests(&self, kind: Kind) -> Read {
        use Kind::{
            APIService, ClusterRole, CustomResourceDefinition, EndpointSlice, Event, IngressClass, Namespace, Node,
            PersistentVolume, PriorityClass, Role, StorageClass,
        };
        let there = !self.snapshot.metas(kind).is_empty();
        match kind {
            _ if there => Read::Whole,
            Node
            | Namespace
            | Event
            | EndpointSlice
            | IngressClass
            | PriorityClass
            | StorageClass
            | PersistentVolume
            | ClusterRole
            | Role
            | APIService
            | CustomResourceDefinition => Read::Not("none among the manifests".into()),
            _ if kind.info().optional => Read::NotServed,
            _ => Read::Whole,
        }
    }
}

/// What a path says about the lists in its file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    /// The kind that is listed.
    kind: Option<Kind>,
    /// The namespace that is listed.
    namespace: Option<String>,
    /// The folder holds every object of its kind, one a file.
    whole: bool,
}

impl Place {
    fn of(path: &Path) -> Self {
        let parts: Vec<String> = path.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let plural = |word: &str| KINDS.iter().find(|i| i.plural == word && !i.plural.is_empty()).map(|i| i.kind);
        let dashed = |word: &str| plural(&word.replace('-', ""));
        match parts.as_slice() {
            // must-gather
            [.., "cluster-scoped-resources", _, kind, _] => Self { kind: plural(kind), namespace: None, whole: true },
            [.., "namespaces", namespace, _, kind] => {
                Self { kind: plural(kind), namespace: Some((*namespace).into()), whole: false }
            }
            // troubleshoot.sh: cluster-resources/pods/NS.json, cluster-resources/nodes.json
            [.., "cluster-resources", kind, namespace] => {
                Self { kind: dashed(kind), namespace: Some((*namespace).into()), whole: false }
            }
            [.., "cluster-resources", kind] => Self { kind: dashed(kind), namespace: None, whole: false },
            // cluster-info dump: NS/pods.json; a lone file is `kubectl get pods -o json`
            [.., namespace, kind] if dashed(kind).is_some_and(|k| k.info().namespaced) && *namespace != "lists" => {
                Self { kind: dashed(kind), namespace: Some((*namespace).into()), whole: false }
            }
            [.., kind] => Self { kind: dashed(kind), namespace: None, whole: false },
            [] => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Book, Kind, Origin, Piece, Place, Read};

    fn close(files: &[(&str, &str)]) -> super::Snapshot {
        let mut book = Book::default();
        for (path, text) in files {
            book.file(&Piece { path: path.into(), text: text.as_bytes().to_vec() });
        }
        book.close("x")
    }

    #[test]
    fn paths_say_which_namespace_a_list_is_about() {
        let place = |path: &str| Place::of(Path::new(path));
        assert_eq!(place("dump/shop/pods.json").namespace.as_deref(), Some("shop"));
        assert_eq!(place("cluster-resources/pods/shop.json").namespace.as_deref(), Some("shop"));
        assert_eq!(place("cluster-resources/storage-classes.json").kind, Some(Kind::StorageClass));
        assert!(place("img/cluster-scoped-resources/core/nodes/worker-1.yaml").whole);
        assert_eq!(place("pods.json").namespace, None);
    }

    #[test]
    fn an_empty_list_is_a_list_and_a_missing_one_is_unknown() {
        let pod = r#"{"kind":"List","items":[{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"shop","uid":"1"}}]}"#;
        let snapshot = close(&[
            ("shop/pods.json", pod),
            ("shop/services.json", r#"{"kind":"ServiceList","apiVersion":"v1","items":[]}"#),
        ]);
        assert_eq!(snapshot.reads.complete(Kind::Service, "shop"), Ok(()));
        assert!(snapshot.reads.complete(Kind::Service, "web").is_err());
        assert_eq!(snapshot.reads.of(Kind::Secret), Some(&Read::Not("not in the dump".into())));
    }

    #[test]
    fn a_list_of_one_namespace_is_whole_beside_a_list_of_several() {
        let list = |kind: &str, namespaces: &[&str]| {
            let item = |n: &&str| {
                format!(
                    r#"{{"kind":"{kind}","apiVersion":"v1","metadata":{{"name":"a","namespace":"{n}","uid":"1"}}}}"#
                )
            };
            let items: Vec<String> = namespaces.iter().map(item).collect();
            format!(r#"{{"kind":"List","items":[{}]}}"#, items.join(","))
        };
        let (one, two) = (list("Service", &["shop"]), list("Pod", &["shop", "web"]));
        let beside = close(&[("lists/services.json", &one), ("lists/pods.json", &two)]);
        assert_eq!(beside.reads.complete(Kind::Service, "web"), Ok(()));
        let apart = close(&[("a/services.json", &one), ("b/pods.json", &two)]);
        assert!(apart.reads.complete(Kind::Service, "web").is_err());
    }

    #[test]
    fn manifests_are_known_by_their_lack_of_identity() {
        let snapshot = close(&[("web.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: {k: v}\n")]);
        assert_eq!(
            (snapshot.origin, snapshot.config_maps[0].metadata.namespace.as_str()),
            (Origin::Manifests, "default")
        );
        assert_eq!(snapshot.reads.of(Kind::Secret), Some(&Read::Whole));
        assert!(matches!(snapshot.reads.of(Kind::Node), Some(Read::Not(_))));
    }

    #[test]
    fn an_object_that_is_kept_twice_is_counted_once() {
        let pod = "kind: Pod\napiVersion: v1\nmetadata: {name: a, namespace: shop, uid: '1'}\n";
        assert_eq!(close(&[("a.yaml", pod), ("b.yaml", pod)]).pods.len(), 1);
    }

    #[test]
    fn an_add_on_is_absent_only_where_nothing_of_its_group_was_dumped() {
        let route = r#"{"kind":"HTTPRoute","apiVersion":"gateway.networking.k8s.io/v1","metadata":{"name":"a","namespace":"shop","uid":"1"}}"#;
        let snapshot = close(&[("all.json", route)]);
        assert_eq!(snapshot.reads.of(Kind::Gateway), Some(&Read::Not("not in the dump".into())));
        assert_eq!(snapshot.reads.of(Kind::Certificate), Some(&Read::NotServed));
    }

    #[test]
    fn classes_of_storage_and_volumes_come_with_the_cluster_and_not_with_manifests() {
        let claim = "kind: PersistentVolumeClaim\napiVersion: v1\nmetadata: {name: a}\n";
        let snapshot = close(&[("a.yaml", claim)]);
        assert!(snapshot.reads.complete(Kind::StorageClass, "").is_err());
        assert!(snapshot.reads.complete(Kind::PersistentVolume, "").is_err());
    }
}
