//! What one line says, by part: when, how serious, from whom, what.

use std::borrow::Cow;

use super::{Level, Stamp};

/// A line taken apart. What a format does not have stays empty; what cannot be parsed stays in the message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record<'a> {
    /// When, with the zone where it is written.
    pub time: Option<Stamp>,
    /// How serious, where the line says so.
    pub level: Option<Level>,
    /// Pod that the line is from.
    pub pod: Option<Cow<'a, str>>,
    /// Container or service that the line is from.
    pub container: Option<Cow<'a, str>>,
    /// Who in the program wrote it: logger, module, thread, unit or source file, as the format has it.
    pub logger: Option<Cow<'a, str>>,
    /// The text itself. May hold line feeds where a line carried several.
    pub message: Cow<'a, str>,
    /// What else the line says, by name, in its order.
    pub fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Record<'a> {
    /// A record of a text alone.
    #[must_use]
    pub fn of(message: &'a str) -> Self {
        Self { message: Cow::Borrowed(message), ..Self::default() }
    }

    /// The value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_ref())
    }

    /// The same with nothing borrowed.
    #[must_use]
    pub fn into_owned(self) -> Record<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Record {
            time: self.time,
            level: self.level,
            pod: self.pod.map(own),
            container: self.container.map(own),
            logger: self.logger.map(own),
            message: own(self.message),
            fields: self.fields.into_iter().map(|(n, v)| (own(n), own(v))).collect(),
        }
    }

    /// Takes from `outer`, the record of what carried this line, whatever this line does not say itself.
    ///
    /// The carrier's time wins where it names a zone and the line's own does not: it is the one that can be compared.
    #[must_use]
    pub fn within(mut self, outer: Record<'a>) -> Self {
        let zoned = |time: &Option<Stamp>| time.is_some_and(|t| t.zone.is_some());
        if self.time.is_none() || (zoned(&outer.time) && !zoned(&self.time)) {
            self.time = outer.time.or(self.time);
        }
        self.level = self.level.or(outer.level);
        self.pod = self.pod.or(outer.pod);
        self.container = self.container.or(outer.container);
        let own = std::mem::replace(&mut self.fields, outer.fields);
        match (&self.logger, outer.logger) {
            // Both name who wrote it: the program, and the part of it.
            (Some(_), Some(program)) => self.fields.push(("app".into(), program)),
            (None, program) => self.logger = program,
            (Some(_), None) => {}
        }
        self.fields.extend(own);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn a_carried_line_takes_what_it_does_not_say_itself() {
        let outer = Record { logger: Some("kubelet".into()), container: Some("web".into()), ..Record::of("x") };
        let inner = Record { logger: Some("sync.go:7".into()), ..Record::of("failed") }.within(outer);
        assert_eq!((inner.logger.as_deref(), inner.field("app")), (Some("sync.go:7"), Some("kubelet")));
        assert_eq!((inner.container.as_deref(), inner.message.as_ref()), (Some("web"), "failed"));
    }
}
