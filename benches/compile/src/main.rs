//! Compiles 50 servers of 20 handlers, generated and written by hand, and compares the CPU time of the compiler.
//!
//! Both are crates of their own, made in `target/`; noex is compiled before, and nothing is incremental. The lowest of the
//! rounds counts: whatever else the machine does can only add to it.

mod servers;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SERVERS: usize = 50;
const HANDLERS: usize = 20;
const ROUNDS: usize = 3;
/// More than this is a failure.
const MOST: f64 = 1.6;

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generated = package(here, "generated", &servers::generated(SERVERS, HANDLERS));
    let by_hand = package(here, "by_hand", &servers::by_hand(SERVERS, HANDLERS));
    println!("| | generated | by hand | ratio | a server |\n|---|--:|--:|--:|--:|");
    let mut fails = false;
    for command in ["check", "build"] {
        let [generated, by_hand] = lowest(command, [&generated, &by_hand]);
        let ratio = generated / by_hand;
        let each = (generated - by_hand) * 1_000.0 / SERVERS as f64;
        println!(
            "| `cargo {command}` | {generated:.2} s | {by_hand:.2} s | {ratio:.2} | {each:+.1} ms |"
        );
        fails |= ratio > MOST;
    }
    assert!(!fails, "a ratio is above {MOST}");
}

/// Writes a package and gives its directory.
fn package(here: &Path, name: &str, source: &str) -> PathBuf {
    let directory = here.join("target").join(name);
    let noex = here.join("../../noex");
    let noex = noex.canonicalize().expect("noex is there");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nnoex = {{ path = {noex:?} }}\n"
    );
    fs::create_dir_all(directory.join("src")).expect("a directory");
    fs::write(directory.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::write(directory.join("src/lib.rs"), source).expect("the source can be written");
    directory
}

/// The lowest CPU time of each package, in seconds; they take turns.
fn lowest(command: &str, packages: [&PathBuf; 2]) -> [f64; 2] {
    let mut lowest = [f64::INFINITY; 2];
    // The first round also compiles noex.
    for round in 0..=ROUNDS {
        for (package, lowest) in packages.iter().zip(&mut lowest) {
            let took = compile(command, package);
            if round > 0 {
                *lowest = took.min(*lowest);
            }
        }
    }
    lowest
}

fn compile(command: &str, package: &Path) -> f64 {
    let source = package.join("src/lib.rs");
    let text = fs::read_to_string(&source).expect("the source can be read");
    // A newer file is compiled again.
    fs::write(&source, text).expect("the source can be written");
    let before = children();
    let status = Command::new(env!("CARGO"))
        .args([command, "--quiet", "-j1"])
        .current_dir(package)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", package.with_file_name("packages"))
        .env_remove("RUSTFLAGS")
        .status()
        .expect("cargo runs");
    assert!(status.success(), "{} does not compile", package.display());
    children() - before
}

/// The CPU time of all children that have ended, in seconds.
fn children() -> f64 {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux tells");
    // The name of the program, in parentheses, may contain anything.
    let (_, fields) = stat.rsplit_once(") ").expect("a name");
    let fields: Vec<_> = fields.split(' ').collect();
    // `cutime` and `cstime`, the fields 16 and 17; the first one here is the third.
    let ticks = |at: usize| fields[at - 3].parse::<f64>().expect("a number");
    (ticks(16) + ticks(17)) / TICKS_PER_SECOND
}
