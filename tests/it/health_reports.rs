//! Every format of `idp cluster-health` over one dump: a claim without its class, the pod that waits for it, and a program that ends at once.

use insta::assert_snapshot;

use super::harness::idp;

const DUMP: &str = r#"
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Node
  metadata: {name: worker-1, uid: w1, creationTimestamp: "2026-01-01T00:00:00Z"}
  status:
    allocatable: {cpu: "4", memory: 16Gi, pods: "110"}
    conditions: [{type: Ready, status: "True", reason: KubeletReady, lastTransitionTime: "2026-01-01T00:00:00Z"}]
    nodeInfo: {kubeletVersion: v1.33.2}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: data, namespace: shop, uid: c1, creationTimestamp: "2026-03-01T08:00:00Z"}
  spec: {storageClassName: fast, accessModes: [ReadWriteOnce]}
  status: {phase: Pending}
- apiVersion: v1
  kind: Pod
  metadata: {name: db-0, namespace: shop, uid: p1, creationTimestamp: "2026-03-01T08:00:00Z"}
  spec:
    containers: [{name: db, image: "db:15"}]
    volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
  status:
    phase: Pending
    conditions:
    - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.", lastTransitionTime: "2026-03-01T08:00:00Z"}
- apiVersion: v1
  kind: Pod
  metadata: {name: web-0, namespace: shop, uid: p2, creationTimestamp: "2026-03-01T08:00:00Z", labels: {app: web}}
  spec: {nodeName: worker-1, containers: [{name: web, image: "web:2"}]}
  status:
    phase: Running
    startTime: "2026-03-01T08:00:00Z"
    conditions: [{type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: "2026-03-01T09:00:00Z"}]
    containerStatuses:
    - name: web
      ready: false
      restartCount: 14
      state: {waiting: {reason: CrashLoopBackOff, message: "back-off 5m0s restarting failed container=web"}}
      lastState: {terminated: {reason: Error, exitCode: 1, message: "password=hunter2hunter2 was refused", startedAt: "2026-03-01T08:58:00Z", finishedAt: "2026-03-01T08:59:00Z"}}
- apiVersion: storage.k8s.io/v1
  kind: StorageClass
  metadata: {name: standard, uid: s1, creationTimestamp: "2026-01-01T00:00:00Z"}
  provisioner: ebs.csi.aws.com
"#;

fn shown(args: &[&str]) -> String {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("cluster.yaml"), DUMP).expect("written");
    let args = [&["cluster-health", "--from", "cluster.yaml"], args].concat();
    let outcome = idp(&args).current_dir(home.path()).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    assert!(!outcome.stdout.contains("hunter2"), "a secret is shown");
    outcome.stdout
}

#[test]
fn human() {
    assert_snapshot!(shown(&[]));
}

#[test]
fn human_with_symptoms() {
    assert_snapshot!(shown(&["-v"]));
}

#[test]
fn yaml() {
    assert_snapshot!(shown(&["-o", "yaml"]));
}

#[test]
fn markdown() {
    assert_snapshot!(shown(&["-o", "markdown"]));
}

#[test]
fn junit() {
    assert_snapshot!(shown(&["-o", "junit"]));
}

#[test]
fn sarif() {
    assert_snapshot!(shown(&["-o", "sarif"]));
}

#[test]
fn prometheus() {
    assert_snapshot!(shown(&["-o", "prometheus"]));
}
