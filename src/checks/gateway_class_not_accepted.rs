//! The controller of a class of gateways refuses it, or there is none.

use super::gateways::{is_ignored, refused, tell, worded};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Custom, Kind, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "gateway-class-not-accepted",
    title: "GatewayClass is not accepted",
    rows: &[85],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::GatewayClass, Kind::Gateway],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let classes = view.snapshot.customs(Kind::GatewayClass).iter().filter(|c| !c.metadata.is_going());
    verdict.faults.extend(classes.filter_map(|class| look(view, class)));
    verdict
}

fn look(view: &View<'_>, class: &Custom) -> Option<Fault> {
    let all = class.conditions();
    let users = users(view, &class.metadata.name);
    let said = condition(&all, "Accepted")?.clone();
    let message = if !refused(view, &class.metadata, all.clone(), &["Accepted"]).is_empty() {
        worded(&said)
    } else if users > 0 && is_ignored(view, &class.metadata, &all) {
        format!("no controller answers for {}", class.text(&["spec", "controllerName"]).unwrap_or("it"))
    } else {
        return None;
    };
    let fault =
        Fault::on(class.metadata.object(Kind::GatewayClass), &format!("{message}; gateways of this class: {users}"));
    let fault = tell(fault, "status", &said).fact("class", &class.metadata.name).since(said.last_transition_time);
    // Nobody misses a class that nobody uses.
    Some(if users == 0 { fault.severity(Severity::Low) } else { fault })
}

fn users(view: &View<'_>, class: &str) -> usize {
    let gateways = view.snapshot.customs(Kind::Gateway).iter();
    gateways.filter(|g| g.text(&["spec", "gatewayClassName"]) == Some(class)).count()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::gateways::made;
    use crate::checks::testing::{Thing, cluster};
    use crate::finding::Severity;

    const ENVOY: &[&str] = &["gatewayclass envoy"];

    fn class(status: &str, reason: &str) -> Thing {
        // k8sgpt takes the first condition for the one that counts.
        made("GatewayClass", "envoy")
            .condition("SupportedVersion", "False", "Old")
            .condition("Accepted", status, reason)
    }

    #[test]
    fn a_refused_class_is_high_where_it_is_used() {
        let web = made("Gateway", "shop/web").set("spec.gatewayClassName", "envoy");
        let verdict = cluster().with(class("False", "InvalidParameters")).with(web.clone()).finds(&CHECK, ENVOY);
        verdict.says("Accepted is False (InvalidParameters); gateways of this class: 1");
        cluster().with(class("Unknown", "Pending")).with(web).finds(&CHECK, ENVOY).says("no controller answers");
        let verdict = cluster().with(class("False", "InvalidParameters")).finds(&CHECK, ENVOY);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn an_accepted_class_and_an_unused_one_that_waits_are_fine() {
        cluster().with(class("True", "Accepted")).is_fine(&CHECK);
        cluster().with(class("Unknown", "Pending")).is_fine(&CHECK);
    }
}
