//! `kubectl logs --prefix`: `[pod/NAME/CONTAINER] text`.

use super::Unwrapped;

pub(super) fn unwrap(line: &str) -> Option<Unwrapped<'_>> {
    let (prefix, text) = line.strip_prefix("[pod/")?.split_once(']')?;
    let (pod, container) = prefix.split_once('/')?;
    if pod.is_empty() || container.is_empty() || prefix.contains(' ') {
        return None;
    }
    let text = text.strip_prefix(' ').unwrap_or(text);
    Some(Unwrapped { text: text.into(), pod: Some(pod.to_owned()), container: Some(container.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn pod_and_container_are_kept() {
        let inner = unwrap("[pod/api-5d7f/web] started").expect("prefix");
        assert_eq!(
            (inner.pod.as_deref(), inner.container.as_deref(), inner.text.as_ref()),
            (Some("api-5d7f"), Some("web"), "started")
        );
        assert_eq!(unwrap("[pod/x] y"), None);
    }
}
