defmodule SystemMessages do
  @moduledoc "What every server answers, whatever it is."
  use Stage

  defp value(server, timeout \\ 5_000) do
    "value #{:sys.get_state(server, timeout).value}"
  catch
    :exit, {:timeout, _} -> "busy"
    :exit, {:noproc, _} -> "noproc"
  end

  defp replace(server, make) do
    :sys.replace_state(server, fn s -> %{s | value: make.(s.value)} end)
    "replaced"
  rescue
    _ -> "failed"
  catch
    _, _ -> "failed"
  end

  scenario :suspended do
    a = worker("a")
    :sys.suspend(a)
    for n <- 1..2, do: tell(a, {:note, n})
    note(ask(a, {:note, "call"}, 50))
    note(value(a))
    :sys.resume(a)
    note(ask(a, {:note, "last"}))
  end

  scenario :suspended_and_watched do
    {a, b} = {worker("a", silent: true), worker("b")}
    ask(b, {:watch, a})
    :sys.suspend(a)
    Process.exit(a, :boom)
    pause()
  end

  scenario :suspended_twice do
    a = worker("a")
    for _ <- 1..2, do: :sys.suspend(a)
    :sys.resume(a)
    note(ask(a, {:note, "goes on"}))
  end

  scenario :state_is_read_and_replaced do
    a = worker("a")
    note(value(a))
    note(replace(a, &(&1 + 1)))
    note(value(a))
  end

  scenario :replacement_panics do
    a = worker("a")
    note(replace(a, fn _ -> raise "boom" end))
    note(value(a))
  end

  scenario :server_is_busy do
    a = worker("a")
    tell(a, {:sleep, 150})
    pause(10)
    note(value(a, 50))
    pause(150)
    note(ask(a, {:note, "goes on"}))
  end

  scenario :messages_wait do
    a = worker("a")
    tell(a, {:sleep, 50})
    tell(a, {:add, 1})
    pause(10)
    note(value(a))
  end

  scenario :nobody_is_there do
    a = worker("a", silent: true)
    stop(a)
    note(value(a))
  end

  scenario :status do
    tree = tree([child("a")])
    a = life("a", 1)
    {:status, _, _, [_, state, parent | _]} = :sys.get_status(a)
    note("#{state} parent #{if parent == tree, do: "is", else: "is not"} the supervisor")
    :sys.suspend(a)
    {:status, _, _, [_, state | _]} = :sys.get_status(a)
    note(state)
  end

  scenario :counts do
    a = worker("a", silent: true)
    :sys.statistics(a, true)
    for n <- 1..3, do: tell(a, {:add, n})
    note(value(a))
    {:ok, counts} = :sys.statistics(a, :get)
    note("#{counts[:messages_in]} in")
  end
end

