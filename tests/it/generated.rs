//! Generated files: what is committed is what the program generates. `IDP_UPDATE=1 cargo test generated` writes them.

use std::fs;
use std::path::Path;

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;
use idp::cli::Cli;

fn check(path: &str, wanted: &[u8]) {
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
fn the_schema_of_the_machine_format_is_current() {
    let mut text = serde_json::to_string_pretty(&idp::report::schema()).expect("JSON");
    text.push('\n');
    check("docs/diagnosis.schema.json", text.as_bytes());
}
