//! What a service account may do: the roles that bindings give to it.

use super::{Lookup, View};
use crate::evidence::cluster::{Binding, CrossRef, Kind, ObjectRef, PolicyRule, Role};

/// A role that a service account has, and where it holds.
pub(super) struct Grant<'s> {
    /// The role.
    pub(super) role: &'s Role,
    /// The role as an object.
    pub(super) object: ObjectRef,
    /// The namespace in which it holds; none is everywhere.
    pub(super) place: Option<&'s str>,
}

impl Grant<'_> {
    /// Whether it holds for requests about a namespace, or about the whole cluster.
    pub(super) fn holds_in(&self, namespace: Option<&str>) -> bool {
        self.place.is_none() || self.place == namespace
    }

    /// Whether it allows a request.
    pub(super) fn allows(&self, verb: &str, group: &str, resource: &str) -> bool {
        self.role.rules.iter().any(|rule| has(&rule.verbs, verb) && names(rule, group, resource))
    }
}

/// Whether a rule is about a resource; one about single objects is about those.
pub(super) fn names(rule: &PolicyRule, group: &str, resource: &str) -> bool {
    let every = resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    let named = has(&rule.resources, resource) || every.is_some_and(|every| rule.resources.contains(&every));
    named && has(&rule.api_groups, group)
}

fn has(words: &[String], word: &str) -> bool {
    words.iter().any(|w| w == "*" || w == word)
}

/// What is known of the rights of a service account.
pub(super) struct Rights<'s> {
    /// Its roles.
    pub(super) grants: Vec<Grant<'s>>,
    /// Why there may be more: a binding or role that was not seen may hold what is missed.
    pub(super) unseen: Option<String>,
}

/// The rights of the service account `name` of the namespace `home`, as far as they matter for requests about the namespace `place`, or about the whole cluster.
pub(super) fn rights<'s>(view: &View<'s>, home: &str, name: &str, place: Option<&str>) -> Rights<'s> {
    let own = |b: &&Binding| b.subjects.iter().any(|s| is_account(s, &b.metadata.namespace, home, name));
    let everywhere = view.snapshot.cluster_role_bindings.iter().filter(own).map(|b| (b, None));
    let local = view.snapshot.role_bindings.iter().filter(own).map(|b| (b, Some(b.metadata.namespace.as_str())));
    let mut rights = Rights { grants: Vec::new(), unseen: unseen_bindings(view, place) };
    for (binding, place) in everywhere.chain(local) {
        let object = role_ref(binding);
        match role(view, &object) {
            Some(role) => rights.grants.push(Grant { role, object, place }),
            None => rights.unseen = rights.unseen.or(unseen_role(view, &object)),
        }
    }
    rights
}

fn unseen_bindings(view: &View<'_>, place: Option<&str>) -> Option<String> {
    let reads = &view.snapshot.reads;
    let local = place.and_then(|namespace| reads.complete(Kind::RoleBinding, namespace).err());
    reads.complete(Kind::ClusterRoleBinding, "").err().or(local)
}

/// A role that is really missing gives nothing; that is another fault.
fn unseen_role(view: &View<'_>, role: &ObjectRef) -> Option<String> {
    match view.lookup(role.kind, &role.namespace, &role.name) {
        Lookup::Unknown(why) => Some(why),
        Lookup::Found | Lookup::Missing => None,
    }
}

/// Whether a subject is the account, by its name or by one of the groups that it is in.
fn is_account(subject: &CrossRef, binding: &str, home: &str, account: &str) -> bool {
    match subject.kind.as_str() {
        "ServiceAccount" => {
            let namespace = if subject.namespace.is_empty() { binding } else { &subject.namespace };
            subject.name == account && namespace == home
        }
        "Group" => {
            let group = subject.name.as_str();
            matches!(group, "system:serviceaccounts" | "system:authenticated")
                || group.strip_prefix("system:serviceaccounts:") == Some(home)
        }
        _ => subject.name.strip_prefix("system:serviceaccount:") == Some(&format!("{home}:{account}")),
    }
}

fn role_ref(binding: &Binding) -> ObjectRef {
    let kind = if binding.role_ref.kind == "Role" { Kind::Role } else { Kind::ClusterRole };
    ObjectRef::new(kind, &binding.metadata.namespace, &binding.role_ref.name)
}

fn role<'s>(view: &View<'s>, object: &ObjectRef) -> Option<&'s Role> {
    let roles = if object.kind == Kind::Role { &view.snapshot.roles } else { &view.snapshot.cluster_roles };
    roles.iter().find(|r| r.metadata.name == object.name && r.metadata.namespace == object.namespace)
}
