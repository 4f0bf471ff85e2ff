//! Requests that the API server refused to a service account, as its answer words them.

/// A request that was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Denial {
    /// Namespace of the service account.
    pub(super) home: String,
    /// The service account.
    pub(super) account: String,
    /// `list`, `get` …
    pub(super) verb: String,
    /// The resource, with its subresource where there is one.
    pub(super) resource: String,
    /// Its API group; empty for the core group.
    pub(super) group: String,
    /// The namespace that was asked for; none for the whole cluster.
    pub(super) namespace: Option<String>,
}

impl Denial {
    /// `list pods in namespace shop`, `watch deployments.apps in the whole cluster`.
    pub(super) fn request(&self) -> String {
        let dot = if self.group.is_empty() { "" } else { "." };
        let place = match &self.namespace {
            Some(namespace) => format!("in namespace {namespace}"),
            None => "in the whole cluster".to_owned(),
        };
        format!("{} {}{dot}{} {place}", self.verb, self.resource, self.group)
    }
}

/// All refusals in a text: `User "system:serviceaccount:shop:web" cannot list resource "pods" in API group "" in the namespace "shop"`.
pub(super) fn denials(text: &str) -> Vec<Denial> {
    // Loggers that write JSON put a backslash before each quote.
    let text = text.replace("\\\"", "\"");
    text.split("system:serviceaccount:").skip(1).filter_map(parse).collect()
}

fn parse(text: &str) -> Option<Denial> {
    let (who, rest) = text.split_once('"')?;
    let (home, account) = who.split_once(':')?;
    let (verb, rest) = rest.strip_prefix(" cannot ")?.split_once(' ')?;
    let (resource, rest) = quoted(rest, "resource ")?;
    let (group, rest) = quoted(rest, " in API group ").unwrap_or(("", rest));
    let namespace = quoted(rest, " in the namespace ").map(|(namespace, _)| namespace.to_owned());
    let [home, account, verb, resource, group] = [home, account, verb, resource, group].map(str::to_owned);
    Some(Denial { home, account, verb, resource, group, namespace })
}

fn quoted<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    text.strip_prefix(word)?.strip_prefix('"')?.split_once('"')
}

#[cfg(test)]
mod tests {
    use super::denials;

    #[test]
    fn every_refusal_of_a_text_is_read() {
        let text = r#"pods is forbidden: User "system:serviceaccount:shop:web" cannot list resource "pods" in API group "" in the namespace "shop"
            {"msg":"deployments.apps \"web\" is forbidden: User \"system:serviceaccount:ops:bot\" cannot get resource \"deployments/scale\" in API group \"apps\" at the cluster scope"}"#;
        let all: Vec<String> =
            denials(text).iter().map(|d| format!("{} {}: {}", d.home, d.account, d.request())).collect();
        assert_eq!(
            all,
            ["shop web: list pods in namespace shop", "ops bot: get deployments/scale.apps in the whole cluster"]
        );
    }

    #[test]
    fn people_paths_and_mere_names_are_none() {
        for text in [
            r#"User "jane" cannot list resource "pods" in API group """#,
            r#"User "system:serviceaccount:shop:web" cannot get path "/metrics""#,
            "running as system:serviceaccount:shop:web",
        ] {
            assert!(denials(text).is_empty(), "{text}");
        }
    }
}
