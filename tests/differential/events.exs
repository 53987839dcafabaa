defmodule Events.Handler do
  @moduledoc "A handler of events, which notes what it hears and how it ends."
  @behaviour :gen_event
  import Diary, only: [note: 1]

  # From a handler whose place it takes, with what that leaves.
  def init({{id, _}, {:left, sum}}), do: {:ok, %{id: id, sum: sum}}
  def init({id, _}), do: {:ok, %{id: id, sum: 0}}

  def handle_event({:leave, id}, %{id: id}), do: :remove_handler
  def handle_event({:raise, id}, %{id: id}), do: raise("boom")

  def handle_event(n, s) when is_integer(n) do
    note("#{s.id} #{n}")
    {:ok, %{s | sum: s.sum + n}}
  end

  def handle_event(_, s), do: {:ok, s}
  def handle_call(:sum, s), do: {:ok, s.sum, s}

  def terminate(:swap, s), do: {:left, s.sum}

  def terminate(reason, s) do
    note("#{s.id} ends #{word(reason)}")
    s.sum
  end

  defp word(:remove_handler), do: "normal"
  defp word({:stop, reason}), do: Words.reason(reason)
  defp word(:stop), do: "normal"
  defp word({:error, {:EXIT, reason}}), do: Words.reason(reason)
end

defmodule Events do
  @moduledoc "Event managers: which handlers hear of an event, and how they come and go."
  use Stage
  alias Events.Handler

  defp manager do
    {:ok, pid} = :gen_event.start()
    Diary.watch(pid)
    pid
  end

  defp add(manager, id), do: :ok = :gen_event.add_handler(manager, {Handler, id}, {id, nil})
  defp say(manager, event), do: :gen_event.sync_notify(manager, event)
  defp note_count(manager), do: note("#{length(:gen_event.which_handlers(manager))} handlers")

  scenario :every_handler_hears do
    m = manager()
    for id <- ["a", "b"], do: add(m, id)
    :gen_event.notify(m, 1)
    say(m, 2)
    note("said")
  end

  scenario :handler_panics do
    m = manager()
    for id <- ["a", "b"], do: add(m, id)
    say(m, {:raise, "a"})
    say(m, 1)
    note_count(m)
  end

  scenario :handler_leaves do
    m = manager()
    for id <- ["a", "b"], do: add(m, id)
    say(m, {:leave, "a"})
    say(m, 1)
    note_count(m)
  end

  scenario :owner_ends do
    m = manager()
    add(m, "a")
    owner = worker("owner", silent: true)
    own = fn -> :ok = :gen_event.add_sup_handler(m, {Handler, "b"}, {"b", nil}) end
    ask(owner, {:run, own})
    tell(owner, {:stop, :boom})
    gone(owner)
    pause()
    say(m, 1)
    note_count(m)
  end

  scenario :handler_is_swapped do
    m = manager()
    add(m, "a")
    say(m, 1)
    :ok = :gen_event.swap_handler(m, {{Handler, "a"}, :swap}, {{Handler, "b"}, {"b", nil}})
    say(m, 2)
    note("sum #{:gen_event.call(m, {Handler, "b"}, :sum)}")
  end

  scenario :manager_stops do
    m = manager()
    add(m, "a")
    say(m, 1)
    :ok = :gen_event.stop(m)
    note(gone(m))
  end
end

