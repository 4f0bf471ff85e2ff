//! The volume of a claim is gone, and with it, as far as the cluster can tell, the data.

use super::{Basis, Check, Lookup, Stage, Verdict, View, told};
use crate::evidence::cluster::{Claim, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "claim-lost",
    title: "PersistentVolumeClaim has lost its volume",
    rows: &[97],
    severity: Severity::Critical,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::PersistentVolumeClaim],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for claim in view.snapshot.claims.iter().filter(|c| c.status.phase == "Lost") {
        verdict.found(fault(view, claim));
    }
    verdict
}

fn fault(view: &View<'_>, claim: &Claim) -> Fault {
    let object = claim.metadata.object(Kind::PersistentVolumeClaim);
    let volume = claim.spec.volume_name.as_str();
    let what = if volume.is_empty() { "its volume".to_owned() } else { format!("its volume {volume}") };
    let fate = match view.lookup(Kind::PersistentVolume, "", volume) {
        Lookup::Missing => "no longer exists",
        Lookup::Found => "belongs to another claim now",
        Lookup::Unknown(_) => "is gone or belongs to another claim",
    };
    let fault = Fault::on(object.clone(), &format!("the claim is lost: {what} {fate}"))
        .seen("status.phase", claim.status.phase.as_str())
        .seen("spec.volumeName", volume)
        .fact("pvc", &claim.metadata.name)
        .fact("pv", volume);
    let fault = told::warnings(fault, view, &object);
    if volume.is_empty() { fault } else { fault.because_of(ObjectRef::new(Kind::PersistentVolume, "", volume)) }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{claim, cluster, thing, warning};
    use crate::evidence::cluster::Kind;

    #[test]
    fn the_volume_that_is_gone_is_to_blame() {
        let lost = claim("shop/data").set("status.phase", "Lost");
        let text = "Bound claim has lost its PersistentVolume. Any data on the volume is lost!";
        let found = cluster()
            .with(lost.clone())
            .with(warning("PersistentVolumeClaim", "shop/data", "ClaimLost", text))
            .finds(&CHECK, &["persistentvolumeclaim shop/data"]);
        found.says("its volume pv-1 no longer exists").blames("persistentvolume pv-1");
        let unread = cluster().with(lost.clone()).without(Kind::PersistentVolume);
        unread.finds(&CHECK, &["persistentvolumeclaim shop/data"]).says("is gone or belongs to another claim");
        let other = thing("v1", "PersistentVolume", "pv-1");
        let taken = cluster().with(lost).with(other);
        taken.finds(&CHECK, &["persistentvolumeclaim shop/data"]).says("belongs to another claim now");
    }

    #[test]
    fn bound_and_pending_claims_are_not_lost() {
        cluster().with(claim("shop/data")).is_fine(&CHECK);
        cluster().with(claim("shop/data").set("status.phase", "Pending")).is_fine(&CHECK);
    }
}
