//! Which objects a text is about: read off `kubectl describe`, events tables, log prefixes and quoted references.

use std::collections::BTreeMap;

use crate::evidence::Pattern;

/// Facts by the name that templates use (`namespace`, `pod` …). The first mention wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<&'static str, String>,
    /// `Name:` at the start of a describe, whose kind shows only later.
    name: Option<String>,
    /// Lines so far that only the description of one kind has.
    kind: Option<&'static str>,
}

/// A name of a Kubernetes object (RFC 1123).
macro_rules! name {
    () => {
        r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
    };
}

/// References in running text: `pod/x`, `pod="ns/x"`, `pod "ns/x"`, `namespace="x"`, `in the namespace "x"`, `-n x`.
#[rustfmt::skip]
static REFERENCE: Pattern = Pattern::new(concat!(
    r#"(?i)\bpod[=:]? ?"(?:(?<ns1>"#, name!(), r")/)?(?<pod1>", name!(), r")(?:_(?<ns2>", name!(), r#")\([0-9a-f-]+\))?""#,
    r"|\bpods?/(?<pod2>", name!(), r")|\bdeployment(?:\.apps)?/(?<deployment>", name!(), r")",
    r"|\b(?:persistentvolumeclaim|pvc)/(?<pvc>", name!(), r")|\bjob(?:\.batch)?/(?<job>", name!(), r")",
    r#"|\bnamespace[=:]? ?"(?<ns3>"#, name!(), r#")"|(?:kubectl|helm)\b.*?(?: -n| --namespace)[ =](?<ns4>"#, name!(), r")",
    r"|\bnamespace[=:](?<ns5>", name!(), r")\b|kubectl (?:describe|logs|get) (?:pod |po )?(?<pod3>", name!(), r"-[a-z0-9]{5})\b",
    r"|Successfully assigned (?<ns6>", name!(), r")/(?<pod4>", name!(), r")",
    r"|container (?<container>", name!(), r") in pod (?<pod5>", name!(), r")_(?<ns7>", name!(), r")\(",
));

impl Facts {
    /// Shows the next line of interest; `text` is plain and without wrappers.
    pub fn line(&mut self, text: &str) {
        self.describe(text);
        let lower = text.as_bytes();
        let mentions = [&b"pod"[..], b"Pod", b"amespace", b"eployment", b"kubectl", b"laim", b"ob/", b"helm "];
        if !mentions.iter().any(|m| memchr::memmem::find(lower, m).is_some()) {
            return;
        }
        for found in REFERENCE.each(text) {
            for (fact, groups) in [
                ("namespace", &["ns1", "ns2", "ns3", "ns4", "ns5", "ns6", "ns7"][..]),
                ("pod", &["pod1", "pod2", "pod3", "pod4", "pod5"]),
                ("deployment", &["deployment"]),
                ("container", &["container"]),
                ("pvc", &["pvc"]),
                ("job", &["job"]),
            ] {
                if let Some(value) = groups.iter().find_map(|g| found.name(g)) {
                    self.set(fact, value);
                }
            }
        }
    }

    /// Sets a fact unless it is known.
    pub fn set(&mut self, fact: &'static str, value: &str) {
        if !value.is_empty() && value != "<none>" {
            self.values.entry(fact).or_insert_with(|| value.to_owned());
        }
    }

    /// The value of a fact.
    #[must_use]
    pub fn get(&self, fact: &str) -> Option<&str> {
        self.values.get(fact).map(String::as_str)
    }

    /// Every fact by its name.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(n, v)| (*n, v.as_str()))
    }

    /// Ends the input: what a describe was about is known now.
    #[must_use]
    pub fn finish(mut self) -> Self {
        if let (Some(name), Some(kind)) = (self.name.take(), self.kind) {
            self.values.insert(kind, name);
        }
        self
    }

    fn describe(&mut self, text: &str) {
        let Some((key, value)) = text.split_once(':') else { return };
        let value = value.trim();
        let first = value.split_whitespace().next().unwrap_or("");
        match key {
            "Name" if self.name.is_none() => self.name = Some(first.to_owned()),
            "Namespace" => self.set("namespace", first),
            "Node" => {
                self.set("node", first.split('/').next().unwrap_or(""));
                self.kind.get_or_insert("pod");
            }
            "Roles" => _ = self.kind.get_or_insert("node"),
            "Session Affinity" | "IP Family Policy" => _ = self.kind.get_or_insert("service"),
            "Ingress Class" | "Default backend" => _ = self.kind.get_or_insert("ingress"),
            "Controlled By" => self.owner(value),
            "Annotations" => {
                self.set("revision", value.strip_prefix("deployment.kubernetes.io/revision: ").unwrap_or(""));
            }
            _ => match key.trim() {
                "Image" if key.starts_with(' ') => self.set("image", first),
                "Exit Code" if first != "0" => self.set("exit_code", first),
                "Controlled By" => self.owner(value),
                _ => {}
            },
        }
    }

    fn owner(&mut self, value: &str) {
        let Some((kind, name)) = value.split_once('/') else { return };
        match kind {
            // The name of a ReplicaSet is its Deployment's and a hash.
            "ReplicaSet" => self.set("deployment", name.rsplit_once('-').map_or(name, |(d, _)| d)),
            "StatefulSet" => self.set("statefulset", name),
            "DaemonSet" => self.set("daemonset", name),
            "Job" => self.set("job", name),
            _ => {}
        }
        if kind != "Deployment" {
            self.kind.get_or_insert("pod");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Facts;

    fn read(text: &str) -> Facts {
        let mut facts = Facts::default();
        text.lines().for_each(|l| facts.line(l));
        facts.finish()
    }

    #[test]
    fn a_described_service_and_ingress_are_known() {
        let service = read(
            "Name:  cart\nNamespace:  shop\nSelector:  app=cart\nType:  ClusterIP\nIP Family Policy:  SingleStack\nPort:  <unset>  80/TCP\nEndpoints:  <none>\n",
        );
        assert_eq!((service.get("service"), service.get("namespace")), (Some("cart"), Some("shop")));
        let ingress =
            read("Name:  web\nNamespace:  shop\nAddress:\nIngress Class:  nginx\nDefault backend:  <default>\n");
        assert_eq!(ingress.get("ingress"), Some("web"));
    }

    #[test]
    fn a_described_pod_is_known_with_its_owner() {
        let facts = read(
            "Name:  api-5d7f9c-x2x4q\nNamespace:  shop\nNode:  node-1/10.0.0.4\nControlled By:  ReplicaSet/api-5d7f9c\n    Image:   shop/api:1.2\n      Exit Code:    137\n",
        );
        for (fact, value) in [
            ("pod", "api-5d7f9c-x2x4q"),
            ("namespace", "shop"),
            ("node", "node-1"),
            ("deployment", "api"),
            ("image", "shop/api:1.2"),
            ("exit_code", "137"),
        ] {
            assert_eq!(facts.get(fact), Some(value));
        }
    }

    #[test]
    fn a_described_node_is_no_pod() {
        let facts = read("Name:   worker-1\nRoles:  <none>\n");
        assert_eq!((facts.get("node"), facts.get("pod")), (Some("worker-1"), None));
    }

    #[test]
    fn references_in_running_text_are_read() {
        assert_eq!(read("2m Warning BackOff pod/web-0 Back-off").get("pod"), Some("web-0"));
        let facts = read(r#"E0101 "Error syncing pod, skipping" pod="shop/web-0""#);
        assert_eq!((facts.get("namespace"), facts.get("pod")), (Some("shop"), Some("web-0")));
        assert_eq!(
            read(r#"cannot list resource "pods" in API group "" in the namespace "shop""#).get("namespace"),
            Some("shop")
        );
        assert_eq!(read("$ kubectl -n shop get pods").get("namespace"), Some("shop"));
    }
}
