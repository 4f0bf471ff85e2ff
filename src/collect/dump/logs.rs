//! Logs in a dump, by where the layouts keep them.

use std::path::Path;

use super::Piece;

/// The log of a container in a dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpedLog {
    /// Namespace of its pod.
    pub namespace: String,
    /// Its pod.
    pub pod: String,
    /// Its container.
    pub container: String,
    /// The log of its life before.
    pub previous: bool,
    /// The text; only the end of a long one.
    pub text: Vec<u8>,
}

/// Bytes that are kept of a log.
const MOST: usize = 1 << 20;

/// Whether a file is a log of a container.
pub(super) fn is_log(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name == "logs.txt" || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("log"))
}

/// The logs in a file: one, or with `kubectl cluster-info dump` one of each container.
pub(super) fn read(piece: &Piece) -> Vec<DumpedLog> {
    let parts: Vec<String> = piece.path.iter().map(|p| p.to_string_lossy().into_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let log = |namespace: &str, pod: &str, container: &str, previous: bool| {
        let (namespace, pod, container) = (namespace.to_owned(), pod.to_owned(), container.to_owned());
        vec![DumpedLog { namespace, pod, container, previous, text: end(&piece.text) }]
    };
    match parts.as_slice() {
        [.., namespace, pod, "logs.txt"] => marked(&piece.text, namespace, pod),
        // must-gather: namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/current.log
        [.., "namespaces", namespace, "pods", pod, container, _, "logs", name] => {
            log(namespace, pod, container, name.starts_with("previous"))
        }
        // troubleshoot.sh: cluster-resources/pods/logs/NS/POD/CONTAINER.log
        [.., "pods", "logs", namespace, pod, name] => {
            let stem = name.trim_end_matches(".log");
            let (container, previous) = stem.strip_suffix("-previous").map_or((stem, false), |s| (s, true));
            log(namespace, pod, container, previous)
        }
        _ => Vec::new(),
    }
}

/// `==== START logs for container web of pod shop/web-0 ====`
const START: &str = "==== START logs for container ";

fn marked(text: &[u8], namespace: &str, pod: &str) -> Vec<DumpedLog> {
    let text = String::from_utf8_lossy(text);
    let mut logs: Vec<DumpedLog> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix(START) {
            let container = rest.split(' ').next().unwrap_or_default().to_owned();
            logs.push(DumpedLog {
                namespace: namespace.into(),
                pod: pod.into(),
                container,
                previous: false,
                text: Vec::new(),
            });
        } else if !line.starts_with("==== END logs for container ")
            && let Some(log) = logs.last_mut()
        {
            log.text.extend_from_slice(line.as_bytes());
        }
    }
    for log in &mut logs {
        log.text = end(&log.text);
    }
    logs.retain(|log| !log.text.is_empty());
    logs
}

fn end(text: &[u8]) -> Vec<u8> {
    text[text.len().saturating_sub(MOST)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::{Piece, read};

    fn logs(path: &str, text: &str) -> Vec<(String, String, String, bool)> {
        let logs = read(&Piece { path: path.into(), text: text.into() });
        logs.into_iter().map(|l| (l.namespace, l.pod, l.container, l.previous)).collect()
    }

    fn one(namespace: &str, pod: &str, container: &str, previous: bool) -> Vec<(String, String, String, bool)> {
        vec![(namespace.into(), pod.into(), container.into(), previous)]
    }

    #[test]
    fn the_layouts_of_three_tools_are_known() {
        let marked = "==== START logs for container web of pod shop/web-0 ====\nboom\n==== END logs for container web of pod shop/web-0 ====\n";
        assert_eq!(logs("shop/web-0/logs.txt", marked), one("shop", "web-0", "web", false));
        assert_eq!(
            logs("x/cluster-resources/pods/logs/shop/web-0/web-previous.log", "boom"),
            one("shop", "web-0", "web", true)
        );
        assert_eq!(
            logs("img/namespaces/shop/pods/web-0/web/web/logs/current.log", "boom"),
            one("shop", "web-0", "web", false)
        );
        assert_eq!(logs("install.log", "boom"), vec![]);
    }
}
