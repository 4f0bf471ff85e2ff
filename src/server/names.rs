//! Names of Kubernetes objects as RFC 1123 wants them.

/// A name of a pod or deployment: labels with dots between them, at most 253 characters.
pub(super) const SUBDOMAIN: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
/// A name of a namespace or container: one label, at most 63 characters.
pub(super) const LABEL: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

/// Which of the two a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Label,
    Subdomain,
}

impl Shape {
    pub(super) fn longest(self) -> usize {
        match self {
            Self::Label => 63,
            Self::Subdomain => 253,
        }
    }

    pub(super) fn fits(self, name: &str) -> bool {
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        name.len() <= self.longest()
            && match self {
                Self::Label => label(name),
                Self::Subdomain => name.split('.').all(label),
            }
    }

    /// What a person is told who wrote another one.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Label => "use at most 63 lower-case letters, digits and '-', as Kubernetes does (RFC 1123 label)",
            Self::Subdomain => {
                "use at most 253 lower-case letters, digits, '-' and '.', as Kubernetes does (RFC 1123 subdomain)"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn only_names_that_kubernetes_takes_fit() {
        for name in ["web-0", "a", "9", "a.b-c.d"] {
            assert!(Shape::Subdomain.fits(name), "{name}");
        }
        for name in ["", "-a", "a-", "a..b", ".a", "A", "a_b", "a b", "a\n", "a\u{0}", "../etc", "ä"] {
            assert!(!Shape::Subdomain.fits(name) && !Shape::Label.fits(name), "{name:?}");
        }
        assert!(!Shape::Label.fits("a.b") && !Shape::Label.fits(&"a".repeat(64)) && Shape::Label.fits(&"a".repeat(63)));
    }
}
