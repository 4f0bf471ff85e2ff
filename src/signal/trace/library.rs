//! Standard libraries and frameworks: a person looks at the frame below them.

/// How functions of libraries begin.
const PREFIXES: &[&str] = &[
    "java.",
    "javax.",
    "jakarta.",
    "jdk.",
    "sun.",
    "com.sun.",
    "kotlin.",
    "kotlinx.",
    "scala.",
    "clojure.",
    "groovy.",
    "org.codehaus.groovy.",
    "akka.",
    "android.",
    "androidx.",
    "com.android.",
    "dalvik.",
    "org.apache.",
    "org.springframework.",
    "org.eclipse.jetty.",
    "org.glassfish.",
    "org.postgresql.",
    "com.mysql.",
    "io.netty.",
    "io.vertx.",
    "org.hibernate.",
    "reactor.",
    "com.fasterxml.",
    "com.google.common.",
    "com.zaxxer.",
    "org.junit.",
    "org.gradle.",
    "org.testng.",
    "org.mockito.",
    "org.assertj.",
    "junit.",
    "io.lettuce.",
    "okhttp3.",
    "com.google.inject.",
    "ch.qos.logback.",
    "System.",
    "Microsoft.",
    "async System",
    "core::",
    "std::",
    "tokio::",
    "alloc::",
    "<core::",
    "<alloc::",
    "<std::",
    "__rust",
    "internal/",
    "[internal function]",
];

/// What the places of libraries hold.
const PARTS: &[&str] = &[
    "$$FastClass",
    "$$Enhancer",
    "$$SpringCGLIB",
    "site-packages",
    "dist-packages",
    "/lib/python",
    "<frozen ",
    "node:",
    "node_modules",
    "(internal/",
    "(module.js",
    "/usr/local/go/",
    "/usr/lib/go",
    "/hostedtoolcache/go/",
    "/Go/src/",
    "/go/pkg/mod/",
    "/vendor/",
    "/gems/",
    "/lib/ruby/",
    "<internal:",
    "<anonymous>",
    "/rustc/",
    "/.cargo/registry/",
    "/usr/include/",
    "__libc_",
    "__interceptor_",
    "__asan_",
    "(/lib/",
    "(/usr/lib",
    "/sysdeps/",
    "/lib/x86_64-linux-gnu/",
];

/// Packages of Go's own library as `-trimpath` writes them.
const GO: &[&str] =
    &["runtime/", "net/", "encoding/", "reflect/", "sync/", "testing/", "os/", "io/", "database/sql/", "crypto/"];

/// Whether a frame belongs to a library rather than to the program.
pub(super) fn is_library(text: &str) -> bool {
    let text = without_module(text);
    PREFIXES.iter().any(|p| text.starts_with(p))
        || PARTS.iter().any(|p| text.contains(p))
        || (text.contains(".go:") && GO.iter().any(|p| text.starts_with(p)))
}

/// `java.base/java.lang.Thread.run(…)` and `app//shop.Cart.get(…)` name the module first.
fn without_module(text: &str) -> &str {
    let Some((module, rest)) = text.split_once('/') else { return text };
    let named = module.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'@'));
    let function = text.ends_with(')') && !text.contains(' ');
    if named && !module.is_empty() && function { rest.trim_start_matches('/') } else { text }
}
