//! S59-S62: settings from the environment.

use noex::environment::{Environment, Profile, ServiceConfig, Variable, VariableError, table};
use std::time::Duration;

type Outcome = Result<(), VariableError>;

fn read(set: &[(&str, &str)]) -> Result<ServiceConfig, VariableError> {
    ServiceConfig::read(&Environment::of(set.iter().copied()))
}

#[test]
fn s60_nothing_need_be_set() -> Outcome {
    let config = read(&[])?;
    assert_eq!(
        (config.env, &*config.log_level),
        (Profile::Development, "info")
    );
    let database = &config.database;
    assert_eq!(
        (&*database.host, database.port, database.max_connections),
        ("localhost", 5432, 10)
    );
    assert_eq!(config.supervisor.max_restarts, 5);
    assert_eq!(config.supervisor.restart_window, Duration::from_secs(60));
    Ok(())
}

#[test]
fn s60_noex_env_wins_over_node_env() -> Outcome {
    assert_eq!(read(&[("NODE_ENV", "staging")])?.env, Profile::Staging);
    let both = read(&[("NODE_ENV", "staging"), ("NOEX_ENV", "production")])?;
    assert_eq!(both.env, Profile::Production);
    // Set to nothing is not set.
    assert_eq!(
        read(&[("NODE_ENV", "staging"), ("NOEX_ENV", "")])?.env,
        Profile::Staging
    );
    Ok(())
}

#[test]
fn s61_production_has_other_defaults_and_what_is_set_wins() -> Outcome {
    let production = read(&[("NOEX_ENV", "production")])?.supervisor;
    assert_eq!(
        (production.max_restarts, production.restart_window),
        (10, Duration::from_secs(300))
    );
    let set = read(&[("NOEX_ENV", "production"), ("MAX_RESTARTS", "7")])?.supervisor;
    assert_eq!(
        (set.max_restarts, set.restart_window),
        (7, Duration::from_secs(300))
    );
    let staging = read(&[("NOEX_ENV", "staging")])?.supervisor;
    assert_eq!(staging.max_restarts, 5);
    Ok(())
}

#[test]
fn s60_what_cannot_be_used_is_named_with_what_is_allowed() {
    let cases = [
        (
            "DB_PORT",
            "80a",
            r#"DB_PORT="80a" cannot be used: it must be a port, 0 to 65535"#,
        ),
        (
            "DB_PORT",
            "65536",
            r#"DB_PORT="65536" cannot be used: it must be a port, 0 to 65535"#,
        ),
        (
            "DB_MAX_CONNECTIONS",
            "0",
            r#"DB_MAX_CONNECTIONS="0" cannot be used: it must be a number, at least 1"#,
        ),
        (
            "MAX_RESTARTS",
            "-1",
            r#"MAX_RESTARTS="-1" cannot be used: it must be a number"#,
        ),
        (
            "RESTART_WINDOW",
            "1s",
            r#"RESTART_WINDOW="1s" cannot be used: it must be a number of milliseconds, at least 1"#,
        ),
        (
            "LOG_LEVEL",
            "loud",
            r#"LOG_LEVEL="loud" cannot be used: it must be trace, debug, info, warn, error or off"#,
        ),
        (
            "NODE_ENV",
            "prod",
            r#"NODE_ENV="prod" cannot be used: it must be development, staging or production"#,
        ),
        (
            "NOEX_ENV",
            "prod",
            r#"NOEX_ENV="prod" cannot be used: it must be development, staging or production"#,
        ),
    ];
    for (variable, value, says) in cases {
        let error = read(&[(variable, value)]).expect_err(says);
        assert_eq!(error.to_string(), says);
    }
}

#[test]
fn what_may_have_a_password_in_it_is_not_shown() {
    const URL: Variable<u16> = Variable::new("URL", "1", "a number").secret();
    let error = Environment::of([("URL", "postgres://ada:secret@host")])
        .read(&URL)
        .expect_err("no number");
    assert_eq!(
        error.to_string(),
        r#"URL="(secret)" cannot be used: it must be a number"#
    );
}

/// A variable of the user's own, in the same table.
#[test]
fn d06_the_table_is_made_from_what_reads() -> Outcome {
    const DRAIN: Variable<Duration> = Variable::millis("DRAIN", "500").about("How long it drains");
    let shown = table(&[&DRAIN]);
    assert_eq!(
        shown,
        "| variable | default | allowed | what for |\n|---|---|---|---|\n\
         | `DRAIN` | `500` | a number of milliseconds, at least 1 | How long it drains |\n"
    );
    let environment = Environment::of([("DRAIN", " 20 ")]);
    assert_eq!(environment.read(&DRAIN)?, Duration::from_millis(20));
    let all = ServiceConfig::table();
    let names = [
        "NOEX_ENV",
        "LOG_LEVEL",
        "DB_HOST",
        "DB_PORT",
        "DB_MAX_CONNECTIONS",
        "MAX_RESTARTS",
        "RESTART_WINDOW",
    ];
    for name in names {
        assert!(all.contains(&format!("| `{name}` |")), "{name}");
    }
    assert!(all.contains("`60000`; in production `300000`"), "{all}");
    Ok(())
}

#[test]
#[should_panic(expected = "the default of BAD is not a number")]
fn a_default_that_cannot_be_used_is_a_mistake_of_the_program() {
    const BAD: Variable<u8> = Variable::new("BAD", "300", "a number");
    let _ = Environment::of([("OTHER", "")]).read(&BAD);
}
