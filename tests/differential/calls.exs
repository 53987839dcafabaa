defmodule Calls do
  @moduledoc "Calls: what the caller is told, and what the server does all the same."
  use Stage

  defp later(act), do: Task.async(act)
  defp all(tasks), do: Enum.each(tasks, &note(Task.await(&1)))

  scenario :is_answered do
    a = worker("a")
    tell(a, {:note, "cast"})
    note(ask(a, {:note, "call"}))
  end

  scenario :answer_comes_late do
    {a, b} = {worker("a"), worker("b")}
    tell(b, {:ask, a, {:sleep, 150}, 50})
    pause(200)
    note(ask(b, {:ask, a, {:note, "again"}, 5_000}))
  end

  scenario :gives_up_while_queued do
    a = worker("a")
    tell(a, {:sleep, 100})
    note(ask(a, {:note, "late"}, 50))
    pause()
  end

  scenario :handler_stops_with_a_reply do
    a = worker("a")
    note(ask(a, {:stop, :normal}))
    note(gone(a))
  end

  scenario :handler_stops_normally_without_a_reply do
    a = worker("a")
    note(ask(a, {:stop_silently, :normal}))
  end

  scenario :handler_stops_with_a_reason_without_a_reply do
    a = worker("a")
    note(ask(a, {:stop_silently, {:shutdown, :enough}}))
  end

  scenario :handler_panics do
    a = worker("a")
    note(ask(a, :raise))
  end

  scenario :server_is_killed do
    a = worker("a")
    tell(a, :hang)
    calls = for n <- 1..3, do: later(fn -> ask(a, {:note, n}) end)
    pause()
    Process.exit(a, :kill)
    all(calls)
  end

  scenario :server_stops_before_its_turn do
    a = worker("a")
    tell(a, {:sleep, 50})
    tell(a, {:stop, {:shutdown, :enough}})
    all([later(fn -> ask(a, {:note, "call"}) end)])
  end

  scenario :nobody_is_there do
    a = worker("a")
    stop(a)
    note(ask(a, {:note, "call"}))
    note(ask(:nobody, {:note, "call"}))
  end

  scenario :to_itself do
    a = worker("a", silent: true)
    note(ask(a, {:ask, a, {:note, "call"}, 5_000}))
  end

  scenario :token_is_used_later do
    a = worker("a")
    call = later(fn -> ask(a, :keep) end)
    pause()
    tell(a, {:note, "message"})
    tell(a, {:answer_kept})
    all([call])
  end

  scenario :token_is_used_by_another do
    {a, b} = {worker("a"), worker("b")}
    call = later(fn -> ask(a, :keep) end)
    pause()
    tell(b, {:answer, GenServer.call(a, :kept)})
    all([call])
  end

  scenario :token_outlives_its_server do
    {a, b} = {worker("a"), worker("b")}
    call = later(fn -> ask(a, :keep) end)
    pause()
    kept = GenServer.call(a, :kept)
    Process.exit(a, :kill)
    all([call])
    note(ask(b, {:answer, kept}))
  end

  scenario :token_is_dropped do
    a = worker("a")
    note(ask(a, :drop, 50))
  end

  scenario :caller_is_killed do
    {a, b} = {worker("a"), worker("b")}
    tell(b, {:ask, a, {:then, [{:sleep, 50}, {:note, "finishes"}]}, 5_000})
    tell(b, {:ask, a, {:sleep, 5_000}, 5_000})
    pause(25)
    Process.exit(b, :kill)
    note(gone(b))
    pause()
    note(alive(a))
  end

  scenario :step_after_the_reply_fails do
    a = worker("a", silent: true)
    note(ask(a, {:then, [:raise]}))
    note(gone(a))
  end

  scenario :is_waited_for_twice do
    a = worker("a")
    request = :gen_server.send_request(a, {:sleep, 100})
    note(waited(:gen_server.wait_response(request, 50)))
    note(waited(:gen_server.wait_response(request, 5_000)))
  end

  scenario :several_at_once do
    {a, b, c} = {worker("a"), worker("b"), worker("c", silent: true)}
    new = :gen_server.reqids_new()
    requests = :gen_server.send_request(a, {:sleep, 100}, "slow", new)
    requests = :gen_server.send_request(b, {:sleep, 50}, "fast", requests)
    requests = :gen_server.send_request(c, :raise, "fails", requests)
    collect(requests)
  end

  defp collect(requests) do
    case :gen_server.receive_response(requests, 5_000, true) do
      {answer, label, left} ->
        note("#{label} #{waited(answer)}")
        collect(left)

      :no_request ->
        note("none left")
    end
  end

  defp waited(:timeout), do: "timeout"
  defp waited({:reply, answer}), do: to_string(answer)
  defp waited({:error, {why, _}}), do: "exited #{reason(why)}"
end

