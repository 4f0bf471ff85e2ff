//! Named values that fill the templates of a runbook.

use super::{Candidate, Given, Observation};

/// Characters of a captured value in a sentence.
const MOST_VALUE: usize = 200;
/// Owners whose template of pods can be changed, as values and in the spelling of kubectl. That of a Job cannot.
const OWNERS: [&str; 3] = ["deployment", "statefulset", "daemonset"];

/// Named values in the order of trust: what a person gave, what the signals caught, what the text is about. Redacted once, here, because they end up
/// in sentences and commands.
pub(super) struct Values {
    pairs: Vec<(String, String)>,
    given: usize,
}

impl Values {
    pub(super) fn new(candidate: &Candidate, observation: &Observation, given: &Given) -> Self {
        let clean = |value: &str| given.redaction.quote(value).cut(MOST_VALUE).to_string();
        let flags = given.values.iter().map(|(n, v)| ((*n).to_owned(), v.clone()));
        let captures = candidate.finding.captures.iter().map(|(n, v)| (n.clone(), clean(v)));
        let facts = observation.facts.all().map(|(n, v)| (n.to_owned(), clean(v)));
        Self::of(flags.chain(captures).chain(facts).collect(), given.values.len())
    }

    /// Adds `workload`, the owner of the pods as kubectl names it: `statefulset/db`.
    fn of(mut pairs: Vec<(String, String)>, given: usize) -> Self {
        let owner = pairs.iter().find(|(name, _)| OWNERS.contains(&name.as_str()));
        if let Some((kind, name)) = owner {
            pairs.push(("workload".to_owned(), format!("{kind}/{name}")));
        }
        Self { pairs, given }
    }

    #[cfg(test)]
    pub(super) fn testing(given: &[(&str, &str)], read: &[(&str, &str)]) -> Self {
        let all = given.iter().chain(read).map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Self::of(all.collect(), given.len())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a person or the cluster named it: then what is not named is not there.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.pairs.iter().take(self.given).any(|(n, _)| n == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    #[test]
    fn the_workload_is_the_owner_that_is_trusted_most() {
        let workload = |given: &[(&str, &str)], read: &[(&str, &str)]| {
            Values::testing(given, read).get("workload").map(str::to_owned)
        };
        assert_eq!(workload(&[("pod", "db-0"), ("statefulset", "db")], &[]).as_deref(), Some("statefulset/db"));
        assert_eq!(workload(&[("daemonset", "agent")], &[("deployment", "web")]).as_deref(), Some("daemonset/agent"));
        assert_eq!(workload(&[("pod", "x"), ("job", "nightly")], &[]), None);
    }
}
