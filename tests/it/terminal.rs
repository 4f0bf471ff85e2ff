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
    session.exp_string("nothing to diagnose: no file is named and standard input is a terminal").expect("the reason");
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
