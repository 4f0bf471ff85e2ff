//! One line of a stack trace: whose language it is, and whether it is the program's own code.

use memchr::memmem::find;

use super::Language;
use super::library::is_library;

/// A frame of a stack trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Language, where the frame shows it; `at a.b(c)` may be more than one.
    pub language: Option<Language>,
    /// What to show: function and place.
    pub text: String,
    /// Not of the language's own library or of a well-known framework.
    pub own: bool,
}

/// No frame is read beyond so many bytes.
const LONGEST: usize = 2048;

impl Frame {
    /// Reads a frame, or `None` where the line is none.
    pub(super) fn of(line: &str) -> Option<Self> {
        let line = &line[..line.floor_char_boundary(LONGEST)];
        let text = line.trim();
        match text.as_bytes().first()? {
            b'a' if text.starts_with("at ") => at_frame(text),
            b'F' if text.starts_with("File \"") => python(text),
            b'#' => php(text).or_else(|| cpp(text)),
            b'@' => cpp_address(text),
            b'0'..=b'9' => rust(text).or_else(|| ruby(text)),
            _ => go(line, text).or_else(|| ruby(text)),
        }
    }

    pub(super) fn new(language: Language, text: &str) -> Self {
        Self { language: Some(language), text: text.to_owned(), own: !is_library(text) }
    }
}

/// Java, Kotlin, Scala, JavaScript, .NET and Rust all write `at something`.
fn at_frame(text: &str) -> Option<Frame> {
    let rest = without_packaging(text.strip_prefix("at ")?.trim());
    let rest = rest.strip_suffix(" {").unwrap_or(rest);
    let language = if is_java(rest) {
        Language::Java
    } else if is_rust_place(rest) {
        Language::Rust
    } else if is_script(rest) {
        Language::Node
    } else if is_net(rest) {
        Language::DotNet
    } else {
        return None;
    };
    let frame = Frame::new(language, rest);
    // Node's own files have a name alone.
    let placed = language != Language::Node || rest.contains(['/', '\\']);
    Some(Frame { own: frame.own && placed, ..frame })
}

/// Logback adds the archive of a class: `~[app.jar:1.0]`.
fn without_packaging(rest: &str) -> &str {
    let cut = rest.ends_with(']').then(|| rest.rfind(") ~[").or_else(|| rest.rfind(") ["))).flatten();
    cut.map_or(rest, |at| &rest[..=at])
}

/// Function and place of `name(place)`.
fn call(rest: &str) -> Option<(&str, &str)> {
    let (name, place) = rest.strip_suffix(')')?.rsplit_once('(')?;
    (!name.is_empty()).then_some((name, place))
}

fn is_java(rest: &str) -> bool {
    const FILES: [&str; 6] = [".java", ".kt", ".scala", ".groovy", ".clj", "SourceFile"];
    let Some((name, place)) = call(rest) else { return false };
    let (file, line) = place.rsplit_once(':').unwrap_or((place, ""));
    let named = name.contains('.') && !name.contains([' ', '(']);
    let known = matches!(file, "Native Method" | "Unknown Source" | "NO_SOURCE_FILE")
        || FILES.iter().any(|f| file.ends_with(f));
    let numbered = is_number(line) && !file.contains(['/', '\\', ' ', ':']);
    named && (known || numbered)
}

/// `./src/cart.rs:3:5`; a colon at its end would make it the head of a panic.
fn is_rust_place(rest: &str) -> bool {
    let Some((path, at)) = rest.split_once(".rs:") else { return false };
    !path.contains([' ', '(']) && at.split(':').all(is_number)
}

fn is_script(rest: &str) -> bool {
    let place = call(rest).filter(|(name, _)| name.ends_with(' ')).map_or(rest, |(_, place)| place);
    let mut parts = place.rsplit(':');
    let numbered = parts.next().is_some_and(is_number) && parts.next().is_some_and(is_number);
    let path = place.contains(['/', '\\', '.']) || place.starts_with("node:") || place.contains("<anonymous>");
    (numbered && path && (place.len() < rest.len() || !place.contains(' ')))
        || place == "<anonymous>"
        || (place == "native" && place.len() < rest.len())
        || (place.starts_with("index ") && rest.contains("Promise."))
}

fn is_net(rest: &str) -> bool {
    let Some((name, after)) = rest.split_once('(') else { return false };
    let named = name.contains('.') && !name.contains(' ') && !name.ends_with('.');
    named && (after.ends_with(')') || after.contains(") in "))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn python(text: &str) -> Option<Frame> {
    let (_, place) = text.strip_prefix("File \"")?.split_once("\", line ")?;
    place.starts_with(|c: char| c.is_ascii_digit()).then(|| Frame::new(Language::Python, text))
}

/// The second line of a Go frame: a tab, a path, a line number.
fn go(line: &str, text: &str) -> Option<Frame> {
    let at = find(text.as_bytes(), b".go:")?;
    let shaped = line.starts_with(['\t', ' '])
        && !text[..at].contains(' ')
        && text[at + 4..].starts_with(|c: char| c.is_ascii_digit());
    let text = text.split(" +0x").next().unwrap_or(text);
    (shaped && !text.contains(' ')).then(|| Frame::new(Language::Go, text))
}

fn ruby(text: &str) -> Option<Frame> {
    let rest = text.strip_prefix("from ").unwrap_or(text);
    let at = find(rest.as_bytes(), b".rb:")?;
    let place = &rest[at + 4..];
    let shaped = !rest[..at].contains(' ') && place.starts_with(|c: char| c.is_ascii_digit()) && place.contains(":in ");
    shaped.then(|| Frame::new(Language::Ruby, rest))
}

/// What follows `#12 `.
fn numbered(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('#')?;
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (after.len() < rest.len() && after.starts_with(' ')).then(|| after.trim())
}

fn php(text: &str) -> Option<Frame> {
    let rest = numbered(text)?;
    let shaped =
        rest.contains(".php(") || rest.contains(".php:") || rest == "{main}" || rest.starts_with("[internal function]");
    shaped.then(|| Frame { own: rest != "{main}" && !is_library(rest), ..Frame::new(Language::Php, rest) })
}

/// What a debugger and the sanitizers write: `#0 0x4f in f (…) at x.cc:3`.
fn cpp(text: &str) -> Option<Frame> {
    let rest = numbered(text)?;
    let after = rest.strip_prefix("0x").and_then(|r| r.split_once(" in ")).map(|(_, f)| f);
    let named = after.or_else(|| rest.contains(") at ").then_some(rest))?;
    Some(cpp_frame(named))
}

/// What glog and abseil write: `@ 0x7f00  32  f()`.
fn cpp_address(text: &str) -> Option<Frame> {
    let (_, rest) = text.strip_prefix('@')?.trim_start().strip_prefix("0x")?.split_once(' ')?;
    Some(cpp_frame(rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ')))
}

fn cpp_frame(text: &str) -> Frame {
    const RUNTIME: [&str; 10] =
        ["raise", "abort", "__", "gsignal", "malloc", "free", "operator ", "(unknown)", "absl::", "??"];
    let frame = Frame::new(Language::Cpp, text);
    Frame { own: frame.own && !RUNTIME.iter().any(|r| text.starts_with(r)), ..frame }
}

/// `   3: core::panicking::panic` of a Rust backtrace.
fn rust(text: &str) -> Option<Frame> {
    let (number, path) = text.split_once(": ")?;
    let path = path.split_once(" - ").filter(|(address, _)| address.starts_with("0x")).map_or(path, |(_, p)| p);
    let shaped = is_number(number) && path.contains("::") && (!path.contains(' ') || path.starts_with('<'));
    shaped.then(|| Frame::new(Language::Rust, path))
}

#[cfg(test)]
mod tests {
    use super::{Frame, Language};

    #[test]
    fn each_language_is_known_by_its_frames() {
        let table = [
            ("\tat shop.cart.Api.get(Api.java:12)", Language::Java, true),
            ("\tat java.base/java.lang.Thread.run(Thread.java:840)", Language::Java, false),
            ("\tat java.lang.Thread.run(Thread.java:840)", Language::Java, false),
            ("\tat app//shop.Cart.get(Cart.kt:3)", Language::Java, true),
            ("\tat shop.core$total.invoke(NO_SOURCE_FILE:3)", Language::Java, true),
            ("\tat shop.Cart$$Lambda$14/0x0001.apply(Unknown Source)", Language::Java, true),
            ("\tat shop.Cart.get(Cart.java:3) ~[app.jar:1.0]", Language::Java, true),
            ("\tat a.a.b(SourceFile:12)", Language::Java, true),
            ("    at Server.listen (/srv/app/index.js:3:9)", Language::Node, true),
            ("    at async run (file:///srv/app/a.mjs:1:2)", Language::Node, true),
            ("    at C:\\srv\\a.js:3:9", Language::Node, true),
            ("    at node:internal/main/run_main_module:23:47", Language::Node, false),
            ("    at Array.map (<anonymous>)", Language::Node, false),
            ("   at Shop.Cart.Get(Int32 id) in /src/Cart.cs:line 7", Language::DotNet, true),
            ("   at Shop.Cart.<Get>d__3.MoveNext()", Language::DotNet, true),
            ("   at System.Linq.Enumerable.First[TSource](IEnumerable`1 source)", Language::DotNet, false),
            ("  File \"/srv/app/main.py\", line 3, in <module>", Language::Python, true),
            ("  File \"/srv/app/main.py\", line 3", Language::Python, true),
            ("\t/srv/app/main.go:12 +0x1d", Language::Go, true),
            ("\truntime/panic.go:884 +0x212", Language::Go, false),
            ("\tfrom app/models/cart.rb:12:in `total'", Language::Ruby, true),
            ("\tfrom app/models/cart.rb:12:in 'Cart#total'", Language::Ruby, true),
            ("#0 /srv/app/index.php(12): run()", Language::Php, true),
            ("#2 {main}", Language::Php, false),
            ("   3: shop::cart::total", Language::Rust, true),
            ("             at ./src/cart.rs:3:5", Language::Rust, true),
            ("             at /rustc/90c541/library/core/src/panicking.rs:72:14", Language::Rust, false),
            ("    #0 0x4f5a in shop::total(int) /srv/x.cc:3:5", Language::Cpp, true),
            ("#1  0x00007f in __libc_start_main () at ../csu/libc-start.c:3", Language::Cpp, false),
            ("    @     0x55d0c1  32  shop::total()", Language::Cpp, true),
        ];
        for (line, language, own) in table {
            let frame = Frame::of(line).unwrap_or_else(|| unreachable!("{line}"));
            assert_eq!((frame.language, frame.own), (Some(language), own), "{line}");
        }
    }

    #[test]
    fn prose_is_no_frame() {
        for line in [
            "at last",
            "look at this (now)",
            "12: hello world",
            "#1 fix",
            "from here",
            "main.go: x",
            "at 10:20:30",
            "at this place. Then (later)",
            "at noon (12:30)",
            "#3 fixed at last",
            "@ home",
            "at src/main.rs:3:5:",
        ] {
            assert_eq!(Frame::of(line), None, "{line}");
        }
    }
}
