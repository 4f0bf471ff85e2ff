//! Reads the fields of a body or a query, strictly, and tells of every one that is wrong at once.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::names::Shape;
use super::problem::{FieldError, Problem};

/// Fields that are still to be read, and what was wrong with those that were.
pub(super) struct Fields {
    values: Map<String, Value>,
    errors: Vec<FieldError>,
    /// Values of a query are all text.
    in_query: bool,
}

impl Fields {
    /// The fields of a JSON object.
    pub(super) fn of_json(body: &[u8]) -> Result<Self, Problem> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "the body is empty: send a JSON object"));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(Self { values, errors: Vec::new(), in_query: false }),
            Ok(other) => Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("the body is {}: send a JSON object", kind(&other)),
            )),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let what =
                    if error.is_eof() { "it ends too early" } else { "it does not follow RFC 8259, or is no UTF-8" };
                let detail = format!("the body is not valid JSON at line {line}, column {column}: {what}");
                Err(Problem::new(StatusCode::BAD_REQUEST, detail))
            }
        }
    }

    /// The parameters of a query.
    pub(super) fn of_query(query: Option<&str>) -> Self {
        let mut fields = Self { values: Map::new(), errors: Vec::new(), in_query: true };
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let name = name.into_owned();
            if fields.values.insert(name.clone(), Value::String(value.into_owned())).is_some() {
                fields.wrong(&name, "is there more than once: give it once");
            }
        }
        fields
    }

    fn wrong(&mut self, field: &str, detail: impl Into<String>) {
        // Names come from outside, and a message repeats no more of them than it needs.
        let field = field.chars().take(64).collect();
        self.errors.push(FieldError { field, detail: detail.into() });
    }

    /// The value, where there is one; `null` is none.
    fn take(&mut self, field: &str) -> Option<Value> {
        self.values.remove(field).filter(|v| !v.is_null())
    }

    /// A text of 1 to `longest` characters that must be there. A longer one is too large for this way in.
    pub(super) fn text(&mut self, field: &str, longest: usize) -> Result<String, Problem> {
        let text = match self.values.remove(field) {
            Some(Value::String(text)) => text,
            None => {
                self.wrong(field, "is missing: give it as a string");
                return Ok(String::new());
            }
            Some(other) => {
                self.wrong(field, format!("is {}: give a string", kind(&other)));
                return Ok(String::new());
            }
        };
        if text.is_empty() {
            self.wrong(field, "is empty: give at least one character");
        }
        if text.len() > longest && text.chars().count() > longest {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("{field} has more than {longest} characters: send a log as the body of POST /diagnose/logs"),
            ));
        }
        Ok(text)
    }

    /// A name of an object.
    pub(super) fn name(&mut self, field: &str, shape: Shape) -> Option<String> {
        match self.take(field)? {
            Value::String(name) if shape.fits(&name) => return Some(name),
            Value::String(_) => self.wrong(field, format!("is no name of Kubernetes: {}", shape.rule())),
            other => self.wrong(field, format!("is {}: give a string or leave it out", kind(&other))),
        }
        None
    }

    /// Yes or no; no where nobody says anything.
    pub(super) fn flag(&mut self, field: &str) -> bool {
        match self.take(field) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(Value::String(word)) if self.in_query && matches!(word.as_str(), "true" | "false") => word == "true",
            Some(Value::String(_)) if self.in_query => {
                self.wrong(field, "is neither true nor false");
                false
            }
            Some(other) => {
                self.wrong(field, format!("is {}: give true or false", kind(&other)));
                false
            }
        }
    }

    /// A whole number of a range.
    pub(super) fn number(&mut self, field: &str, range: std::ops::RangeInclusive<u32>, default: u32) -> u32 {
        let Some(value) = self.take(field) else { return default };
        let number = value.as_f64().filter(|n| n.fract() == 0.0);
        let fitting = range.clone().find(|n| number == Some(f64::from(*n)));
        fitting.unwrap_or_else(|| {
            self.wrong(
                field,
                format!("is out of range: give a whole number from {} to {}", range.start(), range.end()),
            );
            default
        })
    }

    /// Nothing else may be there, and nothing may have been wrong.
    pub(super) fn finish(mut self, known: &[&str]) -> Result<(), Problem> {
        let kind = if self.in_query { "parameter" } else { "field" };
        for name in std::mem::take(&mut self.values).keys().take(8) {
            self.wrong(name, format!("is no {kind} of this request: use {}", listed(known)));
        }
        if self.errors.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.errors.iter().map(|e| format!("{:?} {}", e.field, e.detail)).collect();
        let detail = names.join("; ");
        Err(Problem { errors: self.errors, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail) })
    }
}

fn listed(known: &[&str]) -> String {
    if known.is_empty() { "none".into() } else { known.join(", ") }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, Shape};

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let body = br#"{"error_message": 7, "pod_name": "Web", "include": true, "flag": "yes", "top_k": 21}"#;
        let mut fields = Fields::of_json(body).expect("JSON");
        assert_eq!(fields.text("error_message", 10), Ok(String::new()));
        assert_eq!((fields.name("pod_name", Shape::Subdomain), fields.flag("flag")), (None, false));
        assert_eq!(fields.number("top_k", 1..=20, 3), 3);
        let problem = fields.finish(&["error_message"]).expect_err("wrong");
        let names: Vec<&str> = problem.errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(names, ["error_message", "pod_name", "flag", "top_k", "include"]);
        assert!(problem.detail.contains("\"include\" is no field of this request: use error_message"));
    }

    #[test]
    fn what_is_no_object_says_so() {
        for (body, status) in [(&b"[]"[..], 422), (b"", 400), (b"{", 400), (b"{\"a\":\xff}", 400), (b"3", 422)] {
            assert_eq!(Fields::of_json(body).err().map(|p| p.status.as_u16()), Some(status));
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        let read = |text: &str| Fields::of_json(format!("{{\"t\":\"{text}\"}}").as_bytes()).expect("JSON").text("t", 3);
        assert_eq!(read("äöü"), Ok("äöü".into()));
        assert_eq!(read("abcd").expect_err("long").status, 413);
    }

    #[test]
    fn a_parameter_is_given_once() {
        let mut fields = Fields::of_query(Some("refresh=true&refresh=false"));
        fields.flag("refresh");
        assert!(fields.finish(&["refresh"]).is_err());
        let mut fields = Fields::of_query(Some("refresh=true"));
        assert!(fields.flag("refresh") && fields.finish(&["refresh"]).is_ok());
    }
}
