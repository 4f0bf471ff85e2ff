
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'idp' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'idp'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'idp' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'Name the cause of a failure in logs or other output')
            [CompletionResult]::new('cluster-health', 'cluster-health', [CompletionResultType]::ParameterValue, 'Say what is wrong in a cluster, and what causes what')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'See what a log consists of: its patterns, what is new in it, its errors over time')
            [CompletionResult]::new('runbook', 'runbook', [CompletionResultType]::ParameterValue, 'Work with runbooks')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer requests for diagnoses over HTTP')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the configuration in force, or where its file is')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;diagnose' {
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig; the current one when none is named')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather (folder or .tar.gz), or manifests')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to fill in the fix commands')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to fill in the fix commands')
            [CompletionResult]::new('--pod', '--pod', [CompletionResultType]::ParameterName, 'Pod to fill in the fix commands')
            [CompletionResult]::new('--deployment', '--deployment', [CompletionResultType]::ParameterName, 'Deployment to fill in the fix commands')
            [CompletionResult]::new('--container', '--container', [CompletionResultType]::ParameterName, 'Container to fill in the fix commands')
            [CompletionResult]::new('--tail', '--tail', [CompletionResultType]::ParameterName, 'Read only the last LINES lines of each source')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Pass over lines older than this: `15m`, `1h30m`, `2d`, a date or an RFC 3339 time')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Show also what is new compared with this log, which is well')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the diagnosis')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the diagnosis')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'Alternatives shown')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 1 when a cause is at least this severe')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask neither a cluster nor a model (a plain pipe asks neither anyway)')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Also read the object that the text is about from the live cluster')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Show each new cause as soon as it is certain, and the summary when the input ends')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Show each new cause as soon as it is certain, and the summary when the input ends')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print the answer only: cause and evidence, no fixes')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print the answer only: cause and evidence, no fixes')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show every candidate with what spoke for and against it')
            [CompletionResult]::new('--no-redact', '--no-redact', [CompletionResultType]::ParameterName, 'Show secrets of the input as they are; only when standard output is a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;cluster-health' {
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig; the current one when none is named')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read a dump instead of a live cluster: a folder of `kubectl cluster-info dump`, JSON or YAML of `kubectl get`, a support bundle, a must-gather (folder or .tar.gz), or manifests')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time that reading the cluster may take: `30s`, `2m`. What was not read by then is named')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Look only at this namespace; may be repeated')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Look only at this namespace; may be repeated')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Run only these checks, by commas')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Do not run these checks, by commas')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the health')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the health')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Show what is new, gone and still there since this report (`-o json`)')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 1 when a cause is at least this severe')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Look again and again, at most this often; shows what changed. 30 seconds when no time is given')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all-contexts', '--all-contexts', [CompletionResultType]::ParameterName, 'Look at every context of the kubeconfig, one after the other')
            [CompletionResult]::new('--hygiene', '--hygiene', [CompletionResultType]::ParameterName, 'Also run the checks that are about order, not about failures: unused objects, missing limits, image tags')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show symptoms, evidence and all fixes')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show symptoms, evidence and all fixes')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;logs' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('patterns', 'patterns', [CompletionResultType]::ParameterValue, 'List the kinds of lines of a log, with how often and since when each comes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Show errors over time, with bursts, the first error and the causes')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;logs;patterns' {
            [CompletionResult]::new('--level', '--level', [CompletionResultType]::ParameterName, 'Only patterns of at least this level: trace, debug, info, warn, error or fatal')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'What comes first')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'Patterns shown, all when it is 0; without it people see 20 and machines all')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--assign', '--assign', [CompletionResultType]::ParameterName, 'Print the number of its pattern for every line, and nothing else')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;logs;diff' {
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'Patterns shown of each kind of change')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print them; JSON has all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print them; JSON has all')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;logs;timeline' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;logs;help' {
            [CompletionResult]::new('patterns', 'patterns', [CompletionResultType]::ParameterValue, 'List the kinds of lines of a log, with how often and since when each comes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Show errors over time, with bursts, the first error and the causes')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;logs;help;patterns' {
            break
        }
        'idp;logs;help;diff' {
            break
        }
        'idp;logs;help;timeline' {
            break
        }
        'idp;logs;help;help' {
            break
        }
        'idp;runbook' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Find the runbooks for a question, an alert, an error or a whole log')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List runbooks by category, alert or severity')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the examples of runbooks: each must rank its own runbook first')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Begin a new runbook, from a log or by questions')
            [CompletionResult]::new('coverage', 'coverage', [CompletionResultType]::ParameterValue, 'Say which checks, categories and alert rules have no runbook')
            [CompletionResult]::new('signatures', 'signatures', [CompletionResultType]::ParameterValue, 'Print the log signals of all runbooks, one expression a line, for `rg -f`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;runbook;search' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Also look in this directory and those below it, for any Markdown; may be repeated')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'Runbooks shown')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;list' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'What the list goes by')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Also look in this directory and those below it, for any Markdown; may be repeated')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;show' {
            [CompletionResult]::new('--section', '--section', [CompletionResultType]::ParameterName, 'Only this section, by its heading: `diagnosis`')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Also look in this directory and those below it, for any Markdown; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'The file as it is')
            [CompletionResult]::new('--no-pager', '--no-pager', [CompletionResultType]::ParameterName, 'Do not use a pager (`PAGER`) on a terminal')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;lint' {
            [CompletionResult]::new('--alert-rules', '--alert-rules', [CompletionResultType]::ParameterName, 'Prometheus rule files, or directories of them, whose `runbook_url`s are to lead somewhere; may be repeated')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 1 when a finding is at least this: `error`, `warning`, `info` or `never`')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the findings')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the findings')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Mend what can be mended without thinking')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Also ask whether web links still lead somewhere')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;test' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the outcome')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the outcome')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;new' {
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Its id: lower-case words joined by hyphens, naming the fault')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'Its title')
            [CompletionResult]::new('--category', '--category', [CompletionResultType]::ParameterName, 'Category of the taxonomy')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'A log with the failure, `-` for standard input: signals, an example and what is known are taken from it')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write the file into this directory instead of standard output; never over another file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;coverage' {
            [CompletionResult]::new('--alert-rules', '--alert-rules', [CompletionResultType]::ParameterName, 'Prometheus rule files, or directories of them; may be repeated')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Also look in this directory and those below it, for any Markdown; may be repeated')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--fail', '--fail', [CompletionResultType]::ParameterName, 'Exit with 1 when something has no runbook')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;signatures' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;runbook;help' {
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Find the runbooks for a question, an alert, an error or a whole log')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List runbooks by category, alert or severity')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the examples of runbooks: each must rank its own runbook first')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Begin a new runbook, from a log or by questions')
            [CompletionResult]::new('coverage', 'coverage', [CompletionResultType]::ParameterValue, 'Say which checks, categories and alert rules have no runbook')
            [CompletionResult]::new('signatures', 'signatures', [CompletionResultType]::ParameterValue, 'Print the log signals of all runbooks, one expression a line, for `rg -f`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;runbook;help;search' {
            break
        }
        'idp;runbook;help;list' {
            break
        }
        'idp;runbook;help;show' {
            break
        }
        'idp;runbook;help;lint' {
            break
        }
        'idp;runbook;help;test' {
            break
        }
        'idp;runbook;help;new' {
            break
        }
        'idp;runbook;help;coverage' {
            break
        }
        'idp;runbook;help;signatures' {
            break
        }
        'idp;runbook;help;help' {
            break
        }
        'idp;serve' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Address to listen on; any but one of this machine needs --tokens or --insecure-no-auth [default: 127.0.0.1, env: `APP_HOST`]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on, 0 for a free one [default: 8000, env: `APP_PORT`]')
            [CompletionResult]::new('--tokens', '--tokens', [CompletionResultType]::ParameterName, 'File of the tokens that may call: a SHA-256 and a name on each line [env: `APP_TOKENS_FILE`]')
            [CompletionResult]::new('--allow-host', '--allow-host', [CompletionResultType]::ParameterName, 'A name to answer to besides addresses and localhost, where there are no tokens and it listens on this machine alone. May be repeated')
            [CompletionResult]::new('--cors-origins', '--cors-origins', [CompletionResultType]::ParameterName, 'Origins of pages that may call, by commas, or `*` [default: none, env: `CORS_ORIGINS`]')
            [CompletionResult]::new('--rate-limit', '--rate-limit', [CompletionResultType]::ParameterName, 'Requests per minute and caller on what costs, 0 for no limit [default: 60, env: `RATE_LIMIT_REQUESTS`]')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests that are answered at a time; more are told to come again [default: 2048]')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig; the current one when none is named')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory')
            [CompletionResult]::new('--look-every', '--look-every', [CompletionResultType]::ParameterName, 'How often the cluster is looked at: `30s`, `2m` [default: 30s]')
            [CompletionResult]::new('--log-level', '--log-level', [CompletionResultType]::ParameterName, 'Least level that is logged: debug, info, warning or error [default: info, env: `LOG_LEVEL`]')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How the log looks: text or json [default: text]')
            [CompletionResult]::new('--drain', '--drain', [CompletionResultType]::ParameterName, 'How long requests may still take after SIGTERM: `20s` [default: 20s]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--insecure-no-auth', '--insecure-no-auth', [CompletionResultType]::ParameterName, 'Let everybody call who reaches the address')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;config' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting in force, with where it comes from')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration file is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;config;show' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;config;path' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting in force, with where it comes from')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration file is')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;config;help;show' {
            break
        }
        'idp;config;help;path' {
            break
        }
        'idp;config;help;help' {
            break
        }
        'idp;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'idp;help' {
            [CompletionResult]::new('diagnose', 'diagnose', [CompletionResultType]::ParameterValue, 'Name the cause of a failure in logs or other output')
            [CompletionResult]::new('cluster-health', 'cluster-health', [CompletionResultType]::ParameterValue, 'Say what is wrong in a cluster, and what causes what')
            [CompletionResult]::new('logs', 'logs', [CompletionResultType]::ParameterValue, 'See what a log consists of: its patterns, what is new in it, its errors over time')
            [CompletionResult]::new('runbook', 'runbook', [CompletionResultType]::ParameterValue, 'Work with runbooks')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer requests for diagnoses over HTTP')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the configuration in force, or where its file is')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'idp;help;diagnose' {
            break
        }
        'idp;help;cluster-health' {
            break
        }
        'idp;help;logs' {
            [CompletionResult]::new('patterns', 'patterns', [CompletionResultType]::ParameterValue, 'List the kinds of lines of a log, with how often and since when each comes')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare a log with one that is well: kinds of lines that are new, gone or come at another rate')
            [CompletionResult]::new('timeline', 'timeline', [CompletionResultType]::ParameterValue, 'Show errors over time, with bursts, the first error and the causes')
            break
        }
        'idp;help;logs;patterns' {
            break
        }
        'idp;help;logs;diff' {
            break
        }
        'idp;help;logs;timeline' {
            break
        }
        'idp;help;runbook' {
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Find the runbooks for a question, an alert, an error or a whole log')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List runbooks by category, alert or severity')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a runbook')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Look for what is wrong in runbooks: dead links, commands that no longer exist, changes without a way back')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the examples of runbooks: each must rank its own runbook first')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Begin a new runbook, from a log or by questions')
            [CompletionResult]::new('coverage', 'coverage', [CompletionResultType]::ParameterValue, 'Say which checks, categories and alert rules have no runbook')
            [CompletionResult]::new('signatures', 'signatures', [CompletionResultType]::ParameterValue, 'Print the log signals of all runbooks, one expression a line, for `rg -f`')
            break
        }
        'idp;help;runbook;search' {
            break
        }
        'idp;help;runbook;list' {
            break
        }
        'idp;help;runbook;show' {
            break
        }
        'idp;help;runbook;lint' {
            break
        }
        'idp;help;runbook;test' {
            break
        }
        'idp;help;runbook;new' {
            break
        }
        'idp;help;runbook;coverage' {
            break
        }
        'idp;help;runbook;signatures' {
            break
        }
        'idp;help;serve' {
            break
        }
        'idp;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print every setting in force, with where it comes from')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration file is')
            break
        }
        'idp;help;config;show' {
            break
        }
        'idp;help;config;path' {
            break
        }
        'idp;help;completions' {
            break
        }
        'idp;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
