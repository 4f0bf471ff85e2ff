//! `idp runbook new`: a runbook out of a log, of what was typed, or of what is asked on a terminal.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::super::{Advice, Status, catalogue, complain};
use super::ask::{self, Answers};
use super::material::{self, Material};
use crate::checks::CHECKS;
use crate::cli::RunbookNew;
use crate::engine::{Clue, clue_of, settle};
use crate::finding::Severity;
use crate::lint::{Input, Page, Tree, lint_page};
use crate::runbook::outline::slug;
use crate::runbook::{Catalogue, Draft, head, knows_category, taxonomy};
use crate::settings::Settings;
use crate::store;

/// Where nothing says what kind of failure it is, it is the program's own.
const CATEGORY: &str = "ApplicationError";
/// A line that a program prints when nothing is wrong.
const HEALTHY: &str = "INFO started";

pub(super) fn run(args: &RunbookNew, settings: &Settings) -> anyhow::Result<Status> {
    let (mut known, _) = catalogue(settings);
    check(args)?;
    let mut material = match &args.log {
        Some(log) => material::of_log(log, &known)?,
        None => Material::default(),
    };
    let draft = drafted(args, &mut material)?;
    if known.get(&draft.id).is_some() {
        complain(&format!("idp: warning: {} exists already; in RUNBOOK_DIR the new one replaces it", draft.id));
    }
    let draft = settled(&mut known, draft);
    warn(&draft);
    publish(args.write.as_deref(), &draft)?;
    Ok(Status::Ran)
}

/// What was typed, before anything is read.
fn check(args: &RunbookNew) -> anyhow::Result<()> {
    if let Some(what) = args.id.as_deref().and_then(|id| id_fault(id).err()) {
        return Err(Advice {
            what: format!("--id: {what}"),
            help: "use something such as payment-gateway-refused".into(),
        }
        .into());
    }
    if let Some(category) = args.category.as_deref().filter(|c| !knows_category(c, "")) {
        let word = category.to_lowercase();
        let mut near: Vec<&str> =
            taxonomy().map(|(known, _, _)| known).filter(|known| known.to_lowercase().contains(&word)).collect();
        near.dedup();
        let help = if near.is_empty() {
            "`idp runbook list` names the categories".to_owned()
        } else {
            format!("do you mean {}?", near.join(" or "))
        };
        return Err(Advice { what: format!("--category: {category:?} is no category of the taxonomy"), help }.into());
    }
    Ok(())
}

/// Whether an id can be given to a runbook.
pub(super) fn id_fault(id: &str) -> Result<(), String> {
    if !head::is_kebab(id) {
        return Err(format!("{id:?} is not lower-case words joined by hyphens"));
    }
    if CHECKS.iter().any(|check| check.id == id) {
        return Err(format!("{id:?} is the id of a check of the cluster"));
    }
    Ok(())
}

/// Flags first, then what a person answers, then what the log says.
fn drafted(args: &RunbookNew, material: &mut Material) -> anyhow::Result<Draft> {
    let answers = if can_ask(args) { ask::missing(args, material)? } else { Answers::default() };
    let title = title(args, &answers, material).ok_or_else(|| Advice {
        what: "a new runbook needs a title".into(),
        help: "give --title, a log with --log, or run it on a terminal, where it asks".into(),
    })?;
    if let Some(line) = answers.line.as_deref() {
        material.clues = clue_of(line).into_iter().collect();
    }
    if material.clues.is_empty() {
        material.clues = vec![clue_of_title(&title)?];
    }
    let id = args.id.clone().or(answers.id).unwrap_or_else(|| short_id(&title));
    let category = args.category.clone().or(answers.category).or_else(|| material.category.clone());
    let clues = &material.clues;
    Ok(Draft {
        id,
        title,
        category: category.unwrap_or_else(|| CATEGORY.into()),
        severity: material.severity.unwrap_or(Severity::High),
        signals: clues.iter().map(|c| c.expression.clone()).collect(),
        captures: clues.first().map(|c| c.captures.iter().take(2).cloned().collect()).unwrap_or_default(),
        explains: Vec::new(),
        lines: clues.iter().map(|c| c.line.clone()).collect(),
        healthy: material.healthy.clone().unwrap_or_else(|| HEALTHY.into()),
    })
}

fn title(args: &RunbookNew, answers: &Answers, material: &Material) -> Option<String> {
    let typed = args.title.clone().or_else(|| answers.title.clone());
    let title = typed.or_else(|| args.id.as_deref().map(words)).or_else(|| material.title())?;
    let title = title.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

/// Where no line of a log is known, the title is the signal until somebody knows better.
fn clue_of_title(title: &str) -> anyhow::Result<Clue> {
    let clue = clue_of(&format!("ERROR {title}")).ok_or_else(|| Advice {
        what: format!("{title:?} says too little to be a signal"),
        help: "use a longer title, or a line of a log with --log".into(),
    })?;
    complain("idp: warning: no line of a log is known, so that the signal is the title: put in what programs print");
    Ok(clue)
}

/// Whether somebody is there who can answer, and something is left to ask.
fn can_ask(args: &RunbookNew) -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && (args.id.is_none() || args.title.is_none())
}

/// An id as words, for a title.
fn words(id: &str) -> String {
    let text = id.replace('-', " ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The first words of a title as an id.
pub(super) fn short_id(title: &str) -> String {
    let kept: String =
        slug(title).chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' }).collect();
    let words: Vec<&str> = kept.split('-').filter(|w| !w.is_empty()).take(6).collect();
    if words.is_empty() { "new-runbook".into() } else { words.join("-") }
}

/// The draft with as many of its signals as rank as they should, the most telling first.
fn settled(known: &mut Catalogue, mut draft: Draft) -> Draft {
    loop {
        match settle(known, draft.clone()) {
            Ok(draft) => return draft,
            Err(_) if draft.signals.len() > 1 => {
                draft.signals.pop();
                draft.lines.pop();
            }
            Err(why) => {
                complain(&format!("idp: warning: {why}"));
                return draft;
            }
        }
    }
}

/// Says what the linter will say.
fn warn(draft: &Draft) {
    let (path, text) = (format!("{}.md", draft.id), draft.text());
    let page = Page::read(Input { path: &path, text: &text });
    for finding in lint_page(&page, &Tree::new(std::slice::from_ref(&page), [])) {
        complain(&format!("idp: warning: line {}: {}", finding.line, finding.message));
    }
}

fn publish(dir: Option<&Path>, draft: &Draft) -> anyhow::Result<()> {
    let Some(dir) = dir else {
        let mut out = io::stdout().lock();
        out.write_all(draft.text().as_bytes())?;
        return Ok(out.flush()?);
    };
    let path = dir.join(format!("{}.md", draft.id));
    store::create(&path, &draft.text()).map_err(|error| not_written(&path, &error))?;
    complain(&format!("idp: wrote {0}; try it with `idp runbook test {0}`", path.display()));
    Ok(())
}

fn not_written(path: &Path, error: &io::Error) -> Advice {
    let shown = path.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Advice {
            what: format!("{shown} is there already and is not written over"),
            help: "give another --id, or move that file away".into(),
        };
    }
    Advice {
        what: format!("cannot write {shown}: {error}"),
        help: "name a directory that is there with --write".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{id_fault, short_id, words};

    #[test]
    fn ids_and_titles_are_made_of_each_other() {
        assert_eq!(words("payment-gateway-refused"), "Payment gateway refused");
        assert_eq!(
            short_id("The payment gateway – «PayÄ» – refuses all of our merchants"),
            "the-payment-gateway-pay-refuses-all"
        );
        assert_eq!(short_id("!"), "new-runbook");
        assert!(id_fault("a-b").is_ok() && id_fault("A b").is_err() && id_fault("container-oom-killed").is_err());
    }
}
