//! No controller feels responsible for an `Ingress`: its class does not exist, or it names none and there is no default.

use super::ingress_routes::{annotated_class, class, is_default, is_gce, is_gke};
use super::service_endpoints::is_young;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Ingress, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-class-missing",
    title: "Ingress without a class that exists",
    rows: &[78],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Ingress, Kind::IngressClass],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ingress in view.snapshot.ingresses.iter().filter(|i| !i.metadata.is_going() && !is_gce(i)) {
        let found = match class(ingress) {
            Some(class) => named(view, ingress, class),
            None => unnamed(view, ingress),
        };
        match found {
            Ok(Some(fault)) => verdict.found(fault),
            Ok(None) => {}
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

fn named(view: &View<'_>, ingress: &Ingress, class: &str) -> Result<Option<Fault>, String> {
    match view.lookup(Kind::IngressClass, "", class) {
        Lookup::Found => return Ok(None),
        Lookup::Unknown(why) => return Err(why),
        Lookup::Missing => {}
    }
    let annotated = ingress.spec.ingress_class_name.is_none() && annotated_class(ingress).is_some();
    // A controller may know an annotated class without an object; the address shows that it does.
    if annotated && is_served(ingress) {
        return Ok(None);
    }
    let field = if annotated { "metadata.annotations[kubernetes.io/ingress.class]" } else { "spec.ingressClassName" };
    let said = format!("its class {class} does not exist{}", there_are(view));
    Ok(Some(fault(ingress, &said).seen(field, class).because_of(ObjectRef::new(Kind::IngressClass, "", class))))
}

fn unnamed(view: &View<'_>, ingress: &Ingress) -> Result<Option<Fault>, String> {
    let classes = &view.snapshot.ingress_classes;
    let served = classes.iter().any(|c| is_default(c) || c.spec.controller == "openshift.io/ingress-to-route");
    if served || is_served(ingress) || is_gke(view) || is_young(view, &ingress.metadata) {
        return Ok(None);
    }
    view.snapshot.reads.complete(Kind::IngressClass, "")?;
    let fault = fault(ingress, &format!("it names no class, and none is the default{}", there_are(view)));
    // Some controllers do without classes, and take what names none.
    Ok(Some(if classes.is_empty() { fault.severity(Severity::Low) } else { fault }))
}

/// Whether a controller has given it an address.
fn is_served(ingress: &Ingress) -> bool {
    !ingress.status.load_balancer.ingress.is_empty()
}

fn there_are(view: &View<'_>) -> String {
    let names: Vec<&str> = view.snapshot.ingress_classes.iter().map(|c| c.metadata.name.as_str()).collect();
    if names.is_empty() {
        "; there is no class at all".to_owned()
    } else {
        format!("; there are: {}", names.join(", "))
    }
}

fn fault(ingress: &Ingress, said: &str) -> Fault {
    Fault::on(ingress.metadata.object(Kind::Ingress), said)
        .fact("ingress", &ingress.metadata.name)
        .since(ingress.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::ingress_routes::{ingress, ingress_class};
    use crate::checks::testing::{Thing, cluster, node};
    use crate::evidence::cluster::Kind;

    const WEB: &[&str] = &["ingress shop/web"];
    const OLD: &str = "metadata.annotations.kubernetes~io/ingress~class";

    fn web() -> Thing {
        ingress("shop/web", "shop.example.com")
    }

    fn classless() -> Thing {
        web().unset("spec.ingressClassName")
    }

    #[test]
    fn a_class_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(web()).with(ingress_class("traefik")).finds(&CHECK, WEB);
        verdict.says("its class nginx does not exist; there are: traefik").blames("ingressclass nginx");
        cluster().with(web()).with(ingress_class("nginx")).is_fine(&CHECK);
        cluster().with(web()).without(Kind::IngressClass).cannot_say(&CHECK, "ingressclasses: forbidden");
    }

    #[test]
    fn no_class_needs_a_default_one() {
        let verdict = cluster().with(classless()).with(ingress_class("nginx")).finds(&CHECK, WEB);
        verdict.says("it names no class, and none is the default; there are: nginx");
        let default =
            ingress_class("nginx").set("metadata.annotations.ingressclass~kubernetes~io/is-default-class", "true");
        cluster().with(classless()).with(default).is_fine(&CHECK);
        cluster().with(classless()).without(Kind::IngressClass).cannot_say(&CHECK, "ingressclasses: forbidden");
    }

    #[test]
    fn the_old_annotation_names_a_class_too() {
        let old = |class: &str| classless().set(OLD, class);
        cluster().with(old("nginx")).with(ingress_class("nginx")).is_fine(&CHECK);
        cluster()
            .with(old("ngnix"))
            .with(ingress_class("nginx"))
            .finds(&CHECK, WEB)
            .says("its class ngnix does not exist");
        let served = old("public").set("status.loadBalancer.ingress", json!([{ "ip": "192.0.2.7" }]));
        cluster().with(served).with(ingress_class("nginx")).is_fine(&CHECK);
    }

    #[test]
    fn gke_and_openshift_need_no_class() {
        cluster().with(classless().set(OLD, "gce")).is_fine(&CHECK);
        cluster().with(classless().set(OLD, "gce-internal")).is_fine(&CHECK);
        let gke = node("worker-1").set("metadata.labels.cloud~google~com/gke-nodepool", "default");
        cluster().with(classless()).with(gke).is_fine(&CHECK);
        let route = ingress_class("openshift-default").set("spec.controller", "openshift.io/ingress-to-route");
        cluster().with(classless()).with(route).is_fine(&CHECK);
    }
}
