//! Generated files: what is committed is what the program generates. `IDP_UPDATE=1 cargo test generated` writes them.

use std::fs;
use std::path::Path;

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;
use idp::cli::Cli;

pub(crate) fn check(path: &str, wanted: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("IDP_UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(&path, wanted).expect("written");
    }
    let found = fs::read(&path).unwrap_or_default();
    assert!(found == wanted, "{} is out of date: run `IDP_UPDATE=1 cargo test generated`", path.display());
}

#[test]
fn completions_are_current() {
    for shell in Shell::value_variants() {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut Cli::command(), "idp", &mut script);
        check(&format!("completions/{}", clap_complete::Generator::file_name(shell, "idp")), &script);
    }
}

#[test]
fn man_pages_are_current() {
    page(&Cli::command(), "idp");
}

fn page(command: &clap::Command, name: &str) {
    let title: &'static str = name.to_owned().leak();
    let named = command.clone().name(title).bin_name(name.replace('-', " "));
    let mut text = Vec::new();
    clap_mangen::Man::new(named).render(&mut text).expect("rendered");
    check(&format!("man/{name}.1"), &text);
    for sub in command.get_subcommands() {
        page(sub, &format!("{name}-{}", sub.get_name()));
    }
}

#[test]
fn the_schemas_of_the_machine_formats_are_current() {
    let mut text = serde_json::to_string_pretty(&idp::report::schema()).expect("JSON");
    text.push('\n');
    check("docs/diagnosis.schema.json", text.as_bytes());
    let mut text = serde_json::to_string_pretty(&idp::report::logs::schema()).expect("JSON");
    text.push('\n');
    check("docs/logs.schema.json", text.as_bytes());
    let mut text = serde_json::to_string_pretty(&idp::report::health::schema()).expect("JSON");
    text.push('\n');
    check("docs/health.schema.json", text.as_bytes());
    let mut text = serde_json::to_string_pretty(&idp::report::search::schema()).expect("JSON");
    text.push('\n');
    check("docs/search.schema.json", text.as_bytes());
    let mut text = serde_json::to_string_pretty(&idp::report::lint::schema()).expect("JSON");
    text.push('\n');
    check("docs/lint.schema.json", text.as_bytes());
    let mut text = serde_json::to_string_pretty(&idp::report::runbook_schema()).expect("JSON");
    text.push('\n');
    check("docs/runbook.schema.json", text.as_bytes());
    let mut text = serde_json::to_string_pretty(&idp::server::openapi()).expect("JSON");
    text.push('\n');
    check("docs/openapi.json", text.as_bytes());
}

#[test]
fn the_rules_of_the_linter_are_documented() {
    check("docs/lint.md", idp::lint::documentation().as_bytes());
}

/// The session that the README shows is what the program prints.
#[test]
fn the_session_in_the_readme_is_current() {
    const OPEN: &str = "<!-- session: ";
    const CLOSE: &str = "<!-- end of session -->";
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("there");
    let (before, rest) = readme.split_once(OPEN).expect("a session");
    let (args, rest) = rest.split_once(" -->\n").expect("its arguments");
    let (_, after) = rest.split_once(CLOSE).expect("its end");
    let words: Vec<&str> = args.split(' ').collect();
    let outcome = crate::harness::idp(&words).current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).run();
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let wanted = format!("{before}{OPEN}{args} -->\n```text\n{}```\n{CLOSE}{after}", outcome.stdout);
    check("README.md", wanted.as_bytes());
}

#[test]
fn every_key_of_the_configuration_is_documented() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md")).expect("there");
    let shown = crate::harness::idp(&["config", "show"]).run().stdout;
    for line in shown.lines() {
        let key = line.trim_start_matches("# ").split(' ').next().unwrap_or("");
        assert!(text.contains(&format!("| `{key}` |")), "{key} is not documented");
    }
}

/// A piece of code in a Markdown table.
fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{}{fence}", text.replace('|', "\\|"))
}

#[test]
fn the_formats_are_documented() {
    use idp::evidence::format::{FORMATS, Kind, name_and_read};
    use std::fmt::Write as _;

    let mut text = String::from(
        "# Log formats\n\n<!-- Generated from the formats themselves: `IDP_UPDATE=1 cargo test generated`. -->\n\n\
         Nobody is asked which format a log has: it is found for every line, through up to four layers, so that a JSON log inside a\n\
         container's log inside a CI job's log is read to its core. What no format takes apart stays plain text. Parts of a line that a\n\
         container runtime cut (`P`) are joined before anything reads them, and a stack trace is one event in every format.\n\n\
         A *wrapper* carries lines as programs wrote them and is taken off before signals look; a *relay* carries messages with a head of\n\
         its own; a *program* writes its own lines.\n",
    );
    for (kind, title) in [(Kind::Wrapper, "Wrappers"), (Kind::Relay, "Relays"), (Kind::Program, "Programs")] {
        let _ = write!(text, "\n## {title}\n");
        for format in FORMATS.iter().filter(|f| f.kind == kind) {
            let _ = write!(text, "\n### {}\n\n`{}`, [specification]({})\n", format.title, format.name, format.link);
            for (dialect, sample) in format.samples {
                let (names, record) = name_and_read(sample);
                let _ = write!(text, "\n{dialect}:\n\n```text\n{sample}\n```\n\n| part | value |\n| --- | --- |\n");
                let mut row = |part: &str, value: Option<String>| {
                    if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
                        let _ = writeln!(text, "| {part} | {} |", code(&value.replace('\n', "⏎")));
                    }
                };
                row("read as", (names.len() > 1).then(|| names.join(" → ")));
                row("time", record.time.map(|t| t.to_string()));
                row("level", record.level.map(|l| l.to_string()));
                row("pod", record.pod.map(Into::into));
                row("container", record.container.map(Into::into));
                row("logger", record.logger.map(Into::into));
                row("message", Some(record.message.into()));
                for (name, value) in record.fields {
                    row(&format!("field {}", code(&name)), Some(value.into()));
                }
            }
        }
    }
    check("docs/formats.md", text.as_bytes());
}

/// What the workflow and the hooks run are commands that there are.
#[test]
fn what_ci_is_told_to_run_is_understood() {
    use clap::Parser;
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("there");
    let hooks: serde_json::Value = serde_saphyr::from_str(&read(".pre-commit-hooks.yaml")).expect("YAML");
    let hooks = hooks.as_array().expect("a list").clone();
    let entries = hooks.iter().map(|hook| hook["entry"].as_str().expect("an entry").to_owned());
    let workflow = read("docs/ci/runbook-lint.yml");
    let _: serde_json::Value = serde_saphyr::from_str(&workflow).expect("YAML");
    let steps = workflow.lines().filter_map(|l| l.split_once("run: idp ")).map(|(_, args)| format!("idp {args}"));
    let commands: Vec<String> = entries.chain(steps).collect();
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands {
        let words = command.split(" > ").next().unwrap_or_default().split(' ');
        assert!(Cli::try_parse_from(words).is_ok(), "{command}");
    }
    for pin in workflow.lines().filter_map(|l| l.split_once("uses: ")) {
        let (_, commit) = pin.1.split_once('@').expect("a pin");
        assert!(
            commit.chars().take_while(char::is_ascii_hexdigit).count() == 40 && commit.contains(" # v"),
            "{}",
            pin.1
        );
    }
}
