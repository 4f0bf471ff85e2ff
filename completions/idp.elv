
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
            cand cluster-health 'Say what is wrong in a cluster, and what causes what'
            cand logs 'See what a log consists of: its patterns, what is new in it, its errors over time'
            cand runbook 'Work with runbooks'
            cand serve 'Answer requests for diagnoses over HTTP'
            cand config 'Show the configuration in force, or where its file is'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;diagnose'= {
            cand --context 'Context of the kubeconfig; the current one when none is named'
            cand --kubeconfig 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory'
            cand --from 'Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather (folder or .tar.gz), or manifests'
            cand --timeout 'Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named'
            cand -n 'Namespace to fill in the fix commands'
            cand --namespace 'Namespace to fill in the fix commands'
            cand --pod 'Pod to fill in the fix commands'
            cand --deployment 'Deployment to fill in the fix commands'
            cand --container 'Container to fill in the fix commands'
            cand --tail 'Read only the last LINES lines of each source'
            cand --since 'Pass over lines older than this: `15m`, `1h30m`, `2d`, a date or an RFC 3339 time'
            cand --baseline 'Show also what is new compared with this log, which is well'
            cand -o 'How to print the diagnosis'
            cand --output 'How to print the diagnosis'
            cand --top 'Alternatives shown'
            cand --fail-on 'Exit with 1 when a cause is at least this severe'
            cand --color 'When to use colour'
            cand --offline 'Ask neither a cluster nor a model (a plain pipe asks neither anyway)'
            cand --live 'Also read the object that the text is about from the live cluster'
            cand -f 'Show each new cause as soon as it is certain, and the summary when the input ends'
            cand --follow 'Show each new cause as soon as it is certain, and the summary when the input ends'
            cand -q 'Print the answer only: cause and evidence, no fixes'
            cand --quiet 'Print the answer only: cause and evidence, no fixes'
            cand --explain 'Show every candidate with what spoke for and against it'
            cand --no-redact 'Show secrets of the input as they are; only when standard output is a terminal'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;cluster-health'= {
            cand --context 'Context of the kubeconfig; the current one when none is named'
            cand --kubeconfig 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory'
            cand --from 'Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather (folder or .tar.gz), or manifests'
            cand --timeout 'Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named'
            cand -n 'Look only at this namespace; may be repeated'
            cand --namespace 'Look only at this namespace; may be repeated'
            cand --only 'Run only these checks, by commas'
            cand --skip 'Do not run these checks, by commas'
            cand -o 'How to print the health'
            cand --output 'How to print the health'
            cand --baseline 'Show what is new, gone and still there since this report (`-o json`)'
            cand --fail-on 'Exit with 1 when a cause is at least this severe'
            cand --watch 'Look again and again, at most this often; shows what changed. 30 seconds when no time is given'
            cand --color 'When to use colour'
            cand --all-contexts 'Look at every context of the kubeconfig, one after the other'
            cand --hygiene 'Also run the checks that are about order, not about failures: unused objects, missing limits, image tags'
            cand -v 'Show symptoms, evidence and all fixes'
            cand --verbose 'Show symptoms, evidence and all fixes'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;logs'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand patterns 'List the kinds of lines of a log, with how often and since when each comes'
            cand diff 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate'
            cand timeline 'Show errors over time, with bursts, the first error and the causes'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;logs;patterns'= {
            cand --level 'Only patterns of at least this level: trace, debug, info, warn, error or fatal'
            cand --sort 'What comes first'
            cand --top 'Patterns shown, all when it is 0; without it people see 20 and machines all'
            cand -o 'How to print them'
            cand --output 'How to print them'
            cand --color 'When to use colour'
            cand --assign 'Print the number of its pattern for every line, and nothing else'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;logs;diff'= {
            cand --top 'Patterns shown of each kind of change'
            cand -o 'How to print them; JSON has all'
            cand --output 'How to print them; JSON has all'
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;logs;timeline'= {
            cand -o 'How to print it'
            cand --output 'How to print it'
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;logs;help'= {
            cand patterns 'List the kinds of lines of a log, with how often and since when each comes'
            cand diff 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate'
            cand timeline 'Show errors over time, with bursts, the first error and the causes'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;logs;help;patterns'= {
        }
        &'idp;logs;help;diff'= {
        }
        &'idp;logs;help;timeline'= {
        }
        &'idp;logs;help;help'= {
        }
        &'idp;runbook'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand search 'Find the runbooks for a question, an alert, an error or a whole log'
            cand list 'List runbooks by category, alert or severity'
            cand show 'Show a runbook'
            cand lint 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back'
            cand test 'Run the examples of runbooks: each must rank its own runbook first'
            cand new 'Begin a new runbook, from a log or by questions'
            cand coverage 'Say which checks, categories and alert rules have no runbook'
            cand signatures 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;runbook;search'= {
            cand --dir 'Also look in this directory and those below it, for any Markdown; may be repeated'
            cand --top 'Runbooks shown'
            cand -o 'How to print them'
            cand --output 'How to print them'
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;list'= {
            cand --by 'What the list goes by'
            cand --dir 'Also look in this directory and those below it, for any Markdown; may be repeated'
            cand -o 'How to print it'
            cand --output 'How to print it'
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;show'= {
            cand --section 'Only this section, by its heading: `diagnosis`'
            cand --dir 'Also look in this directory and those below it, for any Markdown; may be repeated'
            cand --color 'When to use colour'
            cand --raw 'The file as it is'
            cand --no-pager 'Do not use a pager (`PAGER`) on a terminal'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;lint'= {
            cand --alert-rules 'Prometheus rule files, or directories of them, whose `runbook_url`s are to lead somewhere; may be repeated'
            cand --fail-on 'Exit with 1 when a finding is at least this: `error`, `warning`, `info` or `never`'
            cand -o 'How to print the findings'
            cand --output 'How to print the findings'
            cand --color 'When to use colour'
            cand --fix 'Mend what can be mended without thinking'
            cand --online 'Also ask whether web links still lead somewhere'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;test'= {
            cand -o 'How to print the outcome'
            cand --output 'How to print the outcome'
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;new'= {
            cand --id 'Its id: lower-case words joined by hyphens, naming the fault'
            cand --title 'Its title'
            cand --category 'Category of the taxonomy'
            cand --log 'A log with the failure, `-` for standard input: signals, an example and what is known are taken from it'
            cand --write 'Write the file into this directory instead of standard output; never over another file'
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;coverage'= {
            cand --alert-rules 'Prometheus rule files, or directories of them; may be repeated'
            cand --dir 'Also look in this directory and those below it, for any Markdown; may be repeated'
            cand -o 'How to print it'
            cand --output 'How to print it'
            cand --color 'When to use colour'
            cand --fail 'Exit with 1 when something has no runbook'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;signatures'= {
            cand --color 'When to use colour'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'idp;runbook;help'= {
            cand search 'Find the runbooks for a question, an alert, an error or a whole log'
            cand list 'List runbooks by category, alert or severity'
            cand show 'Show a runbook'
            cand lint 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back'
            cand test 'Run the examples of runbooks: each must rank its own runbook first'
            cand new 'Begin a new runbook, from a log or by questions'
            cand coverage 'Say which checks, categories and alert rules have no runbook'
            cand signatures 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;runbook;help;search'= {
        }
        &'idp;runbook;help;list'= {
        }
        &'idp;runbook;help;show'= {
        }
        &'idp;runbook;help;lint'= {
        }
        &'idp;runbook;help;test'= {
        }
        &'idp;runbook;help;new'= {
        }
        &'idp;runbook;help;coverage'= {
        }
        &'idp;runbook;help;signatures'= {
        }
        &'idp;runbook;help;help'= {
        }
        &'idp;serve'= {
            cand --host 'Address to listen on; any but one of this machine needs --tokens or --insecure-no-auth [default: 127.0.0.1, env: `APP_HOST`]'
            cand --port 'Port to listen on, 0 for a free one [default: 8000, env: `APP_PORT`]'
            cand --tokens 'File of the tokens that may call: a SHA-256 and a name on each line [env: `APP_TOKENS_FILE`]'
            cand --allow-host 'A name to answer to besides addresses and localhost, where there are no tokens and it listens on this machine alone. May be repeated'
            cand --cors-origins 'Origins of pages that may call, by commas, or `*` [default: none, env: `CORS_ORIGINS`]'
            cand --rate-limit 'Requests per minute and caller on what costs, 0 for no limit [default: 60, env: `RATE_LIMIT_REQUESTS`]'
            cand --concurrency 'Requests that are answered at a time; more are told to come again [default: 2048]'
            cand --context 'Context of the kubeconfig; the current one when none is named'
            cand --kubeconfig 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory'
            cand --look-every 'How often the cluster is looked at: `30s`, `2m` [default: 30s]'
            cand --log-level 'Least level that is logged: debug, info, warning or error [default: info, env: `LOG_LEVEL`]'
            cand --log-format 'How the log looks: text or json [default: text]'
            cand --drain 'How long requests may still take after SIGTERM: `20s` [default: 20s]'
            cand --color 'When to use colour'
            cand --insecure-no-auth 'Let everybody call who reaches the address'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
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
            cand cluster-health 'Say what is wrong in a cluster, and what causes what'
            cand logs 'See what a log consists of: its patterns, what is new in it, its errors over time'
            cand runbook 'Work with runbooks'
            cand serve 'Answer requests for diagnoses over HTTP'
            cand config 'Show the configuration in force, or where its file is'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'idp;help;diagnose'= {
        }
        &'idp;help;cluster-health'= {
        }
        &'idp;help;logs'= {
            cand patterns 'List the kinds of lines of a log, with how often and since when each comes'
            cand diff 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate'
            cand timeline 'Show errors over time, with bursts, the first error and the causes'
        }
        &'idp;help;logs;patterns'= {
        }
        &'idp;help;logs;diff'= {
        }
        &'idp;help;logs;timeline'= {
        }
        &'idp;help;runbook'= {
            cand search 'Find the runbooks for a question, an alert, an error or a whole log'
            cand list 'List runbooks by category, alert or severity'
            cand show 'Show a runbook'
            cand lint 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back'
            cand test 'Run the examples of runbooks: each must rank its own runbook first'
            cand new 'Begin a new runbook, from a log or by questions'
            cand coverage 'Say which checks, categories and alert rules have no runbook'
            cand signatures 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
        }
        &'idp;help;runbook;search'= {
        }
        &'idp;help;runbook;list'= {
        }
        &'idp;help;runbook;show'= {
        }
        &'idp;help;runbook;lint'= {
        }
        &'idp;help;runbook;test'= {
        }
        &'idp;help;runbook;new'= {
        }
        &'idp;help;runbook;coverage'= {
        }
        &'idp;help;runbook;signatures'= {
        }
        &'idp;help;serve'= {
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
