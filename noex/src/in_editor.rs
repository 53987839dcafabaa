//! What generated code has for editors alone.

/// What an editor may show or offer in place of what is written. The compiler reads none of it.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __in_editor {
    ($($statements:tt)*) => {};
}

/// The same for the editors that read it: rust-analyzer says who it is.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __in_editor {
    ($($statements:tt)*) => { $($statements)* };
}
