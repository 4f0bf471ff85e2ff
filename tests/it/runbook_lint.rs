//! Sessions of `idp runbook lint` and `idp runbook test`: every format, what is mended, what is asked, and input that nobody wrote for us.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

use insta::assert_snapshot;

use crate::harness::{Outcome, idp};

const PAGE: &str = "# Disk full\n\n## Impact\n\n## Diagnosis\n\nSee [how](gone.md).\n\n```sh\nkubectl exec web-0 ls -l\nkubectl delete pvc data\n```\n";

const OWN: &str = "---\nid: cheese\ntitle: The cheese ran out\ncategory: DiskFull\ncause: no-space\nseverity: high\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
    root_cause: x\nfixes: []\nprevention: []\n---\n\n## Meaning\nA.\n\n## Impact\nB.\n\n## Diagnosis\nC.\n\n## Mitigation\nD.\n\n## Examples\n\n\
    ```log match\nout of cheese in aisle 3\n```\n\n```log no-match\ncheese in stock\n```\n";

struct Home(tempfile::TempDir);

fn home(files: &[(&str, &str)]) -> Home {
    let home = Home(tempfile::tempdir().expect("a folder"));
    for (name, text) in files {
        home.write(name, text);
    }
    home
}

impl Home {
    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("there")
    }

    fn run(&self, args: &[&str]) -> Outcome {
        idp(&[&["runbook"], args].concat()).current_dir(self.path()).run()
    }
}

/// The outcome as a session shows it.
fn session(outcome: &Outcome) -> String {
    format!("{}{}status {}\n", outcome.stdout, outcome.stderr, outcome.status)
}

#[test]
fn findings_are_told_to_a_person() {
    let home = home(&[("docs/disk.md", PAGE), ("docs/sub/other.md", "# Other\n\n[x](../disk.md#gone)\n")]);
    assert_snapshot!(session(&home.run(&["lint", "docs"])));
}

#[test]
fn fail_on_sets_the_exit_status() {
    let home = home(&[
        ("docs/x.md", "# X\n\n## Impact\n\n## Other\n\n[x](gone.md)\n"),
        ("docs/hint.md", "# X\n\n## Impact\n"),
    ]);
    let status = |path: &str, level: &str| home.run(&["lint", path, "--fail-on", level]).status;
    let all = ["error", "warning", "INFO", "never"];
    assert_eq!(all.map(|level| status("docs/x.md", level)), [0, 1, 1, 0]);
    assert_eq!(all.map(|level| status("docs/hint.md", level)), [0, 0, 1, 0]);
    assert_eq!(status("docs/x.md", "urgent"), 2);
}

#[test]
fn machines_read_json_sarif_annotations_and_test_results() {
    let home = home(&[("docs/disk, full.md", PAGE)]);
    let json = home.run(&["lint", "docs", "-o", "json"]).json();
    assert_eq!((json["counts"]["warning"].as_u64(), json["files"].as_u64()), (Some(3), Some(1)));
    assert_eq!(json["findings"][0]["file"], "docs/disk, full.md");
    let sarif = home.run(&["lint", "docs", "-o", "sarif"]).json();
    assert_eq!(
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "docs/disk,%20full.md"
    );
    let github = home.run(&["lint", "docs", "-o", "github"]).stdout;
    assert!(github.lines().any(|l| l.starts_with("::warning file=docs/disk%2C full.md,line=")), "{github}");
    assert!(home.run(&["lint", "docs", "-o", "junit"]).stdout.contains("<testsuite name=\"docs/disk, full.md\""));
}

#[test]
fn what_needs_no_judgement_is_mended_once() {
    let home =
        home(&[("docs/disk.md", "# Disk\n\n```sh\nkubectl exec web-0 ls\nkubectl drain n --delete-local-data\n```\n")]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(home.path().join("docs/disk.md"), fs::Permissions::from_mode(0o604)).expect("set");
    }
    assert_snapshot!(session(&home.run(&["lint", "docs", "--fix"])));
    let mended = home.read("docs/disk.md");
    assert!(mended.contains("kubectl exec web-0 -- ls\n") && mended.contains("--delete-emptydir-data"), "{mended}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = fs::metadata(home.path().join("docs/disk.md")).expect("there").permissions();
        assert_eq!(rights.mode() & 0o777, 0o604);
    }
    assert_eq!(fs::read_dir(home.path().join("docs")).expect("there").count(), 1, "nothing is left beside it");
    let again = home.run(&["lint", "docs", "--fix"]);
    assert!(!again.stdout.contains("Mended") && home.read("docs/disk.md") == mended, "{}", again.stdout);
    assert_snapshot!(session(&home.run(&["lint", "--fix"])), @r"
    idp: error: --fix: the built-in runbooks are part of the program and cannot be mended
      help: name the directory whose runbooks are to be mended
    status 2
    ");
}

#[test]
fn alert_rules_lead_to_runbooks() {
    let rule = |name: &str| {
        format!(
            "  - alert: {name}\n    expr: x\n    annotations: {{}}\n    # x\n    runbook_url: https://example.test/r/{name}\n"
        )
    };
    let rules = format!("groups:\n- rules:\n{}{}{}", rule("DiskFull"), rule("NodeDown"), rule("Gone"));
    let home = home(&[("r/DiskFull.md", "# Disk\n"), ("r/NodeDown.md", "# Node\n"), ("rules/a.yaml", &rules)]);
    let outcome = home.run(&["lint", "r", "--alert-rules", "rules", "--fail-on", "warning"]);
    assert!(outcome.stdout.starts_with("rules/a.yaml:17:18 warning runbook-url-dead: "), "{}", outcome.stdout);
    assert_eq!(outcome.status, 1);
    let none = home.run(&["lint", "r", "--alert-rules", "r"]);
    assert_eq!((none.status, none.stdout.as_str()), (2, ""));
    assert!(
        none.stderr.starts_with("idp: error: --alert-rules: no .yaml, .yml or .rules file is there\n"),
        "{}",
        none.stderr
    );
}

#[test]
fn links_between_files_that_are_named_alone_are_known() {
    let home = home(&[
        ("docs/a.md", "[b](b.md) [up](../README.md) [gone](c.md)\n"),
        ("docs/b.md", "# B\n"),
        ("README.md", ""),
    ]);
    let outcome = home.run(&["lint", "docs/a.md", "--fail-on", "warning"]);
    assert_eq!(outcome.stdout.matches("link-dead").count(), 1, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("docs/c.md"), "{}", outcome.stdout);
}

/// Answers by the path of a request: `/404`, `/to/there`, and methods it does not like.
fn web_server() -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let home = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            while lines.next().is_some_and(|l| !l.is_empty()) {}
            let mut words = first.split(' ');
            let (method, asked) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            // As a proxy it is told the whole address.
            let path = asked.strip_prefix("http://").and_then(|a| a.find('/').map(|at| &a[at..])).unwrap_or(asked);
            let status = match (method, path) {
                (_, "/gone") => "410 Gone",
                (_, "/missing") | ("HEAD", "/liar") => "404 Not Found",
                ("HEAD", "/no-head") => "405 Method Not Allowed",
                (_, "/moved") => "302 Found\r\nLocation: /there",
                (_, "/moved-away") => "301 Moved\r\nLocation: /missing",
                (_, "/round") => "302 Found\r\nLocation: /round",
                (_, "/private") => "403 Forbidden",
                (_, "/broken") => "500 Oops",
                _ => "200 OK",
            };
            let _ = write!(&stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = sender.send(format!("{method} {asked}"));
        }
    });
    (home, requests)
}

#[test]
fn only_what_says_that_it_is_gone_is_a_dead_link() {
    let (web, requests) = web_server();
    let pages =
        ["gone", "missing", "no-head", "liar", "moved", "moved-away", "round", "private", "broken", "there", "there#x"];
    let text = pages.map(|page| format!("- <{web}/{page}>\n")).concat();
    let text = format!("# Links\n\n{text}- [no](https://example.test/x) [no](http://prometheus:9090/x)\n");
    let home = home(&[("a.md", &text), ("b.md", &text)]);
    let outcome = home.run(&["lint", ".", "--online", "-o", "json"]);
    let json = outcome.json();
    let dead: Vec<(&str, &str)> = json["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|f| f["rule"] == "web-link-dead")
        .map(|f| (f["file"].as_str().expect("text"), f["message"].as_str().expect("text")))
        .map(|(file, message)| {
            (file, message.split([' ', ',']).nth(3).expect("an address").rsplit('/').next().expect("a page"))
        })
        .collect();
    let wanted = ["gone", "missing", "moved-away"];
    let both: Vec<(&str, &str)> = ["a.md", "b.md"].iter().flat_map(|f| wanted.map(|w| (*f, w))).collect();
    assert_eq!(dead, both);
    let notes = json["notes"].to_string();
    for open in ["/private: the server says 403", "/broken: the server says 500", "/round: too many redirects"] {
        assert!(notes.contains(open), "{open}: {notes}");
    }
    let asked: Vec<String> = requests.try_iter().collect();
    assert_eq!(asked.iter().filter(|r| *r == "HEAD /gone").count(), 1, "each address is asked once: {asked:?}");
    assert_eq!(home.run(&["lint", ".", "-o", "json"]).json()["findings"].as_array().map(Vec::len), Some(0));
}

#[test]
fn input_that_nobody_wrote_for_us_is_named() {
    let home =
        home(&[("good.md", "# Good\n"), ("broken.md", &OWN.replace("title: The", "title: [The")), ("empty/x.txt", "")]);
    home.write("bad.md", b"# Bad \xff\xfe\n");
    fs::File::create(home.path().join("big.md")).and_then(|f| f.set_len(50 << 20)).expect("grown");
    #[cfg(unix)]
    {
        fs::create_dir(home.path().join("loop")).expect("made");
        std::os::unix::fs::symlink("..", home.path().join("loop/round")).expect("linked");
        std::os::unix::fs::symlink("nowhere.md", home.path().join("dangling.md")).expect("linked");
    }
    assert_snapshot!(session(&home.run(&["lint", "."])));
    assert_snapshot!(session(&home.run(&["lint", "empty"])), @r"
    idp: error: nothing could be read: empty holds no Markdown
      help: name a Markdown file, or a directory that holds some, instead of empty
    status 2
    ");
    assert_snapshot!(session(&home.run(&["lint", "big.md"])), @r"
    idp: error: nothing could be read: big.md left out: it is larger than 4.0 MiB
      help: name a Markdown file, or a directory that holds some, instead of big.md
    status 2
    ");
    assert_snapshot!(session(&home.run(&["lint", "bad.md", "gone.md"])), @r"
    idp: error: nothing could be read: bad.md left out: it is no UTF-8 from byte 6 on, and 1 more file like it
      help: name a Markdown file, or a directory that holds some, instead of bad.md
    status 2
    ");
    // What was named and cannot be read is more than a note.
    let named = home.run(&["lint", "good.md", "gone.md"]);
    assert_eq!(named.status, 2);
    assert!(named.stdout.contains("Note: gone.md left out: No such file"), "{}", named.stdout);
}

#[cfg(unix)]
#[test]
fn a_file_without_rights_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = home(&[("a.md", "# A\n"), ("locked.md", "# B\n")]);
    fs::set_permissions(home.path().join("locked.md"), fs::Permissions::from_mode(0o0)).expect("set");
    // Whoever may read everything sees no locks.
    if fs::read(home.path().join("locked.md")).is_err() {
        let outcome = home.run(&["lint", "."]);
        assert!(outcome.stdout.contains("locked.md left out: Permission denied"), "{}", outcome.stdout);
        assert_eq!(outcome.status, 0);
    }
}

#[test]
fn examples_are_tried_with_the_runbooks_beside_them() {
    let home = home(&[("r/cheese.md", OWN), ("r/notes.md", "# Notes\n")]);
    assert_snapshot!(session(&home.run(&["test", "r"])), @r"
    2 examples of 1 runbook: all pass.
    status 0
    ");
    assert_eq!(home.run(&["lint", "r"]).status, 0);
    home.write(
        "r/cheese.md",
        OWN.replace("aisle 3", "aisle 3: write /x: no space left on device")
            .replace("cheese in stock", "out of cheese"),
    );
    assert_snapshot!(session(&home.run(&["test", "r"])));
    let json = home.run(&["test", "r/cheese.md", "-o", "json"]).json();
    assert_eq!((json["failed"].as_u64(), json["passed"].as_u64()), (Some(2), Some(0)));
    let lint = home.run(&["lint", "r"]);
    assert!(lint.stdout.contains("example-ranks-wrong") && lint.status == 1, "{}", lint.stdout);
    assert!(home.run(&["test", "r", "-o", "junit"]).stdout.contains("failures=\"2\""));
}

#[test]
fn a_head_that_cannot_be_read_is_no_runbook_that_passes() {
    let home = home(&[("r/cheese.md", OWN), ("r/broken.md", &OWN.replace("severity: high", "sewerity: high"))]);
    let outcome = home.run(&["test", "r"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stdout.contains("Note: r/broken.md:6: "), "{}", outcome.stdout);
    assert_snapshot!(session(&home.run(&["test", "r/notes.md"])), @r"
    idp: error: nothing could be read: r/notes.md left out: No such file or directory (os error 2)
      help: name a Markdown file, or a directory that holds some, instead of r/notes.md
    status 2
    ");
    home.write("r/notes.md", "# Notes\n");
    assert_snapshot!(session(&home.run(&["test", "r/notes.md"])), @r"
    idp: error: there is no runbook with a head to test
      help: runbooks/README.md says what a head is; `idp runbook new` writes one
    status 2
    ");
}

#[test]
fn links_over_tls_are_asked_with_the_certificates_of_the_system() {
    use base64::Engine as _;

    let server = crate::api_server::ApiServer::build().with_tls().start();
    let config = fs::read_to_string(server.kubeconfig()).expect("there");
    let part = |before: &str, end: &[char]| {
        let (_, rest) = config.split_once(before).expect("there");
        rest.split(end).next().expect("a value").to_owned()
    };
    let authority =
        base64::prelude::BASE64_STANDARD.decode(part("certificate-authority-data: ", &['}'])).expect("base64");
    let page = format!("# X\n\n<{}/gone>\n", part("server: '", &['\'']));
    let home = home(&[("x.md", &page)]);
    home.write("ca.pem", authority);
    let ask = |name: &str| {
        let session = idp(&["runbook", "lint", "x.md", "--online"]).current_dir(home.path());
        session.env("SSL_CERT_FILE", &home.path().join(name).to_string_lossy()).run().stdout
    };
    let trusted = ask("ca.pem");
    assert!(trusted.contains("web-link-dead") && trusted.contains("the server says 404"), "{trusted}");
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    home.write("other.pem", other.cert.pem());
    let doubted = ask("other.pem");
    assert!(
        doubted.starts_with("Note: no answer about https://127.0.0.1") && doubted.contains("certificate"),
        "{doubted}"
    );
}

#[test]
fn the_proxy_of_the_environment_is_asked_instead() {
    let (proxy, requests) = web_server();
    let home = home(&[("x.md", "# X\n\n<http://runbooks.idp-check.dev/missing>\n")]);
    let session = idp(&["runbook", "lint", "x.md", "--online"]).current_dir(home.path());
    let outcome = session.env("HTTP_PROXY", &proxy).run();
    assert!(outcome.stdout.contains("the server says 404"), "{}", outcome.stdout);
    let asked: Vec<String> = requests.try_iter().collect();
    assert_eq!(asked[0], "HEAD http://runbooks.idp-check.dev/missing");
}
