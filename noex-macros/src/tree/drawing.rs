//! The tree as its documentation shows it.

use super::model::{Child, Kind, Level, Route, Strategy};

/// Some lines of text, such as
///
/// ```text
/// Shop (rest_for_one, 5 in 30s)
/// ├─ db: Db
/// └─ web (one_for_one)
///    └─ http: task (needs db)
/// ```
pub(crate) fn draw(name: &str, root: &Level) -> String {
    let mut out = format!("{name} ({})\n", policy(root));
    children(root, "", &mut out);
    out
}

fn children(level: &Level, indent: &str, out: &mut String) {
    let last = level.children.len().saturating_sub(1);
    for (at, child) in level.children.iter().enumerate() {
        let (branch, below) = if at == last {
            ("└─", "   ")
        } else {
            ("├─", "│  ")
        };
        out.push_str(&format!("{indent}{branch} {}\n", line(child)));
        if let Kind::Tree(inner) = &child.kind {
            children(inner, &format!("{indent}{below}"), out);
        }
    }
}

fn line(child: &Child) -> String {
    let id = child.id();
    if let Kind::Tree(inner) = &child.kind {
        return format!("{id} ({})", policy(inner));
    }
    let needs: Vec<_> = child
        .needs
        .iter()
        .map(|need| need.name.to_string())
        .collect();
    let mut notes = match &child.kind {
        Kind::Pool { options, .. } => {
            let size = super::written(&options.size);
            vec![format!("pool of {size}, {}", options.route.name())]
        }
        Kind::Dynamic { options, .. } => match &options.max {
            Some(max) => vec![format!("dynamic, max {}", super::written(max))],
            None => vec!["dynamic".to_owned()],
        },
        _ => Vec::new(),
    };
    if !needs.is_empty() {
        notes.push(format!("needs {}", needs.join(", ")));
    }
    let runs = child.runs();
    if notes.is_empty() {
        return format!("{id}: {runs}");
    }
    format!("{id}: {runs} ({})", notes.join("; "))
}

fn policy(level: &Level) -> String {
    let strategy = level.options.strategy.name();
    match &level.options.intensity {
        Some(intensity) => format!("{strategy}, {}", super::written(&intensity.written)),
        None => strategy.to_owned(),
    }
}

impl Strategy {
    /// As users write it.
    fn name(self) -> &'static str {
        match self {
            Self::OneForOne => "one_for_one",
            Self::OneForAll => "one_for_all",
            Self::RestForOne => "rest_for_one",
            Self::Dependents => "dependents",
        }
    }
}

impl Route {
    fn name(self) -> &'static str {
        match self {
            Self::RoundRobin => "round_robin",
            Self::LeastBusy => "least_busy",
            Self::ByKey => "by_key",
        }
    }
}
