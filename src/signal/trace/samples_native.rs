//! Traces of Go, Rust and C++.

use super::Language::{Cpp, Go, Rust};
use super::samples::Sample;

pub(super) const NATIVE: &[Sample] = &[
    Sample {
        text: "panic: runtime error: invalid memory address or nil pointer dereference [recovered]\n\tpanic: gave up\n\
               [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48]\n\ngoroutine 1 [running]:\n\
               runtime.gopanic({0x1, 0x2})\n\t/usr/local/go/src/runtime/panic.go:884 +0x212\nmain.(*Cart).Total(...)\n\
               \t/srv/shop/cart.go:12 +0x1d\nmain.main()\n\t/srv/shop/main.go:5 +0x1d\n\ngoroutine 5 [chan receive, 3 minutes]:\n\
               main.wait()\n\t/srv/shop/wait.go:3 +0x1\ncreated by main.main in goroutine 1\n\t/srv/shop/main.go:4 +0x1\nexit status 2",
        language: Go,
        outer: "panic: gave up",
        innermost: "panic: runtime error: invalid memory address or nil pointer dereference",
        line: 1,
        frame: "/srv/shop/cart.go:12",
    },
    Sample {
        text: "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/srv/shop/main.go:5 +0x1d",
        language: Go,
        outer: "fatal error: all goroutines are asleep - deadlock!",
        innermost: "fatal error: all goroutines are asleep - deadlock!",
        line: 1,
        frame: "/srv/shop/main.go:5",
    },
    Sample {
        text: "http: panic serving 10.0.0.1:4000: boom\ngoroutine 33 [running]:\nnet/http.(*conn).serve.func1()\n\
               \tnet/http/server.go:1850 +0xbf\npanic({0x6a, 0x7b})\n\truntime/panic.go:890 +0x262\nmain.get(...)\n\tshop/api.go:9",
        language: Go,
        outer: "panic: boom",
        innermost: "panic: boom",
        line: 1,
        frame: "shop/api.go:9",
    },
    Sample {
        text: "thread 'main' panicked at src/main.rs:4:5:\nno config\nstack backtrace:\n   0: rust_begin_unwind\n\
               \x20            at /rustc/90c541/library/std/src/panicking.rs:645:5\n   1: core::panicking::panic_fmt\n\
               \x20            at /rustc/90c541/library/core/src/panicking.rs:72:14\n   2: shop::main\n             at ./src/main.rs:4:5\n\
               note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.",
        language: Rust,
        outer: "panic: no config",
        innermost: "panic: no config",
        line: 1,
        frame: "src/main.rs:4:5",
    },
    Sample {
        text: "thread 'worker' (123) panicked at src/cart.rs:4:5:\nassertion `left == right` failed\n  left: 1\n right: 2\n\
               note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
        language: Rust,
        outer: "panic: assertion `left == right` failed; left: 1; right: 2",
        innermost: "panic: assertion `left == right` failed; left: 1; right: 2",
        line: 1,
        frame: "src/cart.rs:4:5",
    },
    Sample {
        text: "thread 'main' panicked at 'index out of bounds', /rustc/90c541/library/core/src/slice/index.rs:4:5\nstack backtrace:\n\
               \x20  0: core::panicking::panic_fmt\n   1: shop::cart::total\n             at ./src/cart.rs:9:1",
        language: Rust,
        outer: "panic: index out of bounds",
        innermost: "panic: index out of bounds",
        line: 1,
        frame: "shop::cart::total",
    },
    Sample {
        text: "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check\nAborted (core dumped)",
        language: Cpp,
        outer: "std::out_of_range: vector::_M_range_check",
        innermost: "std::out_of_range: vector::_M_range_check",
        line: 1,
        frame: "",
    },
    Sample {
        text: "app: src/cart.cc:12: int total(int): Assertion `n > 0' failed.\nAborted (core dumped)",
        language: Cpp,
        outer: "Assertion failed: n > 0",
        innermost: "Assertion failed: n > 0",
        line: 1,
        frame: "src/cart.cc:12",
    },
    Sample {
        text: "==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x4f5a\nREAD of size 4 at 0x602000000010 thread T0\n\
               \x20   #0 0x4c21 in __interceptor_memcpy (/srv/app+0x4c21)\n    #1 0x4f5a in shop::total(int) /srv/cart.cc:3:5\n\
               \x20   #2 0x7f00 in __libc_start_main (/lib/x86_64-linux-gnu/libc.so.6+0x2)\nSUMMARY: AddressSanitizer: heap-use-after-free /srv/cart.cc:3:5 in shop::total(int)",
        language: Cpp,
        outer: "AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x4f5a",
        innermost: "AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x4f5a",
        line: 1,
        frame: "shop::total(int) /srv/cart.cc:3:5",
    },
    Sample {
        text: "*** SIGSEGV received at time=1700000000 on cpu 3 ***\nPC: @     0x55d0c1  (unknown)  shop::total()\n\
               \x20   @     0x55d0aa       1904  absl::AbslFailureSignalHandler()\n    @     0x55d0c1         32  shop::total()",
        language: Cpp,
        outer: "SIGSEGV",
        innermost: "SIGSEGV",
        line: 1,
        frame: "shop::total()",
    },
];
