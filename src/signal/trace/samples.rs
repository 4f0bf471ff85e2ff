//! Traces as their runtimes print them, each read plain, behind prefixes and inside JSON strings.

use proptest::prelude::*;

use super::samples_jvm::JVM;
use super::samples_native::NATIVE;
use super::samples_script::SCRIPT;
use super::{Exception, Language, Tracker};

/// A trace and what is to be read off it.
pub(super) struct Sample {
    pub text: &'static str,
    pub language: Language,
    pub outer: &'static str,
    pub innermost: &'static str,
    /// Line of the innermost.
    pub line: u64,
    pub frame: &'static str,
}

pub(super) fn read(text: &str) -> Vec<Exception> {
    let mut tracker = Tracker::default();
    for (number, line) in (1..).zip(text.lines()) {
        tracker.line(number, line);
    }
    tracker.finish()
}

fn samples() -> impl Iterator<Item = &'static Sample> {
    JVM.iter().chain(SCRIPT).chain(NATIVE)
}

fn check(sample: &Sample, text: &str, line: u64) {
    let found = read(text);
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    let one = &found[0];
    assert_eq!(one.language, sample.language, "{text}");
    assert_eq!(one.outer.to_string(), sample.outer, "outer of\n{text}");
    assert_eq!(one.innermost.to_string(), sample.innermost, "innermost of\n{text}");
    assert_eq!(one.innermost.line, line, "line of\n{text}");
    assert_eq!(one.frame.as_deref().unwrap_or(""), sample.frame, "frame of\n{text}");
}

#[test]
fn as_it_is() {
    for sample in samples() {
        check(sample, sample.text, sample.line);
        let within = format!("10:00 starting\n{}\n10:01 INFO next: fine\n", sample.text);
        check(sample, &within, sample.line + 1);
    }
}

#[test]
fn behind_a_prefix_on_every_line() {
    let prefixes: [fn(usize) -> String; 5] = [
        |n| format!("2024-01-01 10:00:{n:02} ERROR [main] c.x.App "),
        |n| format!("2024-01-01T10:00:00.{n}Z stderr F "),
        |n| format!("Jan 31 08:00:{n:02} host app[7]: "),
        |n| format!("E0131 08:00:00.{n:06} 7 main.go:12] "),
        |n| format!("01-31 08:00:{n:02}.123  1234  1250 E AndroidRuntime: "),
    ];
    for sample in samples() {
        for prefix in prefixes {
            let lines = sample.text.lines().enumerate().map(|(n, line)| prefix(n) + line);
            check(sample, &lines.collect::<Vec<_>>().join("\n"), sample.line);
        }
    }
}

#[test]
fn inside_a_json_string() {
    for sample in samples() {
        let once = serde_json::json!({"level": "error", "msg": "it broke", "stack": sample.text, "z": 1}).to_string();
        check(sample, &format!("before\n{once}\nafter"), 2);
        let twice = serde_json::json!({"a": 1, "log": once}).to_string();
        check(sample, &twice, 1);
    }
}

#[test]
fn lines_of_others_in_between_end_nothing() {
    for sample in samples().filter(|s| s.text.contains("Caused by: ") || s.language == Language::Go) {
        let lines = sample.text.lines().map(|l| format!("{l}\n10:00 INFO other thread, retrying after FooError: x"));
        check(sample, &lines.collect::<Vec<_>>().join("\n"), 2 * sample.line - 1);
    }
}

#[test]
fn each_header_begins_its_own_trace() {
    for sample in samples() {
        let found =
            read(&format!("{}\n{}\n", sample.text, "ERROR [x] java.lang.NewError: y\n\tat shop.New.run(New.java:1)"));
        assert_eq!(found.len(), 2, "{}\n{found:#?}", sample.text);
        assert_eq!(found[1].innermost.to_string(), "java.lang.NewError: y");
    }
}

#[test]
fn ordinary_text_is_no_trace() {
    let table = [
        "INFO all good\nerrors=0\nlooking at things\nException handling is on\n",
        "The server panicked at noon.\nWe had to panic: it was late\nat last we left (at home)\n",
        "+        raise ValueError(\"x\")\n-    at last\n@@ -1,3 +1,3 @@ class FooError:\n #1 fix\n",
        "<p>java.lang.IllegalStateException: boom</p>\n<p>Caused by: nothing (at all)</p>\n",
        "12: fn main() {\n13:     panic!(\"x\");\n14: }\nerror: aborting due to FooError: x\n",
        "class FooError(Exception):\n    pass\n\ntry:\n    run()\nexcept FooError:\n    log()\n",
        "fatal error: zlib.h: No such file or directory\ncompilation terminated.\n",
        "see File \"x.py\" for details\nWe saw a Segmentation fault in the old version\n",
        "{\"msg\":\"C:\\\\new\\\\temp FooError: x\\nsecond line\"}\n",
        "terminate the process\nterminated: Killed\nkernel panic: not syncing\n",
        "Error: upgrade failed\nhelm.sh/helm/pkg/action.Run\n\t/src/helm/pkg/action/action.go:62\n",
        "Error: no config\n\nStack backtrace:\n   0: anyhow::error::msg\n             at ./src/main.rs:3:5\n",
        "Fatal error: something went wrong\nFatal error: in the build\n",
    ];
    for text in table {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn a_logger_may_put_its_prefix_before_the_first_line_alone() {
    let sample = "ERROR:root:it broke Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    g()\nOSError: gone";
    assert_eq!(read(sample)[0].innermost.to_string(), "OSError: gone");
    let sample = "10:00 ERROR c.x.App - failed: java.lang.FooException: x\n\tat a.B.c(B.java:3)\n10:01 INFO y";
    assert_eq!((read(sample)[0].innermost.to_string().as_str(), read(sample)[0].end), ("java.lang.FooException: x", 2));
}

#[test]
fn what_loggers_and_tools_put_around_a_trace_is_read_past() {
    let table = [
        (
            "E/AndroidRuntime( 99): FATAL EXCEPTION: main\nE/AndroidRuntime( 99): Process: shop, PID: 99\n\
             E/AndroidRuntime( 99): java.lang.IllegalStateException: boom\nE/AndroidRuntime( 99): \tat shop.Main.onCreate(Main.kt:3)",
            "java.lang.IllegalStateException: boom at shop.Main.onCreate(Main.kt:3)",
        ),
        (
            "10:00 ERROR 1 --- [exec-1] o.a.c.C.[/].[dispatcherServlet] : Servlet.service() threw exception [Request processing failed: \
             java.lang.RuntimeException: outer] with root cause\n\njava.io.IOException: inner\n\tat shop.Disk.read(Disk.java:9)",
            "java.io.IOException: inner at shop.Disk.read(Disk.java:9)",
        ),
        (
            "E0131 08:00:00.1 7 runtime.go:79] Observed a panic: \"boom\" (boom)\ngoroutine 1 [running]:\nmain.main()\n\t/srv/shop/main.go:5 +0x1d",
            "panic: \"boom\" (boom) at /srv/shop/main.go:5",
        ),
        (
            "2024/01/01 10:00:00 panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/shop/main.go:5 +0x1d",
            "panic: boom at /srv/shop/main.go:5",
        ),
        (
            "ERROR:root:it broke\nTraceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    g()\nOSError: gone\nINFO:root:next",
            "OSError: gone at File \"/a.py\", line 1, in f",
        ),
        (
            "result = 'Traceback (most recent call last):\\n  File \"/a.py\", line 1, in f\\n    g()\\nOSError: gone\\n'",
            "OSError: gone at File \"/a.py\", line 1, in f",
        ),
        (
            r#"{"@l":"Error","@x":"System.InvalidOperationException: bad\r\n   at Shop.Run(String x) in C:\\src\\A.cs:line 3\r\n"}"#,
            r"System.InvalidOperationException: bad at Shop.Run(String x) in C:\src\A.cs:line 3",
        ),
        (
            r#"level=error msg="it broke" stack="java.lang.X: boom\n\tat a.B.c(B.java:3)\nCaused by: a.Y: z" thread=main"#,
            "a.Y: z at a.B.c(B.java:3)",
        ),
        (
            "file:///srv/a.mjs:1\nimport x from 'y'\n       ^\nSyntaxError: The requested module 'y' does not provide x\n\
             \x20   at ModuleJob._instantiate (node:internal/modules/esm/module_job:123:21)",
            "SyntaxError: The requested module 'y' does not provide x at ModuleJob._instantiate (node:internal/modules/esm/module_job:123:21)",
        ),
        (
            "Program received signal SIGSEGV, Segmentation fault.\n0x000055 in total (n=1) at cart.cc:3\n3\t  return *p;\n\
             #0  0x000055 in total (n=1) at cart.cc:3\n#1  main () at main.cc:9",
            "SIGSEGV: Segmentation fault. at total (n=1) at cart.cc:3",
        ),
        (
            "WARN: RuntimeError: boom\nWARN: /srv/app/job.rb:3:in `perform'\nWARN: /usr/lib/ruby/gems/x.rb:3:in `run'",
            "RuntimeError: boom at /srv/app/job.rb:3:in `perform'",
        ),
        (
            r#"{"level":"error","msg":"thread 'main' panicked at src/a.rs:1:2:\nno config\nnote: run with x"}"#,
            "panic: no config at src/a.rs:1:2",
        ),
        (
            "2024/05/01 [error] 29#29: *4 FastCGI sent in stderr: \"PHP message: PHP Fatal error:  Out of memory in /srv/a.php on line 9\" while reading",
            "Fatal error: Out of memory at /srv/a.php:9",
        ),
        (
            r#"[2024-05-01] production.ERROR: no {"exception":"[object] (App\\NoCart(code: 0): no cart at /srv/Report.php:40)"}"#,
            r"App\NoCart: no cart at /srv/Report.php:40",
        ),
        (
            "app[7]: Exception in thread \"main\" java.lang.FooException: a \"quoted\" word\n\tat shop.A.b(A.java:1)",
            "java.lang.FooException: a \"quoted\" word at shop.A.b(A.java:1)",
        ),
        (
            "javax.mail.SendFailedException: Invalid Addresses;\n  nested exception is:\nmail.AddressFailedException: 550\n\n\tat shop.Mail.send(Mail.java:3)",
            "mail.AddressFailedException: 550 at shop.Mail.send(Mail.java:3)",
        ),
        (
            "PHP Fatal error:  Uncaught exception 'DbException' with message 'no db' in /srv/a.php:60\nStack trace:\n#0 {main}",
            "DbException: no db at /srv/a.php:60",
        ),
        (
            "FastCGI sent in stderr: \"PHP message: PHP Fatal error:  Uncaught Error: no in /srv/a.php:3\nStack trace:\n#0 {main}\n  thrown\"",
            "Error: no at /srv/a.php:3",
        ),
    ];
    for (text, said) in table {
        let found = read(text);
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        assert_eq!(format!("{} at {}", found[0].innermost, found[0].frame.as_deref().unwrap_or("")), said, "{text}");
    }
}

#[test]
fn two_traces_of_python_without_a_bridge_are_two() {
    let one = "Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    g()\nOSError: gone\n";
    assert_eq!(read(&one.repeat(2)).len(), 2);
}

#[test]
fn an_endless_trace_stays_one_event() {
    let mut text = "java.lang.StackOverflowError\n".to_owned();
    text.push_str(&"\tat shop.Loop.run(Loop.java:3)\n".repeat(100_000));
    let found = read(&text);
    assert_eq!((found.len(), found[0].end), (1, 100_001));
}

#[test]
fn of_many_traces_some_are_kept_from_both_ends() {
    let lines: Vec<String> = (0..40).map(|n| format!("panic: {n}")).collect();
    let found = read(&lines.join("\n"));
    assert_eq!((found.len(), found[7].outer.message.as_str(), found[15].outer.message.as_str()), (16, "7", "39"));
}

#[test]
fn a_syntax_error_in_the_main_file_has_no_header() {
    let found = read("  File \"/srv/a.py\", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax");
    assert_eq!(found[0].innermost.to_string(), "SyntaxError: invalid syntax");
    assert_eq!(read("  File \"/srv/a.py\", line 3\nhello\n"), []);
}

#[test]
fn glibc_and_the_shell_have_the_last_word() {
    let table = [
        ("*** stack smashing detected ***: terminated", "stack smashing detected"),
        ("double free or corruption (fasttop)\nAborted (core dumped)", "abort: double free or corruption (fasttop)"),
        ("./run.sh: line 3: 7 Segmentation fault (core dumped) ./app", "Segmentation fault"),
        ("Segmentation fault", "Segmentation fault"),
        ("terminate called without an active exception", "terminate: no active exception"),
        ("libc++abi: terminating due to uncaught exception of type std::bad_alloc: no", "std::bad_alloc: no"),
    ];
    for (text, said) in table {
        let found = read(text);
        assert_eq!((found.len(), found[0].language, found[0].outer.to_string().as_str()), (1, Language::Cpp, said));
    }
}

#[test]
fn a_megabyte_of_escapes_is_read_once() {
    let line = format!("{{\"stack\":\"java.lang.X: boom{}\"}}", "\\n\\tat a.B.c(B.java:3)".repeat(50_000));
    assert_eq!(read(&line).len(), 1);
    assert_eq!(read(&format!("FooError: {}", "at \\\"\\n".repeat(150_000))), []);
}

proptest! {
    #[test]
    fn any_lines_are_survived(text in "(Traceback \\(most recent call last\\):\n|  File \"x\", line 1\n|panic: |\tat a.B\\(C.java:1\\)\n|Caused by: |thread 'x' panicked at |a.rs:1:2:\n|\\\\n|\"|  \\| |[a-zA-Zé: .#(]{0,9}\n){0,30}") {
        let _ = read(&text);
    }

    #[test]
    fn a_sample_cut_anywhere_is_survived(index in 0usize..60, at in 0usize..600, tail in "\\PC{0,20}") {
        let sample = samples().nth(index % samples().count()).map_or("", |s| s.text);
        let cut = sample.floor_char_boundary(at);
        let _ = read(&format!("{}{tail}{}", &sample[..cut], &sample[cut..]));
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        let _ = read(&text);
    }
}
