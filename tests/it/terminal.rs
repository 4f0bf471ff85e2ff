//! What a person sees on a real terminal.

use rexpect::session::spawn_command;

fn command(args: &[&str]) -> std::process::Command {
    #[expect(clippy::disallowed_methods, reason = "the test needs a pseudo-terminal around the program")]
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_idp"));
    command.args(args).env_clear().env("IDP_CONFIG", "/dev/null").env("TERM", "xterm-256color");
    command
}

#[test]
fn without_input_on_a_terminal_it_says_how_to_use_it() {
    let mut session = spawn_command(command(&["diagnose"]), Some(10_000)).expect("starts");
    session.exp_string("nothing to read: no file is named and standard input is a terminal").expect("the reason");
    session
        .exp_string("help: pipe something in, as in `kubectl logs deploy/api --previous | idp diagnose`")
        .expect("the way out");
    let status = session.process_mut().wait().expect("ends");
    assert!(format!("{status:?}").contains("Exited") && format!("{status:?}").contains(", 2)"), "{status:?}");
}

#[test]
fn a_terminal_gets_colour_and_no_color_takes_it_away() {
    let dir = tempfile::tempdir().expect("a folder");
    let log = dir.path().join("app.log");
    std::fs::write(&log, "write /data/x: no space left on device\n").expect("written");
    let path = log.to_string_lossy().into_owned();
    let mut session = spawn_command(command(&["diagnose", &path]), Some(10_000)).expect("starts");
    let shown = session.exp_eof().expect("ends");
    assert!(shown.contains("\u{1b}[") && shown.contains("DiskFull"), "{shown}");
    let mut plain = command(&["diagnose", &path]);
    plain.env("NO_COLOR", "1");
    let shown = spawn_command(plain, Some(10_000)).expect("starts").exp_eof().expect("ends");
    assert!(!shown.contains('\u{1b}') && shown.contains("DiskFull"), "{shown}");
}

#[test]
fn secrets_are_shown_only_to_a_person_who_asks_on_a_terminal() {
    let dir = tempfile::tempdir().expect("a folder");
    let log = dir.path().join("app.log");
    let text = "DB_PASSWORD=hunter2hunter2\nwrite postgres://app:s3cr3tpass@db/x: no space left on device\n";
    std::fs::write(&log, text).expect("written");
    let path = log.to_string_lossy().into_owned();
    let shown = |args: &[&str]| spawn_command(command(args), Some(10_000)).expect("starts").exp_eof().expect("ends");
    let hidden = shown(&["diagnose", "--color", "never", &path]);
    assert!(hidden.contains("[redacted") && !hidden.contains("hunter2") && !hidden.contains("s3cr3tpass"), "{hidden}");
    let open = shown(&["diagnose", "--color", "never", "--no-redact", &path]);
    assert!(open.contains("hunter2hunter2") && open.contains("s3cr3tpass"), "{open}");
}

/// A running `idp` whose input is a pipe that stays open.
pub(crate) struct Following {
    child: std::process::Child,
    input: Option<std::process::ChildStdin>,
    output: std::sync::mpsc::Receiver<Vec<u8>>,
}

/// Begins to follow.
pub(crate) fn follow() -> Following {
    running(&["diagnose", "--follow"])
}

/// Starts a program that goes on until somebody stops it.
pub(crate) fn running(args: &[&str]) -> Following {
    use std::io::Read;
    use std::process::Stdio;
    let mut child =
        command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
    let mut stdout = child.stdout.take().expect("piped");
    let (sender, output) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = stdout.read(&mut bytes) {
            if sender.send(bytes[..read].to_vec()).is_err() {
                break;
            }
        }
    });
    Following { input: child.stdin.take(), child, output }
}

impl Following {
    pub(crate) fn send_line(&mut self, line: &str) {
        use std::io::Write;
        let input = self.input.as_mut().expect("open");
        writeln!(input, "{line}").expect("written");
        input.flush().expect("flushed");
    }

    /// Everything that is shown until `text` is.
    pub(crate) fn wait_for(&mut self, text: &str, limit: std::time::Duration) -> String {
        let mut shown = String::new();
        let until = std::time::Instant::now() + limit;
        while !shown.contains(text) {
            let left = until.saturating_duration_since(std::time::Instant::now());
            let more = self.output.recv_timeout(left);
            assert!(more.is_ok(), "{text:?} is not shown: {shown}");
            shown.push_str(&String::from_utf8_lossy(&more.unwrap_or_default()));
        }
        shown
    }

    /// Closes the pipe, as a log that ends does.
    pub(crate) fn close(&mut self) {
        self.input = None;
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&mut self) {
        #[expect(clippy::disallowed_methods, reason = "a signal comes from another program")]
        let status = std::process::Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(status.expect("kill is there").success());
    }

    pub(crate) fn status(&mut self) -> Option<i32> {
        self.child.wait().expect("ends").code()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_runbook_goes_through_the_pager_of_the_person_and_through_none_where_it_cannot_be_started() {
    let shown = |pager: &str, args: &[&str]| {
        let mut command = command(&[&["runbook", "show", "oomkilled"], args].concat());
        command.env("PAGER", pager).env("PATH", "/usr/bin:/bin");
        spawn_command(command, Some(20_000)).expect("starts").exp_eof().expect("ends")
    };
    let through = shown("grep -c Meaning", &[]);
    assert_eq!(through.trim(), "1");
    for whole in [shown("grep -c Meaning", &["--no-pager"]), shown("/nonexistent/pager -x", &[]), shown("cat", &[])] {
        assert!(whole.contains("Process killed for memory") && whole.contains("Mitigation"), "{whole}");
    }
}

#[test]
fn a_new_runbook_is_asked_for_on_a_terminal() {
    let mut session = spawn_command(command(&["runbook", "new"]), Some(20_000)).expect("starts");
    session.exp_string("What fails, in a few words").expect("the first question");
    session.send_line("The payment gateway refuses").expect("sent");
    session.exp_string("Its id").expect("the second question");
    session.send_line("").expect("sent");
    session.exp_string("Its category").expect("the third question");
    session.send_line("").expect("sent");
    session.exp_string("A line of a log that shows it").expect("the last question");
    session.send_line("ERROR gateway pay-7 refused the payment 4711").expect("sent");
    let shown = session.exp_eof().expect("ends");
    assert!(
        shown.contains("id: the-payment-gateway-refuses") && shown.contains("category: ApplicationError"),
        "{shown}"
    );
    assert!(shown.contains("refused the payment"), "{shown}");
}
