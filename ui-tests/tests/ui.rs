//! Every misuse has a file, and beside it what the compiler says of it.
//!
//! The texts hold for the toolchain of CI; `TRYBUILD=overwrite` accepts new ones.

use trybuild::TestCases;

#[test]
fn servers() {
    TestCases::new().compile_fail("cases/server/*.rs");
}

#[test]
fn misuses() {
    TestCases::new().compile_fail("cases/misuse/*.rs");
}

#[test]
fn functions() {
    let cases = TestCases::new();
    cases.compile_fail("cases/function/*.rs");
    cases.pass("cases/function/run/*.rs");
}

#[test]
fn rg_16_duplicate_registry_names_nobody() {
    TestCases::new().compile_fail("cases/registry/*.rs");
}

#[test]
fn trees() {
    TestCases::new().compile_fail("cases/tree/*.rs");
}
