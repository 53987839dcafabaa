defmodule Monitors do
  @moduledoc "Monitors: one notice for each, with the reason, after everything of the process is gone."
  use Stage

  scenario :tells_the_reason do
    b = worker("b")

    for reason <- [:normal, {:shutdown, :enough}, :boom] do
      a = worker("a", silent: true)
      ask(b, {:watch, a})
      tell(a, {:stop, reason})
      gone(a)
    end

    pause()
  end

  scenario :tells_of_a_panic_and_of_a_kill do
    b = worker("b")

    for act <- [&tell(&1, :raise), &Process.exit(&1, :kill)] do
      a = worker("a", silent: true)
      ask(b, {:watch, a})
      act.(a)
      gone(a)
    end

    pause()
  end

  scenario :target_is_dead do
    {a, b} = {worker("a", silent: true), worker("b")}
    stop(a)
    ask(b, {:watch, a})
    ask(b, {:watch, :nobody})
    pause()
  end

  scenario :two_monitors_are_two_notices do
    {a, b} = {worker("a", silent: true), worker("b")}
    for _ <- 1..2, do: ask(b, {:watch, a})
    stop(a)
    pause()
  end

  scenario :demonitored do
    {a, b} = {worker("a", silent: true), worker("b")}
    ask(b, {:watch, a})
    for _ <- 1..2, do: ask(b, {:unwatch, []})
    stop(a)
    note(ask(b, {:note, "hears nothing"}))
  end

  # A notice comes while the watcher is busy, which then ends the monitor.
  defp queued(options) do
    {a, b} = {worker("a", silent: true), worker("b")}
    ask(b, {:watch, a})
    tell(b, {:then, [{:sleep, 100}, {:unwatch, options}]})
    pause(50)
    stop(a)
    pause()
    note(ask(b, {:note, "goes on"}))
  end

  scenario :notice_is_queued do
    queued([])
  end

  scenario :notice_is_queued_and_flushed do
    queued([:flush])
  end

  scenario :name_is_free_at_the_notice do
    a = worker("a", name: :it, silent: true)
    look = fn -> note(if Process.whereis(:it), do: "taken", else: "free") end
    b = worker("b", on_down: {:run, look})
    ask(b, {:watch, a})
    Process.exit(a, :kill)
    pause()
  end

  scenario :watcher_fails do
    {a, b} = {worker("a"), worker("b", silent: true)}
    ask(b, {:watch, a})
    tell(b, :raise)
    note(gone(b))
    note(ask(a, {:note, "goes on"}))
  end

  scenario :name_passes_to_another do
    a = worker("a", name: :it, silent: true)
    b = worker("b")
    ask(b, {:watch, :it})
    stop(a)
    worker("a", name: :it, silent: true)
    pause()
  end
end

