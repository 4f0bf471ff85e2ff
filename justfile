# What CI runs.
ci:
    bash .ci/run

# Writes completions, man pages, the schema and the session in the README.
generate:
    IDP_UPDATE=1 cargo test generated

# Start-up against ripgrep with the same signatures.
bench:
    cargo bench --bench startup

# How well the sample cases are diagnosed, where they are there.
score: 
    cargo build --release
    ../shared/bin/score-cases --idp target/release/idp --misses
