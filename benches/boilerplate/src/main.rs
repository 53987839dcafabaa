//! A counter in noex and in its peers: `add` is sent and not waited for, `get` is answered. Each file is what one library
//! needs at least, laid out by rustfmt; what is counted stands between `begin` and `end`.

mod servers;

use servers::{
    actix, hydra, kameo, kameo_macro, noex, ractor, ractor_macro, rsactor, spawned, speare,
    tokio_actors, xtra,
};

/// Lines, and characters other than white space, of the part that is counted.
fn count(source: &str) -> (usize, usize) {
    let (_, part) = source.split_once("// begin\n").expect("a beginning");
    let (part, _) = part.split_once("// end\n").expect("an end");
    let lines = part.lines().filter(|line| !line.trim().is_empty());
    let characters = part.chars().filter(|c| !c.is_whitespace());
    (lines.count(), characters.count())
}

macro_rules! table {
    ($($name:ident: $library:literal),* $(,)?) => {{
        let mut rows = Vec::new();
        $(
            let run = $name::run();
            // Hydra's processes are started from its own only, in a program that runs until it is told to end.
            if stringify!($name) != "hydra" {
                assert_eq!(run.await, 5, $library);
            }
            let source = include_str!(concat!("servers/", stringify!($name), ".rs"));
            rows.push(($library, count(source)));
        )*
        rows
    }};
}

async fn table() -> Vec<(&'static str, (usize, usize))> {
    table! {
        noex: "noex",
        kameo_macro: "kameo 0.22.2 (macros)",
        kameo: "kameo 0.22.2",
        rsactor: "rsactor 0.17.0",
        ractor_macro: "ractor 0.16.5 (macros)",
        ractor: "ractor 0.16.5",
        tokio_actors: "tokio-actors 0.11.0",
        spawned: "spawned-concurrency 0.5.0",
        xtra: "xtra 0.6.0",
        actix: "actix 0.13.5",
        speare: "speare 0.4.3",
        hydra: "hydra 0.1.40",
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let local = tokio::task::LocalSet::new();
    let mut rows = local.block_on(&runtime.expect("a runtime"), table());
    rows.sort_by_key(|row| row.1);
    println!("| library | lines | characters |\n|---|--:|--:|");
    for (library, (lines, characters)) in &rows {
        println!("| {library} | {lines} | {characters} |");
    }
    let (first, best) = rows[0];
    assert_eq!(first, "noex", "it needs the fewest lines");
    let fewer = rows[1..]
        .iter()
        .all(|row| best.0 < row.1.0 && best.1 < row.1.1);
    assert!(
        fewer,
        "it needs fewer lines and characters than each of the others"
    );
}
