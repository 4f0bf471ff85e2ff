//! Services, their endpoints, and what leads to them or keeps away from them.

use super::meta::{IntOrString, LabelSelector, Map, Meta, slim};

slim! {
    /// A service.
    pub struct Service {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: ServiceSpec,
        /// What is.
        status: LoadBalanced,
    }

    /// What is asked for in a service.
    pub struct ServiceSpec {
        /// `ClusterIP` when empty, `NodePort`, `LoadBalancer`, `ExternalName`.
        #[rename("type")]
        kind: String,
        /// Its pods; none where somebody else keeps its endpoints.
        selector: Map<String>,
        /// Its ports.
        ports: Box<[ServicePort]>,
        /// Its address; `None` for a headless one.
        #[rename("clusterIP")]
        cluster_ip: String,
        /// Where it leads, for `ExternalName`.
        external_name: String,
        /// Who provides its load balancer.
        load_balancer_class: Option<String>,
        /// Addresses outside of the cluster that lead to it.
        #[rename("externalIPs")]
        external_ips: Box<[String]>,
        /// Also lists pods that are not ready.
        publish_not_ready_addresses: bool,
        /// `Cluster` or `Local`.
        external_traffic_policy: String,
    }

    /// A port of a service.
    pub struct ServicePort {
        /// Its name.
        name: String,
        /// Its number.
        port: i64,
        /// The port of the pod; the same where it is left out.
        target_port: Option<IntOrString>,
        /// `TCP` when empty.
        protocol: String,
        /// The port of every node.
        node_port: Option<i64>,
    }

    /// Status with a load balancer.
    pub struct LoadBalanced {
        /// The load balancer.
        load_balancer: LoadBalancer,
    }

    /// A load balancer.
    pub struct LoadBalancer {
        /// Its addresses.
        ingress: Box<[LoadBalancerAddress]>,
    }

    /// An address of a load balancer.
    pub struct LoadBalancerAddress {
        /// By number.
        ip: String,
        /// By name.
        hostname: String,
        /// Its ports.
        ports: Box<[LoadBalancerPort]>,
    }

    /// A port of a load balancer.
    pub struct LoadBalancerPort {
        /// Its number.
        port: i64,
        /// What is wrong with it.
        error: Option<String>,
    }

    /// Endpoints of a service.
    pub struct EndpointSlice {
        /// Its metadata; the label `kubernetes.io/service-name` names the service.
        metadata: Meta,
        /// The endpoints.
        endpoints: Box<[Endpoint]>,
        /// Their ports.
        ports: Box<[EndpointPort]>,
    }

    /// An endpoint.
    pub struct Endpoint {
        /// Its addresses.
        addresses: Box<[String]>,
        /// What it is.
        conditions: EndpointConditions,
        /// The pod behind it.
        target_ref: EndpointTarget,
    }

    /// The object behind an endpoint.
    pub struct EndpointTarget {
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Its namespace.
        namespace: String,
    }

    /// What an endpoint is; where nothing is said, it is ready.
    pub struct EndpointConditions {
        /// Gets traffic.
        ready: Option<bool>,
        /// Could serve.
        serving: Option<bool>,
        /// Is about to go.
        terminating: Option<bool>,
    }

    /// A port of endpoints.
    pub struct EndpointPort {
        /// Its name.
        name: String,
        /// Its number.
        port: Option<i64>,
    }

    /// An `Ingress`.
    pub struct Ingress {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: IngressSpec,
        /// What is.
        status: LoadBalanced,
    }

    /// What is asked for in an `Ingress`.
    pub struct IngressSpec {
        /// Its class.
        ingress_class_name: Option<String>,
        /// Where everything else leads.
        default_backend: Option<IngressBackend>,
        /// Where what leads.
        rules: Box<[IngressRule]>,
        /// Certificates.
        tls: Box<[IngressTls]>,
    }

    /// Certificate of some hosts.
    pub struct IngressTls {
        /// The hosts.
        hosts: Box<[String]>,
        /// The `Secret`.
        secret_name: String,
    }

    /// Where a host leads.
    pub struct IngressRule {
        /// The host; every one when empty.
        host: String,
        /// Its paths.
        http: IngressHttp,
    }

    /// Paths of a host.
    pub struct IngressHttp {
        /// The paths.
        paths: Box<[IngressPath]>,
    }

    /// A path.
    pub struct IngressPath {
        /// The path.
        path: String,
        /// How it is compared.
        path_type: String,
        /// Where it leads.
        backend: IngressBackend,
    }

    /// Where an `Ingress` leads.
    pub struct IngressBackend {
        /// A service.
        service: Option<IngressService>,
    }

    /// A service behind an `Ingress`.
    pub struct IngressService {
        /// Its name.
        name: String,
        /// Its port.
        port: IngressPort,
    }

    /// A port of a service: a name or a number.
    pub struct IngressPort {
        /// By name.
        name: String,
        /// By number.
        number: Option<i64>,
    }

    /// A class of `Ingress`.
    pub struct IngressClass {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: IngressClassSpec,
    }

    /// What is asked for in a class.
    pub struct IngressClassSpec {
        /// Who serves it.
        controller: String,
    }

    /// A network policy.
    pub struct NetworkPolicy {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: NetworkPolicySpec,
    }

    /// What is asked for in a network policy.
    pub struct NetworkPolicySpec {
        /// The pods that it is about; all of the namespace when empty.
        pod_selector: LabelSelector,
        /// `Ingress`, `Egress`; where nothing is said, `Ingress`, and `Egress` if it has egress rules.
        policy_types: Box<[String]>,
        /// What may come in; `None` where nothing is said.
        ingress: Option<Box<[NetworkRule]>>,
        /// What may go out; `None` where nothing is said.
        egress: Option<Box<[NetworkRule]>>,
    }

    /// Traffic that is allowed.
    pub struct NetworkRule {
        /// Where it comes from (ingress); everywhere when missing or empty.
        from: Box<[NetworkPeer]>,
        /// Where it goes to (egress); everywhere when missing or empty.
        to: Box<[NetworkPeer]>,
        /// Ports; every one when missing or empty.
        ports: Box<[NetworkPort]>,
    }

    /// The other side.
    pub struct NetworkPeer {
        /// Pods.
        pod_selector: Option<LabelSelector>,
        /// Namespaces.
        namespace_selector: Option<LabelSelector>,
        /// Addresses.
        ip_block: Option<IpBlock>,
    }

    /// Addresses.
    pub struct IpBlock {
        /// These.
        cidr: String,
        /// But not these.
        except: Box<[String]>,
    }

    /// A port that is allowed.
    pub struct NetworkPort {
        /// `TCP` when empty.
        protocol: String,
        /// The port; every one when missing.
        port: Option<IntOrString>,
        /// The last port of a range.
        end_port: Option<i64>,
    }

    /// A `ValidatingWebhookConfiguration` or `MutatingWebhookConfiguration`.
    pub struct Webhooks {
        /// Its metadata.
        metadata: Meta,
        /// Its webhooks.
        webhooks: Box<[Webhook]>,
    }

    /// A webhook.
    pub struct Webhook {
        /// Its name.
        name: String,
        /// `Fail` when empty, or `Ignore`.
        failure_policy: String,
        /// How it is called.
        client_config: WebhookClient,
        /// What it is called for.
        rules: Box<[WebhookRule]>,
        /// In which namespaces.
        namespace_selector: LabelSelector,
        /// Seconds that a call may take.
        timeout_seconds: Option<i64>,
    }

    /// What a webhook is called for.
    pub struct WebhookRule {
        /// API groups.
        api_groups: Box<[String]>,
        /// `CREATE`, `UPDATE` …
        operations: Box<[String]>,
        /// Resources.
        resources: Box<[String]>,
    }

    /// How a webhook is called.
    pub struct WebhookClient {
        /// Outside of the cluster.
        url: Option<String>,
        /// Inside.
        service: Option<ServiceRef>,
        /// The authority that signed its certificate: PEM in base64.
        ca_bundle: String,
    }

    /// A service by namespace and name.
    pub struct ServiceRef {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// Its port; 443 where it is left out.
        port: Option<i64>,
        /// Path of the request.
        path: String,
    }

    /// A group of the API that somebody else serves.
    pub struct ApiService {
        /// Its metadata.
        metadata: Meta,
        /// What is asked for.
        spec: ApiServiceSpec,
        /// What is.
        status: ApiServiceStatus,
    }

    /// What is asked for in an `APIService`.
    pub struct ApiServiceSpec {
        /// Who serves it; nobody where the API server does.
        service: Option<ServiceRef>,
        /// The group.
        group: String,
        /// The version.
        version: String,
    }

    /// What an `APIService` is.
    pub struct ApiServiceStatus {
        /// What it reports of itself.
        conditions: Box<[super::Condition]>,
    }
}

impl ServicePort {
    /// The port of the pod.
    #[must_use]
    pub fn target(&self) -> IntOrString {
        self.target_port.clone().filter(|t| *t != IntOrString::Int(0)).unwrap_or(IntOrString::Int(self.port))
    }
}

impl Endpoint {
    /// Whether it gets traffic; where nothing is said, it does.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.conditions.ready.unwrap_or(true)
    }
}

impl NetworkPolicySpec {
    /// Whether it restricts what goes out.
    #[must_use]
    pub fn restricts_egress(&self) -> bool {
        if self.policy_types.is_empty() {
            self.egress.as_ref().is_some_and(|e| !e.is_empty())
        } else {
            self.policy_types.iter().any(|t| t == "Egress")
        }
    }

    /// Whether it restricts what comes in.
    #[must_use]
    pub fn restricts_ingress(&self) -> bool {
        self.policy_types.is_empty() || self.policy_types.iter().any(|t| t == "Ingress")
    }
}

impl Webhook {
    /// Whether a request is refused when the webhook cannot be called.
    #[must_use]
    pub fn fails_closed(&self) -> bool {
        self.failure_policy != "Ignore"
    }
}
