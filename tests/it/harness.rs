//! Runs the built program like a user: arguments, standard input, what comes out.

use std::io::{Read, Write};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// No session takes longer than this.
const LIMIT: Duration = Duration::from_mins(1);

/// A session with `idp`.
pub(crate) struct Session {
    command: Command,
    input: Vec<u8>,
}

/// What a session came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Starts a session in an environment of its own: no configuration, no runbooks of the person who runs the tests.
pub(crate) fn idp(args: &[&str]) -> Session {
    #[expect(clippy::disallowed_methods, reason = "the tests run the program itself")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_idp"));
    // Nothing can be made below a device: no test finds, or leaves, a cache.
    command.args(args).env_clear().env("IDP_CONFIG", "/dev/null").env("HOME", "/dev/null");
    Session { command, input: Vec::new() }
}

impl Session {
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = text.as_ref().to_vec();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn current_dir(mut self, dir: &std::path::Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn run(mut self) -> Outcome {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let input = std::mem::take(&mut self.input);
        // The program may stop reading early; that is its right.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let mut stdout = child.stdout.take().expect("piped");
        let mut stderr = child.stderr.take().expect("piped");
        let errors = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).expect("readable");
            bytes
        });
        let watch = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stdout.read_to_end(&mut bytes).expect("readable");
            bytes
        });
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("waitable") {
                break status;
            }
            assert!(started.elapsed() < LIMIT, "the session takes too long");
            std::thread::sleep(Duration::from_millis(2));
        };
        writer.join().expect("written");
        let output = Output { status, stdout: watch.join().expect("read"), stderr: errors.join().expect("read") };
        Outcome {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("output is valid UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("messages are valid UTF-8"),
        }
    }
}

impl Outcome {
    /// The answer as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.stderr, "");
        serde_json::from_str(&self.stdout).expect("the answer is JSON")
    }

    /// Category and cause of the answer.
    pub(crate) fn answer(&self) -> (String, String) {
        let json = self.json();
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        (text("error_category"), text("cause"))
    }
}

/// What differs from run to run, replaced: the one place where a session's output is changed before it is compared.
pub(crate) fn redacted(text: &str) -> String {
    let id = regex::Regex::new(r#"("?request_id"?: "?)[0-9a-f]{32}"#).expect("valid");
    let time = regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z").expect("valid");
    let text = id.replace_all(text, "${1}id");
    time.replace_all(&text, "[time]").into_owned()
}

/// Objects with times that fit this moment: `<90s>` is the time ninety seconds ago, `<2d>` two days.
pub(crate) fn with_times(objects: &str) -> String {
    let ago = regex::Regex::new(r"<(\d+)([smhd])>").expect("valid");
    let text = ago.replace_all(objects, |found: &regex::Captures<'_>| {
        let unit = match &found[2] {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 86_400,
        };
        let seconds = found[1].parse::<i64>().expect("a number") * unit;
        let then = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(seconds);
        format!("\"{}\"", then.strftime("%Y-%m-%dT%H:%M:%SZ"))
    });
    text.into_owned()
}
