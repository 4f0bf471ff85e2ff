//! What nobody wants to hear of: with a reason, and until when.

use jiff::Timestamp;

use crate::checks::{Examined, View, reason_to_ignore};
use crate::evidence::cluster::ObjectRef;
use crate::finding::Fault;

/// A rule that leaves faults out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// Id of the check; every one when empty.
    pub check: String,
    /// The object as it is shown (`pod shop/web-*`) or its name with its namespace (`shop/*`); every one when empty. `*` stands for anything.
    pub object: String,
    /// Why.
    pub reason: String,
    /// Until when; afterwards what it left out comes back, and the rule is a finding.
    pub until: Option<Timestamp>,
}

/// A fault that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The check that found it.
    pub check: &'static str,
    /// The object.
    pub object: ObjectRef,
    /// Why it was left out.
    pub reason: String,
}

/// The check whose faults are rules that have expired.
const EXPIRED: &str = "ignore-expired";

/// Takes out what is to be ignored, and adds what no longer is.
pub(super) fn apply(view: &View<'_>, examined: &mut Examined, rules: &[Ignore]) -> Vec<Ignored> {
    let mut left_out = Vec::new();
    let mut expired: Vec<Fault> = Vec::new();
    let faults = std::mem::take(&mut examined.faults);
    examined.faults = faults
        .into_iter()
        .filter(|fault| {
            let rule = rules.iter().find(|rule| rule.concerns(fault));
            if let Some(rule) = rule.filter(|rule| rule.is_expired(view.now)) {
                expired.extend(came_back(rule, fault));
                return true;
            }
            let annotation = reason_to_ignore(view, fault);
            let reason = rule.map(|rule| rule.reason.clone()).or(annotation);
            left_out.extend(reason.clone().map(|reason| Ignored {
                check: fault.check,
                object: fault.subject.clone(),
                reason,
            }));
            reason.is_none()
        })
        .collect();
    expired.dedup_by(|a, b| a.message == b.message);
    examined.faults.extend(expired);
    left_out
}

fn came_back(rule: &Ignore, fault: &Fault) -> Option<Fault> {
    let until = rule.until?;
    let message = format!(
        "the rule that ignores {} on {} ran out on {} ({})",
        fault.check,
        fault.subject,
        until.strftime("%Y-%m-%d"),
        rule.reason
    );
    Some(Fault { check: EXPIRED, ..Fault::on(fault.subject.clone(), &message) })
}

impl Ignore {
    fn concerns(&self, fault: &Fault) -> bool {
        let object = &fault.subject;
        let named = [object.to_string(), format!("{}/{}", object.namespace, object.name), object.name.clone()];
        (self.check.is_empty() || self.check == fault.check)
            && (self.object.is_empty() || named.iter().any(|name| fits(&self.object, name)))
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, expected) in [
            ("pod shop/web-*", "pod shop/web-0", true),
            ("shop/*", "shop/web-0", true),
            ("shop/*-0", "shop/web-1", false),
            ("*/web*0", "shop/web-10", true),
            ("web", "web-0", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
