
use builtin;
use str;

set edit:completion:arg-completer[idp] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'idp'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'idp'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand diagnose 'Name the cause of a failure in logs or other output'
            cand runbook 'Work with runbooks'
            cand config 'Show the configuration in force, or where its file is'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;diagnose'= {
            cand -n 'Namespace to fill in the fix commands'
            cand --namespace 'Namespace to fill in the fix commands'
            cand --pod 'Pod to fill in the fix commands'
            cand --deployment 'Deployment to fill in the fix commands'
            cand --container 'Container to fill in the fix commands'
            cand --tail 'Read only the last LINES lines of each source'
            cand --since 'Pass over lines older than this: `15m`, `1h30m`, `2d`, a date or an RFC 3339 time'
            cand -o 'How to print the diagnosis'
            cand --output 'How to print the diagnosis'
            cand --top 'Alternatives shown'
            cand --fail-on 'Exit with 1 when a cause is at least this severe'
            cand --color 'When to use colour'
            cand --offline 'Ask neither a cluster nor a model (a plain pipe asks neither anyway)'
            cand -q 'Print the answer only: cause and evidence, no fixes'
            cand --quiet 'Print the answer only: cause and evidence, no fixes'
            cand --explain 'Show every candidate with what spoke for and against it'
            cand --no-redact 'Show secrets of the input as they are; only when standard output is a terminal'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand signatures 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;runbook;signatures'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;help'= {
            cand signatures 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;runbook;help;signatures'= {
        }
        &'idp;runbook;help;help'= {
        }
        &'idp;config'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Print every setting in force, with where it comes from'
            cand path 'Print where the configuration file is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;config;show'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;config;path'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;config;help'= {
            cand show 'Print every setting in force, with where it comes from'
            cand path 'Print where the configuration file is'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;config;help;show'= {
        }
        &'idp;config;help;path'= {
        }
        &'idp;config;help;help'= {
        }
        &'idp;completions'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;help'= {
            cand diagnose 'Name the cause of a failure in logs or other output'
            cand runbook 'Work with runbooks'
            cand config 'Show the configuration in force, or where its file is'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;help;diagnose'= {
        }
        &'idp;help;runbook'= {
            cand signatures 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
        }
        &'idp;help;runbook;signatures'= {
        }
        &'idp;help;config'= {
            cand show 'Print every setting in force, with where it comes from'
            cand path 'Print where the configuration file is'
        }
        &'idp;help;config;show'= {
        }
        &'idp;help;config;path'= {
        }
        &'idp;help;completions'= {
        }
        &'idp;help;help'= {
        }
    ]
    $completions[$command]
}
