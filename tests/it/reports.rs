//! Every output format over one shared fixture.

use insta::assert_snapshot;

use idp::diagnosis::Given;
use idp::engine::Engine;
use idp::evidence::Source;
use idp::report::{Format, Report, Style, write};
use idp::runbook::Catalogue;

const LOG: &str = "\
2026-01-31T08:00:00Z INFO starting exporter
2026-01-31T08:00:05Z ERROR cannot write /data/export/part-0001: write /data/export/part-0001: no space left on device
2026-01-31T08:00:05Z ERROR cannot write /data/export/part-0002: write /data/export/part-0002: no space left on device
2026-01-31T08:00:06Z FATAL export aborted
";

fn report(text: &str) -> Report {
    let catalogue = Catalogue::built_in();
    let mut engine = Engine::new(&catalogue);
    engine.begin(Source::File("export.log".into()));
    engine.push(text.as_bytes());
    let given = Given { values: vec![("namespace", "shop".into()), ("pod", "export-0".into())], ..Given::default() };
    Report {
        diagnosis: engine.conclude(&given),
        request_id: "0".repeat(32),
        timestamp: "2026-01-31T08:00:10.000Z".into(),
        top: 3,
        explain: false,
        quiet: false,
        comparison: None,
    }
}

fn shown(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    write(report, format, Style { color: false, width: 80 }, &mut out).expect("written");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn human() {
    assert_snapshot!(shown(&report(LOG), Format::Human));
}

#[test]
fn json() {
    assert_snapshot!(shown(&report(LOG), Format::Json));
}

#[test]
fn yaml() {
    assert_snapshot!(shown(&report(LOG), Format::Yaml));
}

#[test]
fn markdown() {
    assert_snapshot!(shown(&report(LOG), Format::Markdown));
}

#[test]
fn github() {
    assert_snapshot!(shown(&report(LOG), Format::Github));
}

#[test]
fn nothing_failed() {
    let calm = report("all is well\n");
    for format in [Format::Human, Format::Markdown, Format::Github] {
        assert_snapshot!(format!("nothing_{format:?}").to_lowercase(), shown(&calm, format));
    }
}

#[test]
fn an_unknown_failure() {
    assert_snapshot!(shown(&report("INFO up\nERROR the flux capacitor is misaligned\nINFO down\n"), Format::Human));
}

#[test]
fn no_line_of_prose_is_wider_than_the_terminal() {
    let shown = shown(&report(LOG), Format::Human);
    // Commands are never broken: they are copied.
    let prose =
        shown.lines().filter(|l| !l.trim_start().starts_with(|c: char| c.is_ascii_digit()) && !l.contains("kubectl"));
    for line in prose {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn markdown_quotes_cannot_become_markup() {
    let evil = "ERROR write /x: no space left on device ``` ![a](http://e) <img src=x> @team\n";
    let shown = shown(&report(evil), Format::Markdown);
    let outside: String = shown.split("````").step_by(2).collect();
    assert!(!outside.contains("<img") && !outside.contains("![a]"), "{shown}");
}

#[test]
fn a_quoted_line_cannot_command_the_runner() {
    let evil = "::error::no space left on device\nx ##[error]write /x: no space left on device\n";
    let shown = shown(&report(evil), Format::Github);
    let commands: Vec<&str> = shown.lines().filter(|l| l.trim_start().starts_with("::")).collect();
    assert!(
        commands.iter().all(|c| c.starts_with("::error file=") || c.starts_with("::group::") || *c == "::endgroup::"),
        "{commands:?}"
    );
}
