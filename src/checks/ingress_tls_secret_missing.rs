//! An `Ingress` names a `Secret` with its certificate, and there is none.

use super::ingress_routes::is_aws;
use super::service_endpoints::is_young;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Custom, Ingress, IngressTls, Kind, Meta, ObjectRef, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "ingress-tls-secret-missing",
    title: "Certificate of an Ingress does not exist",
    rows: &[81],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Ingress, Kind::Secret],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // The AWS controller takes certificates from the cloud and never looks at a Secret.
    for ingress in view.snapshot.ingresses.iter().filter(|i| !i.metadata.is_going() && !is_aws(view, i)) {
        for tls in ingress.spec.tls.iter().filter(|t| !t.secret_name.is_empty()) {
            match view.lookup(Kind::Secret, namespace(ingress), &tls.secret_name) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => missing(view, ingress, tls).into_iter().for_each(|fault| verdict.found(fault)),
            }
        }
    }
    verdict
}

/// Where the `Secret` lies; Contour can be told of another namespace.
fn namespace(ingress: &Ingress) -> &str {
    ingress.metadata.annotations.get("projectcontour.io/tls-cert-namespace").unwrap_or(&ingress.metadata.namespace)
}

/// The fault, unless somebody makes the `Secret` and has only just begun, or begins when the manifests are applied.
fn missing(view: &View<'_>, ingress: &Ingress, tls: &IngressTls) -> Option<Fault> {
    let Some(maker) = Maker::of(view, ingress, &tls.secret_name) else {
        return (!view.is_fresh(&ingress.metadata)).then(|| fault(ingress, tls, "does not exist"));
    };
    let begun = maker.object.map_or(&ingress.metadata, |object| &object.metadata);
    if view.is_manifests() || is_young(view, begun) {
        return None;
    }
    let fault = fault(ingress, tls, &format!("does not exist yet: {} has not made it", maker.name));
    Some(maker.told(fault.severity(Severity::Medium)))
}

fn fault(ingress: &Ingress, tls: &IngressTls, said: &str) -> Fault {
    let secret = &tls.secret_name;
    let hosts = if tls.hosts.is_empty() { "its hosts".to_owned() } else { tls.hosts.join(", ") };
    Fault::on(
        ingress.metadata.object(Kind::Ingress),
        &format!("secret {secret} with the certificate of {hosts} {said}"),
    )
    .seen(format!("spec.tls[{secret}].secretName"), secret)
    .because_of(ObjectRef::new(Kind::Secret, namespace(ingress), secret))
    .fact("ingress", &ingress.metadata.name)
    .fact("secret", secret)
    .fact("host", tls.hosts.first().cloned().unwrap_or_default())
}

/// Who makes a `Secret`.
struct Maker<'s> {
    /// In words.
    name: String,
    /// The object that asks for it, where it is there.
    object: Option<&'s Custom>,
    /// Its kind.
    kind: Kind,
}

impl<'s> Maker<'s> {
    fn of(view: &View<'s>, ingress: &Ingress, secret: &str) -> Option<Self> {
        let object_of = |kind: Kind| {
            let mut all = view.snapshot.customs(kind).iter();
            let object = all.find(|c| c.metadata.namespace == namespace(ingress) && makes(c, kind, secret))?;
            Some(Self { name: object.metadata.object(kind).to_string(), object: Some(object), kind })
        };
        let annotated = || Some(Self { name: asked(&ingress.metadata)?, object: None, kind: Kind::Certificate });
        object_of(Kind::Certificate).or_else(|| object_of(Kind::ExternalSecret)).or_else(annotated)
    }

    fn told(&self, fault: Fault) -> Fault {
        let Some(object) = self.object else { return fault };
        let conditions = object.conditions();
        let ready = condition(&conditions, "Ready").map_or("", |c| c.message.as_str());
        let fault = fault.seen("status.conditions[Ready].message", ready);
        let fault =
            if self.kind == Kind::Certificate { fault.fact("certificate", &object.metadata.name) } else { fault };
        fault.involving(object.metadata.object(self.kind))
    }
}

/// Whether an object of an add-on asks for a `Secret` of this name.
fn makes(object: &Custom, kind: Kind, secret: &str) -> bool {
    let named = match kind {
        Kind::Certificate => object.text(&["spec", "secretName"]),
        _ => object.text(&["spec", "target", "name"]).or(Some(&object.metadata.name)),
    };
    named == Some(secret)
}

/// The issuer that an annotation asks for a certificate.
fn asked(meta: &Meta) -> Option<String> {
    let issuer = |key: &str| meta.annotations.get(key);
    let cluster = issuer("cert-manager.io/cluster-issuer").map(|name| format!("clusterissuer {name}"));
    let own = || issuer("cert-manager.io/issuer").map(|name| format!("issuer {name}"));
    let acme = || issuer("kubernetes.io/tls-acme").filter(|v| *v == "true").map(|_| "cert-manager".to_owned());
    cluster.or_else(own).or_else(acme)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::ingress_routes::ingress;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const WEB: &[&str] = &["ingress shop/web"];
    const ISSUER: &str = "metadata.annotations.cert-manager~io/cluster-issuer";

    fn web() -> Thing {
        let tls = json!([{ "hosts": ["shop.example.com"], "secretName": "shop-tls" }]);
        ingress("shop/web", "shop.example.com").set("spec.tls", tls)
    }

    fn certificate() -> Thing {
        thing("cert-manager.io/v1", "Certificate", "shop/shop")
            .set("spec.secretName", "shop-tls")
            .condition("Ready", "False", "DoesNotExist")
            .set("status.conditions.0.message", "Issuing certificate as Secret does not exist")
    }

    #[test]
    fn a_secret_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(web()).finds(&CHECK, WEB);
        verdict.says("secret shop-tls with the certificate of shop.example.com does not exist");
        verdict.blames("secret shop/shop-tls");
        cluster().with(web()).with(thing("v1", "Secret", "shop/shop-tls")).is_fine(&CHECK);
        cluster().with(web()).with(thing("v1", "Secret", "pay/shop-tls")).finds(&CHECK, WEB);
    }

    #[test]
    fn secrets_that_may_not_be_read_are_not_missing() {
        cluster().with(web()).without(Kind::Secret).cannot_say(&CHECK, "secrets: forbidden");
    }

    #[test]
    fn a_certificate_that_is_not_issued_yet_is_told_with_its_maker() {
        let verdict = cluster().with(web()).with(certificate()).finds(&CHECK, WEB);
        verdict.says("does not exist yet: certificate shop/shop has not made it");
        assert_eq!((verdict.faults[0].severity, verdict.faults[0].involves.len()), (Some(Severity::Medium), 1));
        assert_eq!(verdict.faults[0].statements[1].text, "Issuing certificate as Secret does not exist");
        let asked = web().set(ISSUER, "letsencrypt");
        cluster().with(asked).finds(&CHECK, WEB).says("clusterissuer letsencrypt has not made it");
    }

    #[test]
    fn an_issue_under_way_and_one_to_come_are_quiet() {
        let begun = certificate().set("metadata.creationTimestamp", "2026-11-26T11:58:00Z");
        cluster().with(web()).with(begun).is_fine(&CHECK);
        cluster().with(web().set(ISSUER, "letsencrypt")).as_manifests().is_fine(&CHECK);
        cluster().with(web()).as_manifests().finds(&CHECK, WEB);
    }

    #[test]
    fn the_certificate_of_the_controller_and_those_of_the_cloud_need_no_secret() {
        cluster().with(web().unset("spec.tls.0.secretName")).is_fine(&CHECK);
        cluster().with(web().set("spec.ingressClassName", "alb")).is_fine(&CHECK);
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(web().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
