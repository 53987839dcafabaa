//! The processes as a table.

use super::Snapshot;
use super::stats::ServerStats;
use std::fmt::{self, Write};
use std::time::Duration;

impl Snapshot {
    /// The servers as a table for people: the longest queues first, as they are what is looked for; those with equal ones by age.
    ///
    /// ```
    /// println!("{}", noex::Observer::current().snapshot().table());
    /// // ID         NAME      STATUS     DOING         QUEUE   MESSAGES    UPTIME
    /// // <0.0.12>   pdf       running    render          311      40210   00:12:07
    /// ```
    pub fn table(&self) -> String {
        let mut servers: Vec<&ServerStats> = self.servers.iter().collect();
        servers.sort_by_key(|s| (std::cmp::Reverse(s.queue_size), s.id));
        let width = |least: usize, of: fn(&ServerStats) -> usize| {
            servers
                .iter()
                .map(|s| of(s))
                .chain([least])
                .max()
                .unwrap_or(least)
        };
        let id = width(2, |s| s.id.to_string().len());
        let name = width(4, |s| shown_name(s).chars().count());
        let doing = width(5, |s| s.doing.len());
        let mut table = format!(
            "{:id$}  {:name$}  {:9}  {:doing$}  {:>8}  {:>12}  {:>10}\n",
            "ID", "NAME", "STATUS", "DOING", "QUEUE", "MESSAGES", "UPTIME"
        );
        for s in servers {
            let _ = writeln!(
                table,
                "{:id$}  {:name$}  {:9}  {:doing$}  {:>8}  {:>12}  {:>10}",
                s.id.to_string(),
                shown_name(s),
                s.status,
                s.doing,
                s.queue_size,
                s.message_count,
                Clock(s.uptime).to_string(),
            );
        }
        table
    }
}

fn shown_name(stats: &ServerStats) -> &str {
    let label = stats.label.as_deref();
    let name = stats.name.as_deref().or(label);
    name.unwrap_or_else(|| stats.server.rsplit("::").next().unwrap_or(stats.server))
}

/// Hours, minutes and seconds.
struct Clock(Duration);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}", seconds % 60)
    }
}
