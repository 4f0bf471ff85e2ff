//! A gateway does not serve: its class does not exist, or the controller refuses it or one of its listeners.

use super::denials::in_words;
use super::gateways::{conditions, is_ignored, refused, tell};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "gateway-not-programmed",
    title: "Gateway does not serve",
    rows: &[84],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Gateway, Kind::GatewayClass],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for gateway in view.snapshot.customs(Kind::Gateway).iter().filter(|g| !g.metadata.is_going()) {
        match without_class(view, gateway) {
            Ok(Some(fault)) => verdict.found(fault),
            Ok(None) => verdict.faults.extend(by_status(view, gateway)),
            Err(why) => {
                verdict.unknown(why);
                verdict.faults.extend(by_status(view, gateway));
            }
        }
    }
    verdict
}

fn class(gateway: &Custom) -> ObjectRef {
    ObjectRef::new(Kind::GatewayClass, "", gateway.text(&["spec", "gatewayClassName"]).unwrap_or_default())
}

fn without_class(view: &View<'_>, gateway: &Custom) -> Result<Option<Fault>, String> {
    let class = class(gateway);
    // Manifests seldom bring the classes: the controller's installation does.
    let elsewhere = view.is_manifests() && view.snapshot.customs(Kind::GatewayClass).is_empty();
    if class.name.is_empty() || elsewhere || view.is_fresh(&gateway.metadata) {
        return Ok(None);
    }
    match view.lookup(Kind::GatewayClass, "", &class.name) {
        Lookup::Found => Ok(None),
        Lookup::Unknown(why) => Err(why),
        Lookup::Missing => {
            let fault = fault(gateway, &format!("its GatewayClass {} does not exist", class.name));
            Ok(Some(fault.seen("spec.gatewayClassName", class.name.as_str()).because_of(class)))
        }
    }
}

fn by_status(view: &View<'_>, gateway: &Custom) -> Option<Fault> {
    let said = troubles(view, gateway);
    if let Some((place, first)) = said.first() {
        // What is said of the same place follows from the first, and so does that the gateway as a whole is not programmed.
        let mut places: Vec<&str> =
            said.iter().map(|(p, _)| p.as_str()).filter(|p| *p != place && !p.is_empty()).collect();
        places.dedup();
        let more = match places.len() {
            0 => String::new(),
            1 => " (and 1 more listener)".to_owned(),
            count => format!(" (and {count} more listeners)"),
        };
        let words = format!("{place}{} is {} ({}){more}", first.kind, first.status, in_words(first));
        let fault = fault(gateway, &words).since(first.last_transition_time);
        return Some(said.iter().fold(fault, |f, (place, c)| tell(f, &format!("status {place}"), c)));
    }
    if !is_ignored(view, &gateway.metadata, &gateway.conditions()) {
        return None;
    }
    let class = class(gateway);
    let message = format!("no controller has taken it: nobody serves its class {}", class.name);
    Some(fault(gateway, &message).because_of(class).since(gateway.metadata.creation_timestamp))
}

/// What the controller refuses, with the listener where it is about one. What a listener lacks comes first: the gateway only sums it up.
fn troubles(view: &View<'_>, gateway: &Custom) -> Vec<(String, Condition)> {
    let bad = |all, kinds: &[&str]| refused(view, &gateway.metadata, all, kinds);
    let whole = bad(gateway.conditions(), &["Accepted", "Programmed"]).into_iter().map(|c| (String::new(), c));
    let listeners = gateway.status["listeners"].as_array().into_iter().flatten();
    let parts = listeners.flat_map(|listener| {
        let place = format!("listener {}: ", listener["name"].as_str().unwrap_or_default());
        let all = bad(conditions(listener), &["ResolvedRefs", "Accepted", "Programmed"]);
        all.into_iter().map(move |c| (place.clone(), c)).collect::<Vec<_>>()
    });
    let mut all: Vec<(String, Condition)> = parts.chain(whole).collect();
    all.sort_by_key(|(_, condition)| {
        ["ResolvedRefs", "Accepted"].iter().position(|k| condition.kind == *k).unwrap_or(2)
    });
    all
}

fn fault(gateway: &Custom, message: &str) -> Fault {
    Fault::on(gateway.metadata.object(Kind::Gateway), message)
        .fact("gateway", &gateway.metadata.name)
        .fact("class", class(gateway).name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::gateways::made;
    use crate::checks::testing::{Thing, cluster};
    use crate::evidence::cluster::Kind;

    const WEB: &[&str] = &["gateway shop/web"];

    fn gateway() -> Thing {
        made("Gateway", "shop/web").set("spec.gatewayClassName", "envoy")
    }

    #[test]
    fn a_class_that_does_not_exist_is_to_blame() {
        let other = made("GatewayClass", "istio");
        let verdict = cluster().with(gateway()).with(other).finds(&CHECK, WEB);
        verdict.says("GatewayClass envoy does not exist").blames("gatewayclass envoy");
        cluster().with(gateway()).without(Kind::GatewayClass).cannot_say(&CHECK, "gatewayclasses: forbidden");
        cluster().with(gateway()).as_manifests().is_fine(&CHECK);
    }

    #[test]
    fn conditions_count_by_type_and_listeners_too() {
        let with = |gateway: Thing| cluster().with(made("GatewayClass", "envoy")).with(gateway);
        let good = gateway().condition("Programmed", "True", "Programmed").condition("Accepted", "True", "Accepted");
        with(good.clone()).is_fine(&CHECK);
        let bad = good.clone().condition("Programmed", "False", "AddressNotUsable");
        with(bad).finds(&CHECK, WEB).says("Programmed is False (AddressNotUsable)");
        let refs = json!([{ "name": "https", "conditions": [
            { "type": "Accepted", "status": "True" }, { "type": "ResolvedRefs", "status": "False", "reason": "InvalidCertificateRef" }] }]);
        with(good.set("status.listeners", refs)).finds(&CHECK, WEB).says("listener https: ResolvedRefs is False");
    }

    #[test]
    fn what_a_listener_lacks_is_told_and_not_that_the_gateway_is_not_programmed() {
        let listener = json!([{ "name": "https", "conditions": [
            { "type": "Programmed", "status": "False", "reason": "Invalid" },
            { "type": "ResolvedRefs", "status": "False", "reason": "InvalidCertificateRef", "message": "Secret gw-cert does not exist" }] }]);
        let bad = gateway().condition("Programmed", "False", "Invalid").set("status.listeners", listener);
        let verdict = cluster().with(made("GatewayClass", "envoy")).with(bad).finds(&CHECK, WEB);
        let said = "listener https: ResolvedRefs is False (InvalidCertificateRef: Secret gw-cert does not exist)";
        assert_eq!(verdict.faults[0].message.as_str(), said);
    }

    #[test]
    fn a_gateway_that_nobody_takes_is_told_after_a_while() {
        let with = |gateway: Thing| cluster().with(made("GatewayClass", "envoy")).with(gateway);
        let waits = || gateway().condition("Accepted", "Unknown", "Pending");
        with(waits()).finds(&CHECK, WEB).says("no controller has taken it");
        with(waits().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z")).is_fine(&CHECK);
        with(gateway()).is_fine(&CHECK);
    }

    #[test]
    fn a_gateway_may_be_made_before_its_class() {
        let new = gateway().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z");
        cluster().with(new).with(made("GatewayClass", "istio")).is_fine(&CHECK);
    }
}
