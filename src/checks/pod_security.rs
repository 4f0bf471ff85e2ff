//! What the Pod Security Standards forbid, as far as it is seen in a pod (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>).

use crate::evidence::cluster::{Container, PodSpec};

/// A level that forbids something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Forbids what is known to break out of a container.
    Baseline,
    /// Forbids all that is not needed, too.
    Restricted,
}

impl Level {
    /// The level by its name; `privileged` forbids nothing.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "baseline" => Some(Self::Baseline),
            "restricted" => Some(Self::Restricted),
            _ => None,
        }
    }

    /// What it forbids in a pod, in words.
    pub(super) fn violations(self, spec: &PodSpec) -> Vec<String> {
        let mut found = host_access(spec);
        found.extend(told("privileged", &containers(spec, |c| c.security_context.privileged == Some(true))));
        // Windows knows neither users by number nor the gain of rights.
        let windows = spec.node_selector.get("kubernetes.io/os").is_some_and(|os| os == "windows");
        if self == Self::Restricted && !windows {
            found.extend(unrestricted(spec));
        }
        found
    }
}

fn host_access(spec: &PodSpec) -> Vec<String> {
    let flags = [(spec.host_network, "hostNetwork"), (spec.host_pid, "hostPID")];
    let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, name)| name.to_owned());
    let paths = spec.volumes.iter().filter(|v| v.host_path.is_some()).map(|v| format!("hostPath volume {}", v.name));
    flags.chain(paths).collect()
}

fn unrestricted(spec: &PodSpec) -> Vec<String> {
    let whole = &spec.security_context;
    let rises = containers(spec, |c| c.security_context.allow_privilege_escalation != Some(false));
    let may_be_root = containers(spec, |c| match c.security_context.run_as_non_root {
        Some(stated) => !stated,
        None => whole.run_as_non_root != Some(true),
    });
    let root = containers(spec, |c| c.security_context.run_as_user.or(whole.run_as_user) == Some(0));
    let mut found = Vec::new();
    found.extend(told("allowPrivilegeEscalation is not false", &rises));
    if whole.run_as_non_root == Some(false) {
        found.push("runAsNonRoot is false (pod)".to_owned());
    } else {
        found.extend(told("runAsNonRoot is not true", &may_be_root));
    }
    found.extend(told("runAsUser is 0", &root));
    found
}

fn containers(spec: &PodSpec, is: impl Fn(&Container) -> bool) -> Vec<&str> {
    spec.all_containers().filter(|c| is(c)).map(|c| c.name.as_str()).collect()
}

fn told(what: &str, containers: &[&str]) -> Option<String> {
    (!containers.is_empty()).then(|| format!("{what} ({})", containers.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Level;
    use crate::evidence::cluster::PodSpec;

    fn violations(level: Level, spec: serde_json::Value) -> Vec<String> {
        level.violations(&serde_json::from_value::<PodSpec>(spec).expect("a pod"))
    }

    #[test]
    fn baseline_forbids_the_node() {
        let agent = json!({
            "hostNetwork": true, "containers": [{ "name": "agent", "securityContext": { "privileged": true } }],
            "volumes": [{ "name": "root", "hostPath": { "path": "/" } }],
        });
        let found = violations(Level::Baseline, agent);
        assert_eq!(found, ["hostNetwork", "hostPath volume root", "privileged (agent)"]);
        assert!(violations(Level::Baseline, json!({ "containers": [{ "name": "web" }] })).is_empty());
    }

    #[test]
    fn restricted_wants_it_said() {
        let found = violations(Level::Restricted, json!({ "containers": [{ "name": "web" }] }));
        assert_eq!(found, ["allowPrivilegeEscalation is not false (web)", "runAsNonRoot is not true (web)"]);
        let good = json!({
            "securityContext": { "runAsNonRoot": true },
            "containers": [{ "name": "web", "securityContext": { "allowPrivilegeEscalation": false } }],
        });
        assert!(violations(Level::Restricted, good).is_empty());
    }

    #[test]
    fn a_container_may_say_it_for_itself_or_against_the_pod() {
        let quiet = json!({ "allowPrivilegeEscalation": false, "runAsNonRoot": true });
        assert!(
            violations(Level::Restricted, json!({ "containers": [{ "name": "web", "securityContext": quiet }] }))
                .is_empty()
        );
        let root = json!({ "allowPrivilegeEscalation": false, "runAsNonRoot": false, "runAsUser": 0 });
        let pod = json!({ "securityContext": { "runAsNonRoot": true }, "containers": [{ "name": "web", "securityContext": root }] });
        assert_eq!(violations(Level::Restricted, pod), ["runAsNonRoot is not true (web)", "runAsUser is 0 (web)"]);
    }
}
