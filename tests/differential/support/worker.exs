defmodule Worker do
  @moduledoc """
  A server that does as it is told and notes what happens to it.

  Its plan: `trap: true`, `silent: true` (only what it is told to note is noted), `name: name`, `timeout: ms` of its init,
  `idle: ms`, `ends:` what its `terminate` does, `then:` the steps after its init, `itself:` what init sends to itself,
  `restart:`, `shutdown:`, `significant:` as in a child spec.

  How it begins is in the diary (`script`): `:well`, `{:after, ms}`, `{:fail, reason}`, `:raise`, `:ignore`, `:hang`.
  """
  use GenServer
  import Diary, only: [note: 1]

  def start(id, plan \\ []), do: GenServer.start(__MODULE__, {id, plan}, options(plan))
  def start_link(id, plan \\ []), do: GenServer.start_link(__MODULE__, {id, plan}, options(plan))

  defp options(plan), do: Keyword.take(plan, [:name, :timeout])

  @doc "A worker as a child; it traps exits, so that its end is noted."
  def child(id, plan \\ []) do
    plan = Keyword.put_new(plan, :trap, true)
    spec = %{id: id, start: {__MODULE__, :start_link, [id, plan]}}
    Map.merge(spec, Map.new(Keyword.take(plan, [:restart, :shutdown, :significant])))
  end

  @doc "Has an order carried out, and waits. What came of it."
  def ask(server, order, timeout \\ 5_000) do
    to_string(GenServer.call(server, order, timeout))
  catch
    :exit, {:timeout, _} -> "timeout"
    :exit, {:noproc, _} -> "noproc"
    :exit, {:calling_self, _} -> "calling itself"
    :exit, {why, {GenServer, :call, _}} -> "exited " <> Words.reason(why)
  end

  @doc "Has an order carried out, and does not wait."
  def tell(server, order) do
    :ok = GenServer.cast(server, order)
    "ok"
  end

  def init({id, plan}) do
    if plan[:trap], do: Process.flag(:trap_exit, true)
    s = %{id: id, plan: plan, kept: [], timers: %{}, watches: [], value: 0}
    begin = Diary.begin(id)
    say(s, "starts")

    case begin do
      :well -> up(s)
      {:after, ms} -> Process.sleep(ms) && up(s)
      {:fail, reason} -> {:stop, reason}
      :raise -> raise "boom"
      :ignore -> :ignore
      :hang -> Process.sleep(:infinity)
    end
  end

  defp up(s) do
    Diary.up(s.id)
    if order = s.plan[:itself], do: GenServer.cast(self(), order)
    steps = s.plan[:then]
    if steps, do: {:ok, s, {:continue, steps}}, else: {:ok, s, s.plan[:idle] || :infinity}
  end

  # Calls that are not answered by their handler.
  def handle_call(:keep, from, s), do: {:noreply, %{s | kept: s.kept ++ [from]}}
  def handle_call(:drop, _, s), do: {:noreply, s}
  def handle_call({:stop_silently, reason}, _, s), do: {:stop, reason, s}
  def handle_call(:kept, _, s), do: {:reply, s.kept, s}

  def handle_call(order, _, s) do
    case perform(order, s) do
      {:ok, s} -> {:reply, :ok, s}
      {:then, steps, s} -> {:reply, :ok, s, {:continue, steps}}
      {:stop, reason, s} -> {:stop, reason, :ok, s}
    end
  end

  def handle_cast(order, s), do: handled(perform(order, s))

  def handle_continue([order | rest], s) do
    case perform(order, s) do
      {:ok, s} when rest != [] -> {:noreply, s, {:continue, rest}}
      done -> handled(done)
    end
  end

  def handle_info({:order, order}, s), do: handled(perform(order, s))
  def handle_info(:timeout, s), do: {:noreply, say(s, "idle")}

  def handle_info({:DOWN, _, _, _, reason}, s) do
    say(s, "down #{Words.reason(reason)}")
    handled(perform(s.plan[:on_down] || :nothing, s))
  end

  def handle_info({:EXIT, _, reason}, s), do: {:noreply, say(s, "exit #{Words.reason(reason)}")}

  def handle_info({kind, _, key, _, value}, s), do: {:noreply, say(s, "#{kind} #{key} #{value}")}
  def handle_info({kind, _, key, _}, s), do: {:noreply, say(s, "#{kind} #{key}")}

  def terminate(reason, s) do
    say(s, "ends #{Words.reason(reason)}")

    case s.plan[:ends] do
      nil -> :ok
      {:after, ms} -> Process.sleep(ms)
      {:fail, reason} -> exit(reason)
      :raise -> raise "last"
      :hang -> Process.sleep(:infinity)
    end
  end

  defp handled({:ok, s}), do: {:noreply, s}
  defp handled({:then, steps, s}), do: {:noreply, s, {:continue, steps}}
  defp handled({:stop, reason, s}), do: {:stop, reason, s}

  defp perform(:nothing, s), do: {:ok, s}
  defp perform({:note, what}, s), do: {:ok, note_as(s, what)}
  defp perform({:add, n}, s), do: {:ok, %{s | value: s.value + n}}
  defp perform({:stop, reason}, s), do: {:stop, reason, s}
  defp perform(:raise, _), do: raise("boom")
  defp perform({:then, steps}, s), do: {:then, steps, s}
  defp perform({:sleep, ms}, s), do: act(s, fn -> Process.sleep(ms) end)
  defp perform(:hang, s), do: act(s, fn -> Process.sleep(:infinity) end)
  defp perform({:trap, on}, s), do: act(s, fn -> Process.flag(:trap_exit, on) end)
  defp perform({:link, pid}, s), do: act(s, fn -> Process.link(pid) end)
  defp perform({:unlink, pid}, s), do: act(s, fn -> Process.unlink(pid) end)
  defp perform({:exit, pid, reason}, s), do: act(s, fn -> Process.exit(pid, reason) end)
  defp perform({:exit_itself, reason}, s), do: act(s, fn -> Process.exit(self(), reason) end)
  defp perform({:tell, pid, order}, s), do: act(s, fn -> tell(pid, order) end)
  defp perform({:answer_kept}, s), do: act(s, fn -> Enum.each(s.kept, &GenServer.reply(&1, :ok)) end)
  defp perform({:answer, kept}, s), do: act(s, fn -> Enum.each(kept, &GenServer.reply(&1, :ok)) end)
  defp perform({:run, act}, s), do: act(s, act)

  defp perform({:ask, server, order, timeout}, s),
    do: {:ok, note_as(s, ask(server, order, timeout))}

  defp perform({:start_link, id, plan}, s) do
    outcome = Words.outcome(start_link(id, plan))
    # An exit signal of what failed may end us first.
    Process.sleep(50)
    {:ok, note_as(s, "start " <> outcome)}
  end

  defp perform({:watch, server}, s),
    do: {:ok, %{s | watches: [Process.monitor(server) | s.watches]}}

  defp perform({:unwatch, options}, s),
    do: act(s, fn -> Enum.each(s.watches, &Process.demonitor(&1, options)) end)

  defp perform({:send_after, ms, order}, s) do
    timer = Process.send_after(self(), {:order, order}, ms)
    {:ok, %{s | timers: Map.put(s.timers, ms, timer)}}
  end

  defp perform({:cancel, ms}, s) do
    left = if Process.cancel_timer(s.timers[ms]), do: "cancelled", else: "too late"
    {:ok, note_as(s, left)}
  end

  defp act(s, act) do
    act.()
    {:ok, s}
  end

  defp note_as(s, what) do
    note("#{s.id} #{what}")
    s
  end

  defp say(s, what), do: if(s.plan[:silent], do: s, else: note_as(s, what))
end

