//! Asks a person at a terminal for what a new runbook lacks. Questions go to standard error, so that the runbook can go to a file.

use dialoguer::{Input, Select};

use super::material::Material;
use super::new::{id_fault, short_id};
use crate::cli::RunbookNew;
use crate::runbook::taxonomy;

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// The title.
    pub(super) title: Option<String>,
    /// The id.
    pub(super) id: Option<String>,
    /// Category of the taxonomy.
    pub(super) category: Option<String>,
    /// A line of a log that shows the failure.
    pub(super) line: Option<String>,
}

/// Rows of a list that are shown at once.
const MOST_ROWS: usize = 12;

/// Asks for what neither the flags nor the log say.
pub(super) fn missing(args: &RunbookNew, material: &Material) -> anyhow::Result<Answers> {
    let title = match &args.title {
        Some(_) => None,
        None => Some(text("What fails, in a few words", material.title())?),
    };
    let proposed = args.title.as_deref().or(title.as_deref()).map(short_id);
    let id = match &args.id {
        Some(_) => None,
        None => Some(id(proposed)?),
    };
    let category = match &args.category {
        Some(_) => None,
        None => Some(category(material.category.as_deref())?),
    };
    let line = if material.clues.is_empty() { Some(line()?) } else { None };
    Ok(Answers { title, id, category, line: line.filter(|l| !l.trim().is_empty()) })
}

fn text(question: &str, proposed: Option<String>) -> anyhow::Result<String> {
    let input = Input::<String>::new().with_prompt(question);
    let input = match proposed {
        Some(proposed) => input.default(proposed),
        None => input,
    };
    Ok(input.interact_text()?)
}

fn id(proposed: Option<String>) -> anyhow::Result<String> {
    let input = Input::<String>::new().with_prompt("Its id: lower-case words joined by hyphens");
    let input = match proposed {
        Some(proposed) => input.default(proposed),
        None => input,
    };
    Ok(input.validate_with(|id: &String| id_fault(id)).interact_text()?)
}

fn category(proposed: Option<&str>) -> anyhow::Result<String> {
    let mut names: Vec<&str> = taxonomy().map(|(category, _, _)| category).collect();
    names.retain(|name| !["None", "Unknown"].contains(name));
    names.dedup();
    let wanted = proposed.unwrap_or("ApplicationError");
    let at = names.iter().position(|name| *name == wanted).unwrap_or(0);
    let select = Select::new().with_prompt("Its category").items(&names).default(at).max_length(MOST_ROWS);
    Ok(names[select.interact()?].to_owned())
}

fn line() -> anyhow::Result<String> {
    let input = Input::<String>::new().with_prompt("A line of a log that shows it (may be left empty)");
    Ok(input.allow_empty(true).interact_text()?)
}
