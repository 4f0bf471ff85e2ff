//! Search with a model: a server in the test process that speaks the embeddings API of `OpenAI`, and, where `IDP_TEST_CHROMA` names one, a real Chroma server.
//!
//! The model of the stub knows three meanings by their words; that is enough to see that meaning finds what words do not.

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::harness::{Session, idp};

const MEANINGS: [&[&str]; 3] =
    [&["memory", "ram", "heap"], &["disk", "storage", "volume"], &["certificate", "tls", "padlock"]];

/// A server with what it was asked to embed.
struct Model {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Model {
    /// Starts one that answers with this status.
    fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("bound"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes early is none of the server's business.
                let _ = answer(stream, status, &seen);
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no panic"))
    }
}

fn answer(stream: TcpStream, status: u16, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let request: Value = serde_json::from_slice(&body)?;
    let texts: Vec<String> = serde_json::from_value(request["input"].clone())?;
    let data: Vec<Value> =
        texts.iter().enumerate().map(|(index, text)| json!({ "index": index, "embedding": vector(text) })).collect();
    asked.lock().expect("no panic").extend(texts);
    let body = json!({ "object": "list", "data": data, "model": request["model"] }).to_string();
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn vector(text: &str) -> Vec<f32> {
    let text = text.to_lowercase();
    let mut vector: Vec<f32> =
        MEANINGS.iter().map(|words| if words.iter().any(|w| text.contains(w)) { 1.0 } else { 0.0 }).collect();
    vector.push(0.1);
    vector
}

fn tree() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let books = home.path().join("books");
    fs::create_dir(&books).expect("made");
    fs::write(books.join("a.md"), "# The heap is exhausted\nGive the process more memory.\n").expect("written");
    fs::write(
        books.join("b.md"),
        "# Storage runs out\nGrow the volume. token: ghp_0123456789abcdefghijABCDEFGHIJ012345\n",
    )
    .expect("written");
    home
}

fn search(home: &tempfile::TempDir, model: &Model, query: &str) -> Session {
    let cache = home.path().join("cache").display().to_string();
    let books = home.path().join("books").display().to_string();
    idp(&["runbook", "search", "--top", "200", "-o", "json", "--dir", &books, query])
        .env("XDG_CACHE_HOME", &cache)
        .env("EMBEDDINGS_URL", &model.url)
}

fn rank(session: Session, file: &str) -> usize {
    let outcome = session.run();
    let json = outcome.json();
    let results = json["results"].as_array().expect("results");
    results.iter().position(|r| r["file"] == file && r["directory"] != "built-in").unwrap_or(usize::MAX)
}

#[test]
fn meaning_finds_what_words_do_not_and_is_paid_for_once() {
    let (home, model) = (tree(), Model::start(200));
    let question = "our server needs additional RAM chips";
    let place = rank(search(&home, &model, question), "a.md");
    let other = rank(search(&home, &model, question), "b.md");
    assert!(place < other && place != usize::MAX, "{place} {other}");
    let asked = model.asked();
    assert!(asked.iter().any(|t| t.contains("heap is exhausted")), "the runbooks are embedded");
    assert!(!asked.iter().any(|t| t.contains("ghp_0123456789")), "a secret left the machine");
    let _ = search(&home, &model, "padlock of the browser password=hunter2hunter2").run();
    let asked = model.asked();
    assert_eq!(asked.len(), 1, "only the query is new: {asked:?}");
    assert!(asked[0].contains("padlock") && !asked[0].contains("hunter2"), "{asked:?}");
}

#[test]
fn without_an_answer_words_decide_and_that_is_said() {
    let (home, broken) = (tree(), Model::start(500));
    let outcome = search(&home, &broken, "storage runs out").run();
    assert_eq!(outcome.status, 0);
    assert!(outcome.stdout.contains("\"b.md\"") && outcome.stderr.contains("searched by words alone"), "{outcome:?}");
    let gone = Model { url: format!("{}/v1", super::api_server::nobody()), asked: Arc::default() };
    let outcome = search(&home, &gone, "storage runs out").run();
    assert!(outcome.status == 0 && outcome.stderr.contains("does not answer"), "{outcome:?}");
}

/// Against a Chroma server that somebody started.
#[test]
fn vectors_live_in_chroma_where_there_is_one() {
    let Ok(chroma) = std::env::var("IDP_TEST_CHROMA") else { return };
    let (home, model) = (tree(), Model::start(200));
    let question = "our server needs additional RAM chips";
    let run = || search(&home, &model, question).env("CHROMA_URL", &chroma);
    let (place, other) = (rank(run(), "a.md"), rank(run(), "b.md"));
    assert!(place < other && place != usize::MAX, "{place} {other}");
    model.asked();
    let _ = run().run();
    assert_eq!(model.asked().len(), 1, "only the query is new");
}
