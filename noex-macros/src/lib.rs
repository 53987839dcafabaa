//! The macros of noex. Use them through the `noex` crate.

mod diag;
mod syntax;
mod text;
mod tree;

use proc_macro2::TokenStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Declares a supervision tree.
#[proc_macro]
pub fn supervisor(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    guarded("supervisor!", || tree::expand(input.into())).into()
}

/// Runs one expansion; a panic in it becomes an error that says where to report it.
fn guarded(name: &str, expand: impl FnOnce() -> TokenStream) -> TokenStream {
    catch_unwind(AssertUnwindSafe(expand)).unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        let text = text::bug(name, why);
        syn::Error::new(proc_macro2::Span::call_site(), String::from(text)).to_compile_error()
    })
}
