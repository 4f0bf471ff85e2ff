# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_idp_global_optspecs
    string join \n color= h/help V/version
end

function __fish_idp_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_idp_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_idp_using_subcommand
    set -l cmd (__fish_idp_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c idp -n "__fish_idp_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_needs_command" -s V -l version -d 'Print version'
complete -c idp -n "__fish_idp_needs_command" -f -a "diagnose" -d 'Name the cause of a failure in logs or other output'
complete -c idp -n "__fish_idp_needs_command" -f -a "cluster-health" -d 'Say what is wrong in a cluster, and what causes what'
complete -c idp -n "__fish_idp_needs_command" -f -a "logs" -d 'See what a log consists of: its patterns, what is new in it, its errors over time'
complete -c idp -n "__fish_idp_needs_command" -f -a "runbook" -d 'Work with runbooks'
complete -c idp -n "__fish_idp_needs_command" -f -a "serve" -d 'Answer requests for diagnoses over HTTP'
complete -c idp -n "__fish_idp_needs_command" -f -a "config" -d 'Show the configuration in force, or where its file is'
complete -c idp -n "__fish_idp_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c idp -n "__fish_idp_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l context -d 'Context of the kubeconfig; the current one when none is named' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l kubeconfig -d 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory' -r -F
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l from -d 'Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather (folder or .tar.gz), or manifests' -r -F
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l timeout -d 'Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -s n -l namespace -d 'Namespace to fill in the fix commands' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l pod -d 'Pod to fill in the fix commands' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l deployment -d 'Deployment to fill in the fix commands' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l container -d 'Container to fill in the fix commands' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l tail -d 'Read only the last LINES lines of each source' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l since -d 'Pass over lines older than this: `15m`, `1h30m`, `2d`, a date or an RFC 3339 time' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l baseline -d 'Show also what is new compared with this log, which is well' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -s o -l output -d 'How to print the diagnosis' -r -f -a "human\t'One screen for a person'
json\t'The stable machine format, see docs/diagnosis.schema.json'
yaml\t'The same as YAML'
markdown\t'For a job summary or a channel'
github\t'Annotations and groups for a GitHub workflow'"
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l top -d 'Alternatives shown' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l fail-on -d 'Exit with 1 when a cause is at least this severe' -r
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l offline -d 'Ask neither a cluster nor a model (a plain pipe asks neither anyway)'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l live -d 'Also read the object that the text is about from the live cluster'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -s f -l follow -d 'Show each new cause as soon as it is certain, and the summary when the input ends'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -s q -l quiet -d 'Print the answer only: cause and evidence, no fixes'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l explain -d 'Show every candidate with what spoke for and against it'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -l no-redact -d 'Show secrets of the input as they are; only when standard output is a terminal'
complete -c idp -n "__fish_idp_using_subcommand diagnose" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l context -d 'Context of the kubeconfig; the current one when none is named' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l kubeconfig -d 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory' -r -F
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l from -d 'Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather (folder or .tar.gz), or manifests' -r -F
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l timeout -d 'Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -s n -l namespace -d 'Look only at this namespace; may be repeated' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l only -d 'Run only these checks, by commas' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l skip -d 'Do not run these checks, by commas' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -s o -l output -d 'How to print the health' -r -f -a "human\t'One screen for a person'
json\t'The stable machine format, see docs/health.schema.json'
yaml\t'The same as YAML'
markdown\t'For a job summary or a channel'
junit\t'Test results of a CI system'
sarif\t'SARIF 2.1.0, as code hosts read it'
prometheus\t'Metrics in Prometheus\' text format'"
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l baseline -d 'Show what is new, gone and still there since this report (`-o json`)' -r -F
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l fail-on -d 'Exit with 1 when a cause is at least this severe' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l watch -d 'Look again and again, at most this often; shows what changed. 30 seconds when no time is given' -r
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l all-contexts -d 'Look at every context of the kubeconfig, one after the other'
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -l hygiene -d 'Also run the checks that are about order, not about failures: unused objects, missing limits, image tags'
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -s v -l verbose -d 'Show symptoms, evidence and all fixes'
complete -c idp -n "__fish_idp_using_subcommand cluster-health" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand logs; and not __fish_seen_subcommand_from patterns diff timeline help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand logs; and not __fish_seen_subcommand_from patterns diff timeline help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand logs; and not __fish_seen_subcommand_from patterns diff timeline help" -f -a "patterns" -d 'List the kinds of lines of a log, with how often and since when each comes'
complete -c idp -n "__fish_idp_using_subcommand logs; and not __fish_seen_subcommand_from patterns diff timeline help" -f -a "diff" -d 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate'
complete -c idp -n "__fish_idp_using_subcommand logs; and not __fish_seen_subcommand_from patterns diff timeline help" -f -a "timeline" -d 'Show errors over time, with bursts, the first error and the causes'
complete -c idp -n "__fish_idp_using_subcommand logs; and not __fish_seen_subcommand_from patterns diff timeline help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -l level -d 'Only patterns of at least this level: trace, debug, info, warn, error or fatal' -r
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -l sort -d 'What comes first' -r -f -a "count\t'The most frequent first'
rare\t'The rarest first'
level\t'The most serious first, then the most frequent'
first\t'In the order in which they first appear'
new\t'Those that appeared last first'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -l top -d 'Patterns shown, all when it is 0; without it people see 20 and machines all' -r
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -s o -l output -d 'How to print them' -r -f -a "human\t'For a person'
json\t'For a machine'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -l assign -d 'Print the number of its pattern for every line, and nothing else'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from patterns" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from diff" -l top -d 'Patterns shown of each kind of change' -r
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from diff" -s o -l output -d 'How to print them; JSON has all' -r -f -a "human\t'For a person'
json\t'For a machine'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from diff" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from timeline" -s o -l output -d 'How to print it' -r -f -a "human\t'For a person'
json\t'For a machine'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from timeline" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from timeline" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from help" -f -a "patterns" -d 'List the kinds of lines of a log, with how often and since when each comes'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from help" -f -a "timeline" -d 'Show errors over time, with bursts, the first error and the causes'
complete -c idp -n "__fish_idp_using_subcommand logs; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "search" -d 'Find the runbooks for a question, an alert, an error or a whole log'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "list" -d 'List runbooks by category, alert or severity'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "show" -d 'Show a runbook'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "lint" -d 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "test" -d 'Run the examples of runbooks: each must rank its own runbook first'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "new" -d 'Begin a new runbook, from a log or by questions'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "coverage" -d 'Say which checks, categories and alert rules have no runbook'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "signatures" -d 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
complete -c idp -n "__fish_idp_using_subcommand runbook; and not __fish_seen_subcommand_from search list show lint test new coverage signatures help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from search" -l dir -d 'Also look in this directory and those below it, for any Markdown; may be repeated' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from search" -l top -d 'Runbooks shown' -r
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from search" -s o -l output -d 'How to print them' -r -f -a "human\t'For a person'
json\t'For a machine, see docs/search.schema.json'
markdown\t'For a job summary or a channel'
github\t'A notice for a GitHub workflow'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from search" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from search" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from list" -l by -d 'What the list goes by' -r -f -a "category\t'The category of the failure'
alert\t'The alert that leads there'
severity\t'How bad the failure is, the worst first'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from list" -l dir -d 'Also look in this directory and those below it, for any Markdown; may be repeated' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print it' -r -f -a "human\t'For a person'
json\t'For a machine'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from show" -l section -d 'Only this section, by its heading: `diagnosis`' -r
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from show" -l dir -d 'Also look in this directory and those below it, for any Markdown; may be repeated' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from show" -l raw -d 'The file as it is'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from show" -l no-pager -d 'Do not use a pager (`PAGER`) on a terminal'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l alert-rules -d 'Prometheus rule files, or directories of them, whose `runbook_url`s are to lead somewhere; may be repeated' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l fail-on -d 'Exit with 1 when a finding is at least this: `error`, `warning`, `info` or `never`' -r -f -a "error\t'Something is broken'
warning\t'Something will hurt somebody'
info\t'Something could be better'
never\t'None'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -s o -l output -d 'How to print the findings' -r -f -a "human\t'For a person'
json\t'For a machine, see docs/lint.schema.json'
github\t'Annotations for a GitHub workflow'
sarif\t'SARIF 2.1.0, as code hosts read it'
junit\t'Test results of a CI system'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l fix -d 'Mend what can be mended without thinking'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -l online -d 'Also ask whether web links still lead somewhere'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from test" -s o -l output -d 'How to print the outcome' -r -f -a "human\t'For a person'
json\t'For a machine'
junit\t'Test results of a CI system'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from test" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -l id -d 'Its id: lower-case words joined by hyphens, naming the fault' -r
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -l title -d 'Its title' -r
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -l category -d 'Category of the taxonomy' -r
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -l log -d 'A log with the failure, `-` for standard input: signals, an example and what is known are taken from it' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -l write -d 'Write the file into this directory instead of standard output; never over another file' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from coverage" -l alert-rules -d 'Prometheus rule files, or directories of them; may be repeated' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from coverage" -l dir -d 'Also look in this directory and those below it, for any Markdown; may be repeated' -r -F
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from coverage" -s o -l output -d 'How to print it' -r -f -a "human\t'For a person'
json\t'For a machine'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from coverage" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from coverage" -l fail -d 'Exit with 1 when something has no runbook'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from coverage" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from signatures" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from signatures" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "search" -d 'Find the runbooks for a question, an alert, an error or a whole log'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "list" -d 'List runbooks by category, alert or severity'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a runbook'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run the examples of runbooks: each must rank its own runbook first'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "new" -d 'Begin a new runbook, from a log or by questions'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "coverage" -d 'Say which checks, categories and alert rules have no runbook'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "signatures" -d 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
complete -c idp -n "__fish_idp_using_subcommand runbook; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand serve" -l host -d 'Address to listen on; any but one of this machine needs --tokens or --insecure-no-auth [default: 127.0.0.1, env: `APP_HOST`]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l port -d 'Port to listen on, 0 for a free one [default: 8000, env: `APP_PORT`]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l tokens -d 'File of the tokens that may call: a SHA-256 and a name on each line [env: `APP_TOKENS_FILE`]' -r -F
complete -c idp -n "__fish_idp_using_subcommand serve" -l allow-host -d 'A name to answer to besides addresses and localhost, where there are no tokens and it listens on this machine alone. May be repeated' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l cors-origins -d 'Origins of pages that may call, by commas, or `*` [default: none, env: `CORS_ORIGINS`]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l rate-limit -d 'Requests per minute and caller on what costs, 0 for no limit [default: 60, env: `RATE_LIMIT_REQUESTS`]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l concurrency -d 'Requests that are answered at a time; more are told to come again [default: 2048]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l context -d 'Context of the kubeconfig; the current one when none is named' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l kubeconfig -d 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory' -r -F
complete -c idp -n "__fish_idp_using_subcommand serve" -l look-every -d 'How often the cluster is looked at: `30s`, `2m` [default: 30s]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l log-level -d 'Least level that is logged: debug, info, warning or error [default: info, env: `LOG_LEVEL`]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l log-format -d 'How the log looks: text or json [default: text]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l drain -d 'How long requests may still take after SIGTERM: `20s` [default: 20s]' -r
complete -c idp -n "__fish_idp_using_subcommand serve" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand serve" -l insecure-no-auth -d 'Let everybody call who reaches the address'
complete -c idp -n "__fish_idp_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand config; and not __fish_seen_subcommand_from show path help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand config; and not __fish_seen_subcommand_from show path help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand config; and not __fish_seen_subcommand_from show path help" -f -a "show" -d 'Print every setting in force, with where it comes from'
complete -c idp -n "__fish_idp_using_subcommand config; and not __fish_seen_subcommand_from show path help" -f -a "path" -d 'Print where the configuration file is'
complete -c idp -n "__fish_idp_using_subcommand config; and not __fish_seen_subcommand_from show path help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every setting in force, with where it comes from'
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print where the configuration file is'
complete -c idp -n "__fish_idp_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c idp -n "__fish_idp_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "diagnose" -d 'Name the cause of a failure in logs or other output'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "cluster-health" -d 'Say what is wrong in a cluster, and what causes what'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "logs" -d 'See what a log consists of: its patterns, what is new in it, its errors over time'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "runbook" -d 'Work with runbooks'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "serve" -d 'Answer requests for diagnoses over HTTP'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "config" -d 'Show the configuration in force, or where its file is'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "completions" -d 'Print a completion script for a shell'
complete -c idp -n "__fish_idp_using_subcommand help; and not __fish_seen_subcommand_from diagnose cluster-health logs runbook serve config completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from logs" -f -a "patterns" -d 'List the kinds of lines of a log, with how often and since when each comes'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from logs" -f -a "diff" -d 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from logs" -f -a "timeline" -d 'Show errors over time, with bursts, the first error and the causes'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "search" -d 'Find the runbooks for a question, an alert, an error or a whole log'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "list" -d 'List runbooks by category, alert or severity'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "show" -d 'Show a runbook'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "lint" -d 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "test" -d 'Run the examples of runbooks: each must rank its own runbook first'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "new" -d 'Begin a new runbook, from a log or by questions'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "coverage" -d 'Say which checks, categories and alert rules have no runbook'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from runbook" -f -a "signatures" -d 'Print the log signals of all runbooks, one expression a line, for `rg -f`'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every setting in force, with where it comes from'
complete -c idp -n "__fish_idp_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print where the configuration file is'
