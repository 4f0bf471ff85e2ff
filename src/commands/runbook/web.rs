//! `idp runbook lint --online`: asks the web links of pages, and notes what stays open.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::{cluster, http};
use super::pages::Pages;
use crate::collect::web::{self, Answer, Limits};
use crate::lint::Page;
use crate::text::Count;

/// How often somebody who waits is shown that.
const OFTEN: Duration = Duration::from_millis(200);
/// Links whose answer stays open that are told one by one.
const MOST_OPEN: usize = 5;

/// Why each dead address is dead.
pub(super) fn ask(pages: &mut Pages) -> anyhow::Result<BTreeMap<String, String>> {
    let links = pages.all.iter().flat_map(|s| Page::read(s.input()).web_links());
    let mut urls: Vec<String> = links.map(|l| l.url).collect();
    urls.sort();
    urls.dedup();
    // Somebody at a terminal sees that it waits; anybody else sees nothing.
    let waiting = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    waiting.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar()));
    waiting.set_message(format!("asking {}", Count(urls.len() as u64, "web link")));
    waiting.enable_steady_tick(OFTEN);
    let limits = Limits::default();
    let client = http::client(limits.request)?;
    let answers = cluster::wait(web::ask(&client, urls, limits));
    waiting.finish_and_clear();
    let answers = answers?;
    let mut open = Vec::new();
    let mut dead = BTreeMap::new();
    for (url, answer) in answers {
        match answer {
            Answer::Alive => {}
            Answer::Dead(why) => _ = dead.insert(url, why),
            Answer::Open(why) => open.push(format!("{url}: {why}")),
        }
    }
    pages.notes.extend(told(open));
    Ok(dead)
}

fn told(mut open: Vec<String>) -> Vec<String> {
    let more = open.len().saturating_sub(MOST_OPEN);
    open.truncate(MOST_OPEN);
    let mut notes: Vec<String> = open.into_iter().map(|what| format!("no answer about {what}")).collect();
    if more > 0 {
        notes.push(format!("no answer about {}", Count(more as u64, "more web link")));
    }
    notes
}
