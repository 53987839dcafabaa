//! Clients that are slow, many, odd or hostile.

use super::{Outcome, Quiet, get, serving};
use noex::System;
use noex::http::Health;
use noex::prelude::*;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// Sends this, and reads until the server has no more to say.
async fn say(address: SocketAddr, request: &str) -> Outcome<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // What was not read of a request may end its connection with a reset.
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8(answer)?)
}

#[noex::test(paused)]
async fn a_head_that_comes_byte_by_byte_is_cut_off_and_keeps_nobody_waiting() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new()).await?;
    let begun = Instant::now();
    let mut slow = TcpStream::connect(address).await?;
    let drips = async {
        for byte in "GET /health HTTP/1.1\r\nhost: a host whose name takes its time\r\n\r\n".bytes()
        {
            if slow.write_all(&[byte]).await.is_err() {
                break;
            }
            assert_eq!(get(address, "/health").await?.code, 200);
            sleep(SECOND).await;
        }
        let mut answer = String::new();
        let _ = slow.read_to_string(&mut answer).await;
        assert_eq!(answer, "");
        Outcome::Ok(())
    };
    drips.await?;
    let took = begun.elapsed();
    assert!(took >= 9 * SECOND && took <= 13 * SECOND, "{took:?}");
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn however_many_clients_say_nothing_the_next_one_is_answered() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new()).await?;
    let mut silent = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /health HT").await?;
        silent.push(stream);
    }
    assert_eq!(get(address, "/health").await?.code, 200);
    // Those that came first have made room.
    for stream in &mut silent[..150] {
        let closed = stream.read(&mut [0; 16]).await;
        assert!(matches!(closed, Ok(0) | Err(_)), "{closed:?}");
    }
    // Those that came last have not.
    let last = silent.last_mut().ok_or("there are some")?;
    last.write_all(b"TP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    last.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn when_all_that_may_be_are_being_answered_the_next_one_is_told_so() -> Outcome {
    Quiet::start().await?;
    let (asked, door) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (tell, opens) = (asked.clone(), door.clone());
    let health = Health::new().check("door", move || {
        tell.add_permits(1);
        let opens = opens.clone();
        async move { opens.acquire().await.map(drop) }
    });
    let address = serving(health).await?;
    let asking: Vec<_> = (0..128)
        .map(|_| {
            tokio::spawn(async move {
                let answer = get(address, "/ready").await;
                answer.map(|answer| answer.code).map_err(|e| e.to_string())
            })
        })
        .collect();
    let _all = asked.acquire_many(128).await?;
    let answer = say(address, "GET /ready HTTP/1.1\r\nhost: test\r\n\r\n").await?;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("retry-after: 1"), "{answer}");
    door.add_permits(1_000);
    for asking in asking {
        assert_eq!(asking.await??, 200);
    }
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn a_head_that_is_too_large_is_refused() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new()).await?;
    let large = format!(
        "GET /health HTTP/1.1\r\nx: {}\r\n\r\n",
        "x".repeat(17 << 10)
    );
    let many = format!("GET /health HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101));
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(17 << 10));
    for head in [large, many, long] {
        let answer = say(address, &head).await?;
        let code = answer.get(..12).unwrap_or_default();
        assert!(matches!(code, "HTTP/1.1 431" | "HTTP/1.1 414"), "{answer}");
    }
    let fits = format!(
        "GET /health HTTP/1.1\r\nhost: test\r\nconnection: close\r\nx: {}\r\n\r\n",
        "x".repeat(15 << 10)
    );
    let answer = say(address, &fits).await?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn methods_other_than_get_and_head_are_refused_and_nonsense_too() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new()).await?;
    let ask = async |method: &str, path: &str| {
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        let answer = say(address, &request).await?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no end of the head")?;
        Outcome::Ok((head.to_lowercase(), body.to_owned()))
    };
    for method in ["POST", "DELETE", "OPTIONS", "BREW"] {
        let (head, body) = ask(method, "/health").await?;
        assert!(
            head.starts_with("http/1.1 405") && head.contains("allow: get,head"),
            "{head}"
        );
        assert_eq!(body, "");
        assert!(ask(method, "/nowhere").await?.0.starts_with("http/1.1 404"));
    }
    let (head, body) = ask("HEAD", "/ready").await?;
    assert!(
        head.starts_with("http/1.1 200") && head.contains("content-length: 2"),
        "{head}"
    );
    assert_eq!(body, "");
    let (head, body) = ask("HEAD", "/nowhere").await?;
    assert!(head.starts_with("http/1.1 404"), "{head}");
    assert_eq!(body, "");
    for nonsense in [
        "\x16\x03\x01\x02\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
    ] {
        let answer = say(address, nonsense).await?;
        assert!(answer.starts_with("HTTP/1.1 400"), "{nonsense:?}: {answer}");
    }
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn no_connection_lasts_for_ever() -> Outcome {
    Quiet::start().await?;
    let address = serving(Health::new()).await?;
    let mut stream = TcpStream::connect(address).await?;
    let begun = Instant::now();
    for _ in 0..30 {
        let mut answer = [0; 512];
        let sent = stream
            .write_all(b"GET /ready HTTP/1.1\r\nhost: test\r\n\r\n")
            .await;
        if sent.is_err() || stream.read(&mut answer).await? == 0 {
            break;
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"));
        sleep(5 * SECOND).await;
    }
    let took = begun.elapsed();
    assert!(took >= 59 * SECOND && took <= 66 * SECOND, "{took:?}");
    System::current().stop().await;
    Ok(())
}

supervisor! {
    struct Probed(probe: Health, address: SocketAddr) {
        quiet: Quiet(),
        health: task(probe.clone().serve(*address)),
    }
}

#[noex::test(paused)]
async fn a_stop_finishes_what_is_being_answered_and_waits_for_no_other() -> Outcome {
    let address = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
    let (asked, door) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (tell, opens) = (asked.clone(), door.clone());
    let health = Health::new().check("door", move || {
        tell.add_permits(1);
        let opens = opens.clone();
        async move { opens.acquire().await.map(drop) }
    });
    let tree = Probed::start(health, address).await?;
    let mut idle = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    idle.write_all(b"GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n")
        .await?;
    assert!(idle.read(&mut [0; 512]).await? > 0);
    let mut half = TcpStream::connect(address).await?;
    half.write_all(b"GET /hea").await?;
    let answered = tokio::spawn(async move {
        let answer = get(address, "/ready").await;
        answer.map(|answer| answer.code).map_err(|e| e.to_string())
    });
    let _ = asked.acquire().await?;
    let begun = Instant::now();
    let stops = tokio::spawn(async move { tree.stop().await });
    assert_eq!(idle.read(&mut [0; 512]).await?, 0);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    door.add_permits(1);
    assert_eq!(answered.await??, 200);
    let stopped = stops.await??;
    assert!(stopped.is_clean(), "{stopped:?}");
    assert!(matches!(half.read(&mut [0; 512]).await, Ok(0) | Err(_)));
    assert!(begun.elapsed() <= 4 * SECOND, "{:?}", begun.elapsed());
    Ok(())
}
