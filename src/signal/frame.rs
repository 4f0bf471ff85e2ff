//! One line of a stack trace: whose language it is, and whether it is the program's own code.

use super::Language;

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

impl Frame {
    /// Reads a frame, or `None` where the line is none.
    pub(super) fn of(line: &str) -> Option<Self> {
        let text = line.trim();
        at_frame(text)
            .or_else(|| python(text))
            .or_else(|| go(line, text))
            .or_else(|| ruby(text))
            .or_else(|| php(text))
            .or_else(|| rust(text))
    }
}

/// Java, Kotlin, Scala, JavaScript and .NET all write `at something`.
fn at_frame(text: &str) -> Option<Frame> {
    let rest = text.strip_prefix("at ")?;
    let place = rest.rsplit_once('(').map_or(rest, |(_, p)| p.trim_end_matches(')'));
    let line_number = place.rsplit(':').next().is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let java = [".java", ".kt", ".scala", ".groovy", ".clj", "Native Method", "Unknown Source"]
        .iter()
        .any(|e| place.contains(e));
    let script = [".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", "node:", "<anonymous>", "webpack"]
        .iter()
        .any(|e| place.contains(e));
    let net = rest.contains(") in ") || (rest.ends_with(')') && !line_number && rest.contains('.'));
    let language = if java && rest.contains('(') {
        Language::Java
    } else if script && (line_number || place.contains("<anonymous>")) {
        Language::Node
    } else if net {
        Language::DotNet
    } else {
        return None;
    };
    Some(Frame { language: Some(language), text: rest.to_owned(), own: !is_library(rest) })
}

fn python(text: &str) -> Option<Frame> {
    let rest = text.strip_prefix("File \"")?;
    rest.contains("\", line ").then(|| Frame {
        language: Some(Language::Python),
        text: text.to_owned(),
        own: !is_library(rest),
    })
}

/// The second line of a Go frame: a tab, a path, a line number.
fn go(line: &str, text: &str) -> Option<Frame> {
    let (path, rest) = text.split_once(".go:")?;
    let shaped = line.starts_with(['\t', ' ']) && !path.contains(' ') && rest.starts_with(|c: char| c.is_ascii_digit());
    shaped.then(|| Frame {
        language: Some(Language::Go),
        text: text.split(" +0x").next().unwrap_or(text).to_owned(),
        own: !is_library(text),
    })
}

fn ruby(text: &str) -> Option<Frame> {
    let rest = text.strip_prefix("from ").unwrap_or(text);
    let (path, place) = rest.split_once(".rb:")?;
    let shaped = !path.contains(' ') && place.starts_with(|c: char| c.is_ascii_digit()) && place.contains(":in ");
    shaped.then(|| Frame { language: Some(Language::Ruby), text: rest.to_owned(), own: !is_library(rest) })
}

fn php(text: &str) -> Option<Frame> {
    let rest = text.strip_prefix('#')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let shaped = digits > 0 && (rest.contains(".php(") || rest.contains(".php:") || rest.ends_with("{main}"));
    shaped.then(|| Frame {
        language: Some(Language::Php),
        text: rest[digits..].trim().to_owned(),
        own: !is_library(rest),
    })
}

/// `   3: core::panicking::panic` of a Rust backtrace.
fn rust(text: &str) -> Option<Frame> {
    let (number, path) = text.split_once(": ")?;
    let shaped =
        number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty() && path.contains("::") && !path.contains(' ');
    shaped.then(|| Frame { language: Some(Language::Rust), text: path.to_owned(), own: !is_library(path) })
}

/// Standard libraries and frameworks: a person looks at the frame below them.
fn is_library(text: &str) -> bool {
    const PREFIXES: [&str; 28] = [
        "java.",
        "javax.",
        "jakarta.",
        "jdk.",
        "sun.",
        "com.sun.",
        "kotlin.",
        "kotlinx.",
        "scala.",
        "org.apache.",
        "org.springframework.",
        "org.eclipse.jetty.",
        "io.netty.",
        "org.hibernate.",
        "reactor.",
        "com.fasterxml.",
        "com.zaxxer.",
        "org.junit.",
        "org.gradle.",
        "System.",
        "Microsoft.",
        "async System",
        "core::",
        "std::",
        "tokio::",
        "alloc::",
        "<core::",
        "<alloc::",
    ];
    const PARTS: [&str; 14] = [
        "site-packages",
        "dist-packages",
        "/lib/python",
        "<frozen ",
        "node:",
        "node_modules",
        "(internal/",
        "(module.js",
        "/usr/local/go/",
        "/go/pkg/mod/",
        "/vendor/",
        "/gems/",
        "/lib/ruby/",
        "<anonymous>",
    ];
    PREFIXES.iter().any(|p| text.starts_with(p))
        || PARTS.iter().any(|p| text.contains(p))
        || text.starts_with("internal/")
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
            ("    at Server.listen (/srv/app/index.js:3:9)", Language::Node, true),
            ("    at node:internal/main/run_main_module:23:47", Language::Node, false),
            ("   at Shop.Cart.Get(Int32 id) in /src/Cart.cs:line 7", Language::DotNet, true),
            ("  File \"/srv/app/main.py\", line 3, in <module>", Language::Python, true),
            ("\t/srv/app/main.go:12 +0x1d", Language::Go, true),
            ("\tfrom app/models/cart.rb:12:in `total'", Language::Ruby, true),
            ("#0 /srv/app/index.php(12): run()", Language::Php, true),
            ("   3: shop::cart::total", Language::Rust, true),
        ];
        for (line, language, own) in table {
            let frame = Frame::of(line).unwrap_or_else(|| unreachable!("{line}"));
            assert_eq!((frame.language, frame.own), (Some(language), own), "{line}");
        }
    }

    #[test]
    fn prose_is_no_frame() {
        for line in ["at last", "look at this (now)", "12: hello world", "#1 fix", "from here", "main.go: x"] {
            assert_eq!(Frame::of(line), None, "{line}");
        }
    }
}
