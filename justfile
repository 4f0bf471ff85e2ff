# What CI runs.
ci:
    bash .ci/run

# Writes completions, man pages, the schema, docs/formats.md and the session in the README.
generate:
    IDP_UPDATE=1 cargo test generated

# Start-up and throughput against ripgrep with the same signatures, a large cluster against kubectl, patterns against Drain3.
bench:
    cargo bench --bench startup
    cargo bench --bench throughput
    cargo bench --bench cluster
    cargo bench --bench patterns

# How well the sample cases are diagnosed, where they are there.
score: 
    cargo build --release
    ../shared/bin/score-cases --idp target/release/idp --misses
