//! What an expression would match if it could not tell digits apart.
//!
//! Two expressions bound it: the loosest takes any digit where it takes one, the strictest takes none where it does not take all. Whatever digits stand in a
//! text, what the strictest matches the expression matches too, and what the loosest does not match it does not match either.

use regex_syntax::hir::{
    Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition,
};

/// The loosest and the strictest form of `hir`; `None` where it takes all digits alike.
pub(super) fn bounds(hir: &Hir) -> Option<(Hir, Hir)> {
    let mut matter = false;
    let loosest = walk(hir, Bound::Loosest, &mut matter);
    matter.then(|| (loosest, walk(hir, Bound::Strictest, &mut false)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Loosest,
    Strictest,
}

fn walk(hir: &Hir, bound: Bound, matter: &mut bool) -> Hir {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => hir.clone(),
        HirKind::Literal(literal) => Hir::concat(literal.0.iter().map(|b| byte(*b, bound, matter)).collect()),
        HirKind::Class(class) => Hir::class(digits_alike(class, bound, matter)),
        HirKind::Repetition(r) => {
            Hir::repetition(Repetition { sub: Box::new(walk(&r.sub, bound, matter)), ..r.clone() })
        }
        HirKind::Capture(capture) => walk(&capture.sub, bound, matter),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|p| walk(p, bound, matter)).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(|p| walk(p, bound, matter)).collect()),
    }
}

fn byte(byte: u8, bound: Bound, matter: &mut bool) -> Hir {
    if !byte.is_ascii_digit() {
        return Hir::literal([byte]);
    }
    *matter = true;
    match bound {
        Bound::Loosest => Hir::class(Class::Bytes(all_bytes())),
        Bound::Strictest => Hir::fail(),
    }
}

fn digits_alike(class: &Class, bound: Bound, matter: &mut bool) -> Class {
    match class {
        Class::Bytes(class) => {
            let mut shared = class.clone();
            shared.intersect(&all_bytes());
            if shared.ranges().is_empty() || shared == all_bytes() {
                return Class::Bytes(class.clone());
            }
            *matter = true;
            let mut class = class.clone();
            if bound == Bound::Loosest {
                class.union(&all_bytes());
            } else {
                class.difference(&all_bytes());
            }
            Class::Bytes(class)
        }
        Class::Unicode(class) => {
            let mut shared = class.clone();
            shared.intersect(&all_chars());
            if shared.ranges().is_empty() || shared == all_chars() {
                return Class::Unicode(class.clone());
            }
            *matter = true;
            let mut class = class.clone();
            if bound == Bound::Loosest {
                class.union(&all_chars());
            } else {
                class.difference(&all_chars());
            }
            Class::Unicode(class)
        }
    }
}

fn all_bytes() -> ClassBytes {
    ClassBytes::new([ClassBytesRange::new(b'0', b'9')])
}

fn all_chars() -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new('0', '9')])
}
