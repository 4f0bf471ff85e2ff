//! A large cluster as an API server sends it: 20 000 pods as they really look (about 7 KB each, most of it managed fields, conditions and
//! statuses), 10 000 events, 200 nodes, and the workloads, services and configurations that belong to them.

use std::fmt::Write as _;

/// Pods of one deployment.
const REPLICAS: usize = 20;
/// Deployments of one namespace.
const PER_NAMESPACE: usize = 10;

/// How large it is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) pods: usize,
    pub(crate) events: usize,
    pub(crate) nodes: usize,
}

/// The lists of a cluster of this size: their path, their kind and their items as JSON.
pub(crate) fn lists(size: Size) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let deployments = size.pods / REPLICAS;
    let namespaces = deployments.div_ceil(PER_NAMESPACE);
    vec![
        ("/api/v1/pods", "Pod", (0..size.pods).map(|n| pod(n, size.nodes)).collect()),
        ("/api/v1/events", "Event", (0..size.events).map(|n| event(n, size.pods)).collect()),
        ("/api/v1/nodes", "Node", (0..size.nodes).map(node).collect()),
        ("/api/v1/namespaces", "Namespace", (0..namespaces).map(namespace).collect()),
        ("/apis/apps/v1/deployments", "Deployment", (0..deployments).map(|n| workload(n, false)).collect()),
        ("/apis/apps/v1/replicasets", "ReplicaSet", (0..deployments).map(|n| workload(n, true)).collect()),
        ("/api/v1/services", "Service", (0..deployments).map(service).collect()),
        ("/apis/discovery.k8s.io/v1/endpointslices", "EndpointSlice", (0..deployments).map(slice).collect()),
        ("/api/v1/configmaps", "ConfigMap", (0..deployments).map(config).collect()),
        ("/api/v1/secrets", "Secret", (0..deployments).map(config).collect()),
        ("/api/v1/serviceaccounts", "ServiceAccount", (0..namespaces).map(account).collect()),
    ]
}

fn space(deployment: usize) -> usize {
    deployment / PER_NAMESPACE
}

/// `metadata` as the server writes it, with fields that were managed by two programs.
fn metadata(name: &str, namespace: Option<usize>, labels: &str, owner: &str) -> String {
    let namespace = namespace.map_or(String::new(), |n| format!(r#""namespace":"team-{n}","#));
    let id = name.bytes().fold(7_u64, |id, byte| id.wrapping_mul(31).wrapping_add(u64::from(byte)));
    format!(
        r#""metadata":{{"name":"{name}","generateName":"{name}-",{namespace}"uid":"{id:08x}-5a3b-4cb8-9c1f-{id:012x}","resourceVersion":"{}","creationTimestamp":"2026-11-20T08:00:00Z",{labels}{owner}"managedFields":[{}]}}"#,
        id % 1_000_000_000,
        [managed("kube-controller-manager", ""), managed("kubelet", r#","subresource":"status""#)].join(",")
    )
}

fn managed(program: &str, subresource: &str) -> String {
    let mut fields = String::new();
    for n in 0..13 {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            fields,
            r#"{comma}"f:field{n}":{{".":{{}},"f:name":{{}},"f:value":{{}},"f:valueFrom":{{".":{{}}}}}}"#
        );
    }
    format!(
        r#"{{"manager":"{program}","operation":"Update","apiVersion":"v1","time":"2026-11-20T08:00:05Z","fieldsType":"FieldsV1","fieldsV1":{{{fields}}}{subresource}}}"#
    )
}

fn labels(deployment: usize) -> String {
    format!(
        r#""labels":{{"app.kubernetes.io/name":"service-{deployment}","app.kubernetes.io/part-of":"shop","pod-template-hash":"5d8f7c9b6d"}},"annotations":{{"prometheus.io/scrape":"true","prometheus.io/port":"8080"}},"#
    )
}

fn owner(kind: &str, name: &str) -> String {
    format!(
        r#""ownerReferences":[{{"apiVersion":"apps/v1","kind":"{kind}","name":"{name}","uid":"u-{name}","controller":true,"blockOwnerDeletion":true}}],"#
    )
}

fn containers(deployment: usize, token: &str) -> String {
    let probe = r#"{"httpGet":{"path":"/healthz","port":"http","scheme":"HTTP"},"initialDelaySeconds":5,"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}"#;
    let mount = r#"{"name":"TOKEN","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}"#
        .replace("TOKEN", token);
    let mut env = String::new();
    for n in 0..8 {
        let _ = write!(env, r#"{{"name":"SETTING_{n}","value":"value of setting {n}"}},"#);
    }
    format!(
        r#"[{{"name":"service","image":"registry.example/shop/service-{deployment}:1.4.2","ports":[{{"name":"http","containerPort":8080,"protocol":"TCP"}}],"envFrom":[{{"configMapRef":{{"name":"config-{deployment}"}}}}],"env":[{env}{{"name":"NODE","valueFrom":{{"fieldRef":{{"apiVersion":"v1","fieldPath":"spec.nodeName"}}}}}}],"resources":{{"limits":{{"cpu":"500m","memory":"512Mi"}},"requests":{{"cpu":"10m","memory":"64Mi"}}}},"volumeMounts":[{{"name":"config","mountPath":"/etc/service"}},{mount}],"livenessProbe":{probe},"readinessProbe":{probe},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent","securityContext":{{"runAsNonRoot":true,"allowPrivilegeEscalation":false,"capabilities":{{"drop":["ALL"]}}}}}},{{"name":"proxy","image":"registry.example/mesh/proxy:2.1.0","args":["proxy","sidecar","--domain","svc.cluster.local","--log-level","warning"],"ports":[{{"name":"metrics","containerPort":15090,"protocol":"TCP"}}],"resources":{{"limits":{{"cpu":"200m","memory":"128Mi"}},"requests":{{"cpu":"5m","memory":"32Mi"}}}},"volumeMounts":[{mount}],"readinessProbe":{probe},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}}]"#
    )
}

fn spec(deployment: usize, token: &str, node: &str) -> String {
    format!(
        r#""spec":{{"volumes":[{{"name":"config","configMap":{{"name":"config-{deployment}","defaultMode":420}}}},{{"name":"{token}","projected":{{"sources":[{{"serviceAccountToken":{{"expirationSeconds":3607,"path":"token"}}}},{{"configMap":{{"name":"kube-root-ca.crt","items":[{{"key":"ca.crt","path":"ca.crt"}}],"optional":true}}}},{{"downwardAPI":{{"items":[{{"path":"namespace","fieldRef":{{"apiVersion":"v1","fieldPath":"metadata.namespace"}}}}]}}}}],"defaultMode":420}}}}],"containers":{},"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","serviceAccount":"default",{node}"securityContext":{{"runAsUser":10001}},"schedulerName":"default-scheduler","tolerations":[{{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}},{{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}}],"priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"}}"#,
        containers(deployment, token)
    )
}

fn pod(n: usize, nodes: usize) -> String {
    let deployment = n / REPLICAS;
    let name = format!("service-{deployment}-5d8f7c9b6d-{:05x}", n % 0xf_ffff);
    let place = format!(r#""nodeName":"node-{}","#, n % nodes);
    // One in a thousand is killed for memory again and again.
    let broken = n % 1000 == 7;
    let status = ["service", "proxy"].map(|container| container_status(container, broken && container == "service", n));
    let conditions =
        ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(|kind| {
            let well = !broken || !kind.ends_with("Ready");
            format!(
                r#"{{"type":"{kind}","status":"{}","lastProbeTime":null,"lastTransitionTime":"2026-11-20T08:00:05Z"}}"#,
                if well { "True" } else { "False" }
            )
        });
    format!(
        r#"{{{},{},"status":{{"phase":"Running","conditions":[{}],"hostIP":"10.0.0.1","podIP":"10.1.{}.{}","podIPs":[{{"ip":"10.1.0.1"}}],"startTime":"2026-11-20T08:00:00Z","containerStatuses":[{}],"qosClass":"Burstable"}}}}"#,
        metadata(
            &name,
            Some(space(deployment)),
            &labels(deployment),
            &owner("ReplicaSet", &format!("service-{deployment}-5d8f7c9b6d"))
        ),
        spec(deployment, &format!("kube-api-access-{:05x}", n % 0xf_ffff), &place),
        conditions.join(","),
        n / 250,
        n % 250,
        status.join(",")
    )
}

fn container_status(name: &str, broken: bool, n: usize) -> String {
    let (state, last, restarts) = if broken {
        (
            r#"{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 5m0s restarting failed container=service"}}"#,
            r#"{"terminated":{"exitCode":137,"reason":"OOMKilled","startedAt":"2026-11-20T08:00:00Z","finishedAt":"2026-11-20T08:01:00Z"}}"#,
            9,
        )
    } else {
        (r#"{"running":{"startedAt":"2026-11-20T08:00:03Z"}}"#, "{}", 0)
    };
    format!(
        r#"{{"name":"{name}","state":{state},"lastState":{last},"ready":{},"restartCount":{restarts},"image":"registry.example/shop/{name}:1.4.2","imageID":"registry.example/shop/{name}@sha256:{n:064x}","containerID":"containerd://{n:064x}","started":{}}}"#,
        !broken, !broken
    )
}

fn event(n: usize, pods: usize) -> String {
    let pod = n * 7 % pods;
    let deployment = pod / REPLICAS;
    let name = format!("service-{deployment}-5d8f7c9b6d-{:05x}", pod % 0xf_ffff);
    let (reason, kind) = if pod % 1000 == 7 { ("BackOff", "Warning") } else { ("Pulled", "Normal") };
    format!(
        r#"{{{},"involvedObject":{{"kind":"Pod","namespace":"team-{}","name":"{name}","uid":"u-{pod}","apiVersion":"v1","resourceVersion":"1"}},"reason":"{reason}","message":"Container image \"registry.example/shop/service-{deployment}:1.4.2\" already present on machine","source":{{"component":"kubelet","host":"node-{}"}},"firstTimestamp":"2026-11-20T08:00:00Z","lastTimestamp":"2026-11-20T08:00:05Z","count":3,"type":"{kind}","eventTime":null,"reportingComponent":"kubelet","reportingInstance":"node-1"}}"#,
        metadata(&format!("{name}.{n:x}"), Some(space(deployment)), "", ""),
        space(deployment),
        n % 200
    )
}

fn node(n: usize) -> String {
    let images: Vec<String> = (0..50)
        .map(|i| format!(r#"{{"names":["registry.example/shop/image-{i}@sha256:{i:064x}","registry.example/shop/image-{i}:1.4.2"],"sizeBytes":123456789}}"#))
        .collect();
    let conditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map(|kind| {
        let status = if kind == "Ready" { "True" } else { "False" };
        format!(r#"{{"type":"{kind}","status":"{status}","lastHeartbeatTime":"2026-11-20T08:00:00Z","lastTransitionTime":"2026-11-20T07:00:00Z","reason":"KubeletHasNoProblem","message":"kubelet is posting ready status"}}"#)
    });
    let amounts = r#"{"cpu":"64","memory":"256Gi","pods":"250","ephemeral-storage":"400Gi"}"#;
    format!(
        r#"{{{},"spec":{{"podCIDR":"10.1.{n}.0/24","providerID":"aws:///zone/i-{n:x}"}},"status":{{"capacity":{amounts},"allocatable":{amounts},"conditions":[{}],"addresses":[{{"type":"InternalIP","address":"10.0.0.{}"}}],"nodeInfo":{{"kubeletVersion":"v1.33.2","osImage":"Linux","containerRuntimeVersion":"containerd://2.0.5"}},"images":[{}]}}}}"#,
        metadata(
            &format!("node-{n}"),
            None,
            r#""labels":{"kubernetes.io/os":"linux","topology.kubernetes.io/zone":"a"},"#,
            ""
        ),
        conditions.join(","),
        n % 250,
        images.join(",")
    )
}

fn namespace(n: usize) -> String {
    format!(r#"{{{},"status":{{"phase":"Active"}}}}"#, metadata(&format!("team-{n}"), None, "", ""))
}

fn workload(n: usize, set: bool) -> String {
    let (name, owner) = if set {
        (format!("service-{n}-5d8f7c9b6d"), owner("Deployment", &format!("service-{n}")))
    } else {
        (format!("service-{n}"), String::new())
    };
    format!(
        r#"{{{},"spec":{{"replicas":{REPLICAS},"selector":{{"matchLabels":{{"app.kubernetes.io/name":"service-{n}"}}}},"template":{{"metadata":{{{}"name":""}},{}}}}},"status":{{"replicas":{REPLICAS},"readyReplicas":{REPLICAS},"availableReplicas":{REPLICAS},"updatedReplicas":{REPLICAS},"observedGeneration":1}}}}"#,
        metadata(&name, Some(space(n)), &labels(n), &owner),
        labels(n),
        spec(n, "token", "")
    )
}

fn service(n: usize) -> String {
    format!(
        r#"{{{},"spec":{{"type":"ClusterIP","clusterIP":"10.2.0.{}","selector":{{"app.kubernetes.io/name":"service-{n}"}},"ports":[{{"name":"http","port":80,"targetPort":"http","protocol":"TCP"}}]}}}}"#,
        metadata(&format!("service-{n}"), Some(space(n)), &labels(n), ""),
        n % 250
    )
}

fn slice(n: usize) -> String {
    let endpoints: Vec<String> = (0..REPLICAS)
        .map(|i| {
            format!(
                r#"{{"addresses":["10.1.0.{i}"],"conditions":{{"ready":true,"serving":true,"terminating":false}}}}"#
            )
        })
        .collect();
    format!(
        r#"{{{},"addressType":"IPv4","endpoints":[{}],"ports":[{{"name":"http","port":8080,"protocol":"TCP"}}]}}"#,
        metadata(
            &format!("service-{n}-abcde"),
            Some(space(n)),
            &format!(r#""labels":{{"kubernetes.io/service-name":"service-{n}"}},"#),
            ""
        ),
        endpoints.join(",")
    )
}

fn config(n: usize) -> String {
    format!(r#"{{{},"data":{{"app.yaml":"level: info"}}}}"#, metadata(&format!("config-{n}"), Some(space(n)), "", ""))
}

fn account(n: usize) -> String {
    format!("{{{}}}", metadata("default", Some(n), "", ""))
}
