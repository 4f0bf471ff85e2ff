//! The alerts of a Prometheus rule file, a `PrometheusRule`, or a chart's template of one.
//!
//! Read line by line, not as YAML: rules also stand in templates and inside the strings of a `ConfigMap`, where no parser sees them.

use crate::evidence::Pattern;

/// An alert that somebody may be woken by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// Line of the file, from 1.
    pub line: usize,
    /// Where its annotation leads, if it has one.
    pub runbook_url: Option<String>,
}

static NAME: Pattern = Pattern::new(r#"^[\s{-]*["']?alert["']?\s*:\s*["']?(?<name>[A-Za-z_][\w.:/ -]*)"#);
static URL: Pattern = Pattern::new(r#"["']?runbook(_url)?["']?\s*:\s*["']?(?<url>https?://[^\s"']+)"#);

/// The alerts of `text`, in their order. A text without any `expr` has none.
#[must_use]
pub fn alerts(text: &str) -> Vec<Alert> {
    let mut found: Vec<Alert> = Vec::new();
    if !text.contains("expr") {
        return found;
    }
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim_start().starts_with('#')) {
        if let Some(name) = NAME.find(text).and_then(|f| f.name("name")) {
            found.push(Alert { name: name.trim_end().to_owned(), line, runbook_url: None });
        }
        let url = URL.find(text).and_then(|f| f.name("url"));
        if let (Some(alert), Some(url)) = (found.last_mut(), url) {
            alert.runbook_url = Some(url.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::alerts;

    #[test]
    fn alerts_are_found_in_every_dress() {
        let text = "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    expr: x > 1\n    annotations:\n      runbook_url: https://example.test/r/DiskFull\n  \
            - record: a:b\n    expr: y\n  - {alert: 'Flow', expr: z}\n  # - alert: Off\n  - alert: {{ .Values.name }}\n  - expr: q\n    alert: \"Last One\"\n";
        let found: Vec<_> = alerts(text).into_iter().map(|a| (a.name, a.line, a.runbook_url)).collect();
        let url = Some("https://example.test/r/DiskFull".to_owned());
        assert_eq!(found, [("DiskFull".into(), 4, url), ("Flow".into(), 10, None), ("Last One".into(), 14, None)]);
        assert_eq!(alerts("receivers:\n- alert: x\n"), []);
    }
}
