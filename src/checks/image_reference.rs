//! References of images: `[registry[:port]/]repository[:tag][@digest]`.
//!
//! A reference is not split at its first `:`, which may belong to the port of the registry or to a digest.
//! Grammar: <https://pkg.go.dev/github.com/distribution/reference>.

/// Where an image without a registry comes from.
const DOCKER_HUB: &str = "docker.io";

/// A reference of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ImageReference<'t> {
    /// Host of the registry, with its port.
    pub registry: &'t str,
    /// Path in the registry.
    pub repository: &'t str,
    /// Its tag.
    pub tag: Option<&'t str>,
    /// Its digest.
    pub digest: Option<&'t str>,
}

impl<'t> ImageReference<'t> {
    /// Reads a reference; an error is what is wrong with it.
    pub(super) fn parse(text: &'t str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.contains(char::is_whitespace) {
            return Err("it holds a blank");
        }
        if text.contains("://") {
            return Err("it begins with a scheme, which no reference has");
        }
        let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        let (registry, rest) = split_registry(name);
        let (repository, tag) = rest.rsplit_once(':').map_or((rest, None), |(path, tag)| (path, Some(tag)));
        digest.map_or(Ok(()), check_digest)?;
        check_repository(repository)?;
        tag.map_or(Ok(()), check_tag)?;
        Ok(Self { registry, repository, tag, digest })
    }

    /// Which version is asked for: a digest counts before a tag, and without either it is the tag `latest`.
    pub(super) fn version(&self) -> String {
        match (self.digest, self.tag) {
            (Some(digest), _) => format!("digest {digest}"),
            (None, Some(tag)) => format!("tag {tag}"),
            (None, None) => "tag latest (none is given)".to_owned(),
        }
    }
}

/// The registry is the first part only if it looks like a host, as Docker has it.
fn split_registry(name: &str) -> (&str, &str) {
    let host = |part: &str| {
        part.contains(['.', ':']) || part == "localhost" || part.contains(|c: char| c.is_ascii_uppercase())
    };
    name.split_once('/').filter(|(first, _)| host(first)).unwrap_or((DOCKER_HUB, name))
}

fn check_digest(digest: &str) -> Result<(), &'static str> {
    let hex = digest.split_once(':').map_or("", |(_, hex)| hex);
    let good = hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    if good { Ok(()) } else { Err("its digest is not of the form sha256:…") }
}

fn check_repository(path: &str) -> Result<(), &'static str> {
    if path.contains(':') {
        return Err("it has more than one tag");
    }
    if path.contains(|c: char| c.is_ascii_uppercase()) {
        return Err("its repository must be lower case");
    }
    if path.split('/').any(str::is_empty) {
        return Err("a part of its path is empty");
    }
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-".contains(c);
    if path.chars().all(known) { Ok(()) } else { Err("its repository holds a character that is not allowed") }
}

fn check_tag(tag: &str) -> Result<(), &'static str> {
    if tag.is_empty() {
        return Err("its tag is empty");
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let good = tag.len() <= 128 && !tag.starts_with(['.', '-']) && tag.chars().all(known);
    if good { Ok(()) } else { Err("its tag holds a character that is not allowed") }
}

#[cfg(test)]
mod tests {
    use super::ImageReference;

    const DIGEST: &str = "sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";

    fn parts(text: &str) -> (String, String, String) {
        let image = ImageReference::parse(text).expect("a reference");
        (image.registry.to_owned(), image.repository.to_owned(), image.version())
    }

    #[test]
    fn the_port_of_a_registry_and_a_digest_are_no_tags() {
        // popeye splits at ':' and takes both for a tag.
        let is = |text: &str, registry: &str, repository: &str, version: &str| {
            assert_eq!(parts(text), (registry.into(), repository.into(), version.into()));
        };
        is("registry.example:5000/shop/web", "registry.example:5000", "shop/web", "tag latest (none is given)");
        is("localhost/web:1", "localhost", "web", "tag 1");
        is("nginx", "docker.io", "nginx", "tag latest (none is given)");
        is("bitnami/redis:7", "docker.io", "bitnami/redis", "tag 7");
        let pinned = format!("ghcr.io/acme/web:1.4@{DIGEST}");
        is(&pinned, "ghcr.io", "acme/web", &format!("digest {DIGEST}"));
    }

    #[test]
    fn what_is_wrong_with_a_reference_is_said() {
        let wrong = |text: &str| ImageReference::parse(text).expect_err("no reference");
        assert_eq!(wrong("Registry.example.com/Shop/Bad:1"), "its repository must be lower case");
        assert_eq!(wrong("registry.example/web:1:2"), "it has more than one tag");
        assert_eq!(wrong("registry.example/web:"), "its tag is empty");
        assert_eq!(wrong("registry.example/web:${TAG}"), "its tag holds a character that is not allowed");
        assert_eq!(wrong("https://registry.example/web"), "it begins with a scheme, which no reference has");
        assert_eq!(wrong("registry.example//web"), "a part of its path is empty");
        assert_eq!(wrong("web@sha256:12"), "its digest is not of the form sha256:…");
        assert_eq!((wrong(""), wrong("web :1")), ("it is empty", "it holds a blank"));
    }
}
