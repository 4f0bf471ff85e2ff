//! Containers that wait, and which check tells of which reason.

use super::View;
use super::termination::warnings;
use crate::evidence::cluster::{Event, Pod, PodContainer};
use crate::finding::Fault;

/// The image does not come: `image-pull-failed`.
pub(super) const PULL: &[&str] = &["ErrImagePull", "ImagePullBackOff"];
/// The image cannot be used at all: `image-unusable`.
pub(super) const UNUSABLE: &[&str] = &[
    "ErrImageNeverPull",
    "InvalidImageName",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
    "ImageVolumeMountFailed",
];
/// The container cannot be made: `container-not-created`.
pub(super) const NOT_CREATED: &[&str] = &["CreateContainerConfigError", "CreateContainerError", "PreCreateHookError"];
/// The container was made and cannot be started: `container-not-created` too.
pub(super) const NOT_STARTED: &[&str] =
    &["RunContainerError", "PreStartHookError", "PostStartHookError", "StartError", "ContainerCannotRun"];
/// Crash loops and starts under way have checks of their own.
pub(super) const OTHERS: &[&str] = &["CrashLoopBackOff", "ContainerCreating", "PodInitializing"];

/// Reasons of events with which a kubelet says why a container does not start.
const FAILED: &[&str] = &["Failed", "InspectFailed"];

/// A container that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait<'p> {
    /// The pod.
    pub pod: &'p Pod,
    /// The container.
    pub container: PodContainer<'p>,
    /// Why, in one word.
    pub reason: &'p str,
    /// Why, in a sentence; often empty.
    message: &'p str,
}

impl<'p> Wait<'p> {
    /// The containers that wait, of pods that should run.
    pub(super) fn all(view: &View<'p>) -> impl Iterator<Item = Self> + use<'p> {
        let pods = view.snapshot.pods.iter().filter(|pod| !pod.is_over() && !pod.metadata.is_going());
        pods.flat_map(|pod| pod.each_container().filter_map(move |container| Self::of(pod, container)))
    }

    /// A container, where it waits and says why.
    pub(super) fn of(pod: &'p Pod, container: PodContainer<'p>) -> Option<Self> {
        let waiting = container.status.state.waiting.as_ref().filter(|waiting| !waiting.reason.is_empty())?;
        Some(Self { pod, container, reason: &waiting.reason, message: &waiting.message })
    }

    /// The name of the container.
    pub(super) fn name(&self) -> &'p str {
        &self.container.status.name
    }

    /// The image that was asked for.
    pub(super) fn image(&self) -> &'p str {
        let asked = self.pod.spec.all_containers().find(|container| container.name == self.name());
        asked.map_or(&self.container.status.image, |container| &container.image)
    }

    /// What says why: the container itself, then the warnings about it, the newest first. One of them may be silent or hold no more than the reason.
    pub(super) fn texts(&self, events: &[&'p Event]) -> Vec<&'p str> {
        let events = events.iter().filter(|event| FAILED.contains(&event.reason.as_str())).map(|event| event.text());
        std::iter::once(self.message).chain(events).filter(|text| !text.is_empty()).collect()
    }

    /// Warnings about the container.
    pub(super) fn warnings(&self, view: &View<'p>) -> Vec<&'p Event> {
        warnings(view, self.pod, self.name())
    }

    /// Adds what it says to a fault.
    pub(super) fn show(&self, fault: Fault) -> Fault {
        let path = format!("{}.state.waiting", self.container.path(self.pod));
        fault
            .seen(format!("{path}.message"), self.message)
            .seen(format!("{path}.reason"), self.reason)
            .fact("container", self.name())
            .fact("image", self.image())
            .fact("node", &self.pod.spec.node_name)
    }
}
