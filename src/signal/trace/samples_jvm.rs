//! Traces of the JVM and of .NET.

use super::Language::{DotNet, Java};
use super::samples::Sample;

pub(super) const JVM: &[Sample] = &[
    Sample {
        text: "java.lang.RuntimeException: outer\n\tat org.apache.X.y(X.java:1)\n\tat shop.Cart.get(Cart.java:7)\n\
               Caused by: java.io.IOException: inner\n\tat shop.Disk.read(Disk.java:9)\n\t... 3 more",
        language: Java,
        outer: "java.lang.RuntimeException: outer",
        innermost: "java.io.IOException: inner",
        line: 4,
        frame: "shop.Disk.read(Disk.java:9)",
    },
    Sample {
        text: "Exception in thread \"main\" java.lang.IllegalStateException: boom\n\tat shop.App.start(App.kt:12)\n\
               \tat shop.AppKt.main(App.kt)\n\tSuppressed: java.io.IOException: close\n\t\tat shop.Res.close(Res.kt:3)\n\
               \t\t... 1 more\n\tCaused by: java.net.SocketException: reset\n\t\tat shop.Net.read(Net.kt:8)\n\
               Caused by: java.lang.NullPointerException\n\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n\
               \tat jdk.proxy2/jdk.proxy2.$Proxy9.x(Unknown Source)\n\t... 12 common frames omitted",
        language: Java,
        outer: "java.lang.IllegalStateException: boom",
        innermost: "java.lang.NullPointerException",
        line: 9,
        frame: "shop.App.start(App.kt:12)",
    },
    Sample {
        text: "shop.cart.Broken: no cart\n\tat shop.cart.Service.load(Service.scala:41) ~[app.jar:1.0]\n\
               \tat scala.collection.immutable.List.map(List.scala:250) ~[scala-library.jar:?]\n\
               Caused by: shop.db.Gone: row 7\n\tat shop.db.Rows$.$anonfun$read$1(Rows.scala:9) ~[app.jar:1.0]",
        language: Java,
        outer: "shop.cart.Broken: no cart",
        innermost: "shop.db.Gone: row 7",
        line: 4,
        frame: "shop.db.Rows$.$anonfun$read$1(Rows.scala:9)",
    },
    Sample {
        text: "java.net.ConnectException: refused\n\tat shop.Net.open(Net.groovy:3)\n\
               Wrapped by: shop.NetException: cannot reach db\n\tat shop.Api.call(Api.groovy:9)",
        language: Java,
        outer: "shop.NetException: cannot reach db",
        innermost: "java.net.ConnectException: refused",
        line: 1,
        frame: "shop.Net.open(Net.groovy:3)",
    },
    Sample {
        text: "clojure.lang.ExceptionInfo: bad order {:id 7}\n\tat clojure.core$ex_info.invoke(core.clj:4617)\n\
               \tat shop.core$total.invoke(NO_SOURCE_FILE:3)\n\tat java.base/java.lang.Thread.run(Thread.java:840)",
        language: Java,
        outer: "clojure.lang.ExceptionInfo: bad order {:id 7}",
        innermost: "clojure.lang.ExceptionInfo: bad order {:id 7}",
        line: 1,
        frame: "shop.core$total.invoke(NO_SOURCE_FILE:3)",
    },
    Sample {
        text: "Unhandled exception. System.InvalidOperationException: outer\n ---> System.IO.IOException: inner\n\
               \x20  at System.IO.File.Open(String path)\n   at Shop.Disk.Read(String path) in /src/Disk.cs:line 9\n\
               \x20  --- End of inner exception stack trace ---\n   at Shop.Cart.Get(Int32 id) in /src/Cart.cs:line 7\n\
               \x20  at Program.<Main>$(String[] args) in /src/Program.cs:line 1",
        language: DotNet,
        outer: "System.InvalidOperationException: outer",
        innermost: "System.IO.IOException: inner",
        line: 2,
        frame: "Shop.Disk.Read(String path) in /src/Disk.cs:line 9",
    },
    Sample {
        text: "System.AggregateException: One or more errors occurred. (gone) ---> System.Net.Http.HttpRequestException: gone\n\
               \x20  at Shop.Http.<Get>d__3.MoveNext()\n--- End of stack trace from previous location ---\n\
               \x20  at Microsoft.Extensions.Hosting.Host.Run()",
        language: DotNet,
        outer: "System.AggregateException: One or more errors occurred. (gone)",
        innermost: "System.Net.Http.HttpRequestException: gone",
        line: 1,
        frame: "Shop.Http.<Get>d__3.MoveNext()",
    },
    Sample {
        text: "System.AggregateException: many (a) (b)\n ---> System.TimeoutException: a\n   at Shop.A.Run()\n\
               \x20  --- End of inner exception stack trace ---\n   at Shop.All.Run()\n\
               \x20---> (Inner Exception #1) System.ArgumentException: b\n   at Shop.B.Run()<---",
        language: DotNet,
        outer: "System.AggregateException: many (a) (b)",
        innermost: "System.TimeoutException: a",
        line: 2,
        frame: "Shop.A.Run()",
    },
];
