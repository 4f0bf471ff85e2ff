//! The built server on a free port, and a plain client that can also be as rude as real ones are.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Nothing takes longer than this.
const LIMIT: Duration = Duration::from_secs(40);

/// A server that ends with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    log: Arc<Mutex<String>>,
    /// Ends when the log has ended.
    logging: Option<JoinHandle<()>>,
}

/// How a server is started.
pub(crate) struct Starting(Command);

/// What it answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A server with these arguments, without the rate limit and the environment of whoever runs the tests.
pub(crate) fn serve(args: &[&str]) -> Starting {
    #[expect(clippy::disallowed_methods, reason = "the tests run the program itself")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_idp"));
    command.args(["serve", "--port", "0"]).args(args);
    command.env_clear().env("IDP_CONFIG", "/dev/null").env("HOME", "/nonexistent").env("RATE_LIMIT_REQUESTS", "0");
    Starting(command)
}

/// A server as it comes, without the rate limit.
pub(crate) fn started() -> Server {
    serve(&[]).start()
}

impl Starting {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn start(mut self) -> Server {
        let mut child = self.0.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let kept = log.clone();
        let errors = BufReader::new(child.stderr.take().expect("piped"));
        let logging = std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let mut log = kept.lock().expect("no panic");
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("readable");
        let address = line.split(['/', ',']).nth(2).unwrap_or_default();
        assert!(!address.is_empty(), "it does not listen: {}", log.lock().expect("no panic"));
        Server { address: address.to_owned(), child, log, logging: Some(logging) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub(crate) fn connect(&self) -> TcpStream {
        connect(&self.address)
    }

    /// Sends bytes as they are, and reads the answer.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that has seen enough may stop to read.
        let _ = stream.write_all(bytes);
        read(&mut stream)
    }

    /// Begins a request whose body does not come, and returns when it is certain that the server waits for it.
    pub(crate) fn begin(&self) -> TcpStream {
        let mut stream = self.connect();
        let head = "POST /diagnose HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 50\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("taken");
        let mut go = [0; 25];
        stream.read_exact(&mut go).expect("an answer");
        assert_eq!(&go, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream
    }

    /// A request with these header lines and this body.
    pub(crate) fn ask(&self, line: &str, headers: &[&str], body: &[u8]) -> Answer {
        self.raw(&request(line, headers, body))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(&format!("POST {path}"), &["content-type: application/json"], body.to_string().as_bytes())
    }

    /// Everything that it logged so far, as far as it has been read; after its end, everything.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("no panic").clone()
    }

    /// Waits until it has logged something.
    pub(crate) fn logged(&self, what: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        while !what(&self.log()) {
            assert!(begun.elapsed() < LIMIT, "it does not log that: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        self.log()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        #[expect(clippy::disallowed_methods, reason = "a signal to the program that the test started")]
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("there is a kill").success());
    }

    /// Waits for its end, and for the end of its log.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("waitable") {
                if let Some(logging) = self.logging.take() {
                    logging.join().expect("read");
                }
                return status.code();
            }
            assert!(begun.elapsed() < LIMIT, "it does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Memory that it has had at the most, in bytes, where the system tells.
    pub(crate) fn high_water(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
    }

    /// Asks until the answer is as it should be.
    pub(crate) fn until(&self, ask: impl Fn(&Self) -> Answer, right: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = ask(self);
            if right(&answer) || begun.elapsed() > LIMIT {
                assert!(right(&answer), "{} {}", answer.status, answer.text());
                return answer;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Puts a file there at once: whoever reads it meanwhile sees the old one or the new one, and none that is half written.
pub(crate) fn put(path: impl AsRef<Path>, text: &str) {
    let path = path.as_ref();
    let folder = path.parent().expect("a folder");
    let new = tempfile::Builder::new().suffix(".new").tempfile_in(folder).expect("a place beside it");
    std::fs::write(new.path(), text).expect("written");
    new.persist(path).expect("put there");
}

pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(LIMIT)).expect("set");
    stream.set_write_timeout(Some(LIMIT)).expect("set");
    stream
}

/// A request as bytes, after whose answer the connection ends.
pub(crate) fn request(line: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n").into_bytes();
    for header in headers {
        bytes.extend_from_slice(format!("{header}\r\n").as_bytes());
    }
    if !body.is_empty() || line.starts_with("POST") {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// Reads one answer. What is no answer has the status 0.
pub(crate) fn read(stream: &mut impl Read) -> Answer {
    let mut bytes = Vec::new();
    // A connection that is cut off ends the answer.
    let _ = stream.read_to_end(&mut bytes);
    let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
        return Answer { status: 0, headers: Vec::new(), body: bytes };
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|l| l.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let pair = |line: &str| line.split_once(": ").map(|(n, v)| (n.to_lowercase(), v.to_owned()));
    let headers: Vec<(String, String)> = lines.filter_map(pair).collect();
    let body = bytes[end + 4..].to_vec();
    let length = headers.iter().find(|(n, _)| n == "content-length").and_then(|(_, v)| v.parse::<usize>().ok());
    assert!(length.is_none_or(|l| l == body.len() || body.is_empty()), "the answer is cut: {head}");
    Answer { status, headers, body }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// It is a problem document of this status, and says in its detail what to change.
    pub(crate) fn is_problem(&self, status: u16, detail: &str) -> &Self {
        assert_eq!(
            (self.status, self.header("content-type")),
            (status, Some("application/problem+json")),
            "{}",
            self.text()
        );
        let json = self.json();
        assert_eq!(json["status"], status);
        assert_eq!(json["request_id"].as_str(), self.header("x-request-id"));
        assert!(json["detail"].as_str().is_some_and(|d| d.contains(detail)), "{json} does not say {detail:?}");
        self
    }
}
