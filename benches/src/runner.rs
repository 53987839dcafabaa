//! Runs every system of a workload one after the other, round by round, each in a
//! process of its own, and reports medians and ratios to the first system.

use crate::{systems, workloads};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LIMIT_S: u64 = 120;

/// Command of a system that is not in this binary: it gets WORKLOAD and SCALE as
/// its last arguments and prints the same lines; exit status 3 means "not supported".
fn external(system: &str) -> Option<Command> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/external");
    let mut c;
    match system {
        "erlang" => {
            c = Command::new("sh");
            c.arg(format!("{dir}/erlang.sh"));
        }
        "elixir" => {
            c = Command::new("sh");
            c.arg(format!("{dir}/elixir.sh"));
        }
        "noex-ts" => {
            c = Command::new("node");
            c.arg("--expose-gc")
                .arg("--max-old-space-size=12000")
                .arg(format!("{dir}/noex-ts.mjs"));
        }
        _ => return None,
    }
    Some(c)
}

/// One printed line: metric, value, unit, CPU ns per operation.
type Line = (String, f64, String, Option<f64>);
type Samples = BTreeMap<(String, String), Vec<Line>>;

pub fn all(args: &[&str]) {
    let mut rounds = 3usize;
    let mut scale = "1".to_owned();
    let mut names: Vec<String> = systems::ALL.iter().map(|s| s.to_string()).collect();
    names.extend(["erlang", "elixir", "noex-ts"].map(str::to_owned));
    let mut loads: Vec<String> = workloads::ALL.iter().map(|s| s.to_string()).collect();
    let mut out = None;
    let mut it = args.iter();
    while let Some(a) = it.next() {
        let v = it.next().unwrap_or_else(|| panic!("{a} needs a value"));
        match *a {
            "--rounds" => rounds = v.parse().unwrap(),
            "--scale" => scale = v.to_string(),
            "--systems" => names = v.split(',').map(str::to_owned).collect(),
            "--workloads" => loads = v.split(',').map(str::to_owned).collect(),
            "--out" => out = Some(v.to_string()),
            _ => panic!("unknown option {a}"),
        }
    }
    let mut log = out.map(|p| {
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(p)
            .unwrap()
    });
    for load in &loads {
        let mut samples = Samples::new();
        let mut order: Vec<String> = Vec::new();
        let mut notes: BTreeMap<String, String> = BTreeMap::new();
        let rounds = if load == "mem_1m" { 1 } else { rounds };
        for round in 0..rounds {
            for k in 0..names.len() {
                // rotate, so that no system always runs after the same neighbour
                let name = &names[(k + round) % names.len()];
                match one(name, load, &scale) {
                    Ok(lines) => {
                        for line in lines {
                            let (m, v, u, cpu) = &line;
                            if !order.contains(m) {
                                order.push(m.clone());
                            }
                            if let Some(f) = log.as_mut() {
                                let cpu = cpu.map_or(String::new(), |c| format!("\t{c}"));
                                writeln!(f, "{name}\t{m}\t{v}\t{u}{cpu}").unwrap();
                            }
                            samples
                                .entry((m.clone(), name.clone()))
                                .or_default()
                                .push(line);
                        }
                    }
                    Err(e) => {
                        notes.insert(name.clone(), e);
                    }
                }
            }
        }
        for m in &order {
            print!("{}", table(m, &names, &samples, &notes));
            std::io::stdout().flush().unwrap();
        }
    }
}

/// One metric: median and best of the rounds, both also as ratios to the first system,
/// and the CPU time per operation.
fn table(m: &str, names: &[String], samples: &Samples, notes: &BTreeMap<String, String>) -> String {
    let of = |n: &String| {
        let v = samples.get(&(m.to_owned(), n.clone()))?;
        let x: Vec<f64> = v.iter().map(|l| l.1).collect();
        let c: Vec<f64> = v.iter().filter_map(|l| l.3).collect();
        let best = x.iter().copied().fold(f64::MAX, f64::min);
        Some((
            median(x),
            best,
            (!c.is_empty()).then(|| median(c)),
            v[0].2.clone(),
        ))
    };
    let mut t = format!("\n{m:<26}   median            best                  cpu\n");
    let reference = of(&names[0]);
    for n in names {
        if let Some((med, best, cpu, unit)) = of(n) {
            let x = |v: f64, r: Option<f64>| {
                r.map_or(String::from("       -"), |r| format!("{:7.2}x", v / r))
            };
            t += &format!(
                "  {n:<9} {med:>12.1} {unit:<4}{}",
                x(med, reference.as_ref().map(|r| r.0))
            );
            t += &format!(" {best:>12.1}{}", x(best, reference.as_ref().map(|r| r.1)));
            if let Some(c) = cpu {
                t += &format!(" {c:>12.1}{}", x(c, reference.as_ref().and_then(|r| r.2)));
            }
            t.push('\n');
        } else if let Some(e) = notes.get(n) {
            t += &format!("  {n:<9} {:>12}   ({e})\n", "-");
        }
    }
    t
}

fn median(mut x: Vec<f64>) -> f64 {
    x.sort_by(f64::total_cmp);
    let n = x.len();
    if n % 2 == 1 {
        x[n / 2]
    } else {
        (x[n / 2 - 1] + x[n / 2]) / 2.0
    }
}

fn one(system: &str, load: &str, scale: &str) -> Result<Vec<Line>, String> {
    let mut c = match external(system) {
        Some(c) => c,
        None => {
            let mut c = Command::new(std::env::current_exe().unwrap());
            c.arg("run").arg(system);
            c
        }
    };
    let mut child = c
        .arg(load)
        .arg(scale)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    let t = Instant::now();
    let status = loop {
        if let Some(s) = child.try_wait().unwrap() {
            break s;
        }
        if t.elapsed() > Duration::from_secs(LIMIT_S) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("stopped after {LIMIT_S} s"));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut s = String::new();
    child.stdout.take().unwrap().read_to_string(&mut s).unwrap();
    match status.code() {
        Some(0) => {}
        Some(3) => return Err("not supported".into()),
        _ => return Err(format!("failed: {status}")),
    }
    Ok(s.lines()
        .filter_map(|l| {
            let mut f = l.split('\t');
            Some((
                f.next()?.to_owned(),
                f.next()?.parse().ok()?,
                f.next()?.to_owned(),
                f.next().and_then(|c| c.parse().ok()),
            ))
        })
        .collect())
}
