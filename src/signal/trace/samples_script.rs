//! Traces of Python, Node, Ruby and PHP.

use super::Language::{Node, Php, Python, Ruby};
use super::samples::Sample;

pub(super) const SCRIPT: &[Sample] = &[
    Sample {
        text: "Traceback (most recent call last):\n  File \"/srv/main.py\", line 3, in <module>\n    run()\n    ~~~^^\n\
               \x20 File \"/usr/lib/python3.12/json/decoder.py\", line 3, in decode\n    x\n  [Previous line repeated 996 more times]\n\
               json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        language: Python,
        outer: "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        innermost: "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        line: 8,
        frame: "File \"/srv/main.py\", line 3, in <module>",
    },
    Sample {
        text: "Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\n    d['x']\nKeyError: 'x'\n\n\
               During handling of the above exception, another exception occurred:\n\n\
               Traceback (most recent call last):\n  File \"/a.py\", line 2, in g\n    f()\nRuntimeError: no x",
        language: Python,
        outer: "RuntimeError: no x",
        innermost: "KeyError: 'x'",
        line: 4,
        frame: "File \"/a.py\", line 1, in f",
    },
    Sample {
        text: "Traceback (most recent call last):\n  File \"/usr/lib/python3.12/socket.py\", line 1, in connect\nsocket.timeout\n\n\
               The above exception was the direct cause of the following exception:\n\n\
               Traceback (most recent call last):\n  File \"/srv/db.py\", line 2, in g\n    f()\nshop.db.Unreachable: db:5432",
        language: Python,
        outer: "shop.db.Unreachable: db:5432",
        innermost: "socket.timeout",
        line: 3,
        frame: "File \"/srv/db.py\", line 2, in g",
    },
    Sample {
        text: "Traceback (most recent call last):\n  File \"/srv/main.py\", line 1, in <module>\n    import a\n\
               \x20 File \"/srv/a.py\", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax",
        language: Python,
        outer: "SyntaxError: invalid syntax",
        innermost: "SyntaxError: invalid syntax",
        line: 7,
        frame: "File \"/srv/a.py\", line 3",
    },
    Sample {
        text: "  + Exception Group Traceback (most recent call last):\n  |   File \"/srv/g.py\", line 9, in <module>\n\
               \x20 |     raise ExceptionGroup(\"several\", errors)\n  | ExceptionGroup: several (2 sub-exceptions)\n\
               \x20 +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n\
               \x20   |   File \"/srv/g.py\", line 3, in one\n    |     raise ValueError(\"one\")\n    | ValueError: one\n\
               \x20   +---------------- 2 ----------------\n    | TypeError: two\n    +------------------------------------",
        language: Python,
        outer: "ExceptionGroup: several (2 sub-exceptions)",
        innermost: "ValueError: one",
        line: 9,
        frame: "File \"/srv/g.py\", line 3, in one",
    },
    Sample {
        text: "/srv/app/a.js:3\n    throw err;\n    ^\n\nTypeError: x is not a function\n    at run (/srv/app/a.js:3:3)\n\
               \x20   at Module._compile (node:internal/modules/cjs/loader:1256:14) {\n  code: 'ERR_X',\n\
               \x20 [cause]: Error: inner\n      at load (/srv/app/b.js:1:2)\n}\n\nNode.js v20.1.0",
        language: Node,
        outer: "TypeError: x is not a function",
        innermost: "Error: inner",
        line: 9,
        frame: "load (/srv/app/b.js:1:2)",
    },
    Sample {
        text: "(node:17) UnhandledPromiseRejectionWarning: Error: connect ECONNREFUSED 10.0.0.1:5432\n\
               \x20   at TCPConnectWrap.afterConnect [as oncomplete] (net.js:1159:16)\n    at async main (file:///srv/app/a.mjs:7:3)",
        language: Node,
        outer: "Error: connect ECONNREFUSED 10.0.0.1:5432",
        innermost: "Error: connect ECONNREFUSED 10.0.0.1:5432",
        line: 1,
        frame: "async main (file:///srv/app/a.mjs:7:3)",
    },
    Sample {
        text: "Uncaught AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1122:18)\n\
               \x20   at afterConnectMultiple (node:net:1689:7) {\n  code: 'ECONNREFUSED',\n  [errors]: [\n\
               \x20   Error: connect ECONNREFUSED ::1:5432\n        at createConnectionError (node:net:1652:14)\n  ]\n}",
        language: Node,
        outer: "AggregateError",
        innermost: "Error: connect ECONNREFUSED ::1:5432",
        line: 6,
        frame: "internalConnectMultiple (node:net:1122:18)",
    },
    Sample {
        text: "/srv/a.rb:4:in 'Object#f': outer (RuntimeError)\n\tfrom /srv/a.rb:9:in '<main>'\n\
               /srv/a.rb:2:in 'Hash#fetch': key not found: :x (KeyError)\n\tfrom /srv/a.rb:2:in 'Object#f'",
        language: Ruby,
        outer: "RuntimeError: outer",
        innermost: "KeyError: key not found: :x",
        line: 3,
        frame: "/srv/a.rb:2:in 'Hash#fetch'",
    },
    Sample {
        text: "/usr/lib/ruby/gems/3.0.0/gems/pg-1.2/lib/pg.rb:58:in `initialize': could not connect (PG::ConnectionBad)\n\
               \tfrom /usr/lib/ruby/gems/3.0.0/gems/pg-1.2/lib/pg.rb:58:in `new'\n\tfrom /srv/app/db.rb:3:in `<main>'",
        language: Ruby,
        outer: "PG::ConnectionBad: could not connect",
        innermost: "PG::ConnectionBad: could not connect",
        line: 1,
        frame: "/srv/app/db.rb:3:in `<main>'",
    },
    Sample {
        text: "NoMethodError (undefined method `x' for nil:NilClass):\n\napp/models/cart.rb:3:in `total'\n\
               app/controllers/carts_controller.rb:9:in `show'",
        language: Ruby,
        outer: "NoMethodError: undefined method `x' for nil:NilClass",
        innermost: "NoMethodError: undefined method `x' for nil:NilClass",
        line: 1,
        frame: "app/models/cart.rb:3:in `total'",
    },
    Sample {
        text: "PHP Fatal error:  Uncaught RuntimeException: no cart in /srv/a.php:3\nStack trace:\n#0 /srv/b.php(12): run()\n\
               #1 {main}\n  thrown in /srv/a.php on line 3",
        language: Php,
        outer: "RuntimeException: no cart",
        innermost: "RuntimeException: no cart",
        line: 1,
        frame: "/srv/a.php:3",
    },
    Sample {
        text: "PHP Fatal error:  Uncaught PDOException: refused in /srv/vendor/db/pdo.php:9\nStack trace:\n\
               #0 /srv/vendor/db/pdo.php(9): PDO->__construct()\n#1 /srv/db.php(2): open()\n#2 {main}\n\n\
               Next App\\DbException: cannot open in /srv/db.php:4\nStack trace:\n#0 {main}\n  thrown in /srv/db.php on line 4",
        language: Php,
        outer: "App\\DbException: cannot open",
        innermost: "PDOException: refused",
        line: 1,
        frame: "/srv/db.php(2): open()",
    },
    Sample {
        text: "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/a.php on line 3",
        language: Php,
        outer: "Fatal error: Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)",
        innermost: "Fatal error: Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)",
        line: 1,
        frame: "/srv/a.php:3",
    },
    Sample {
        text: "production.ERROR: no cart {\"exception\":\"[object] (App\\CartException(code: 0): no cart at /srv/app/Cart.php:3)\n\
               [stacktrace]\n#0 /srv/app/Api.php(12): App\\Cart->load()\n#1 {main}",
        language: Php,
        outer: "App\\CartException: no cart",
        innermost: "App\\CartException: no cart",
        line: 1,
        frame: "/srv/app/Cart.php:3",
    },
];
