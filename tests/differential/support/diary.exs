defmodule Diary do
  @moduledoc "What happens in a scenario, in order, and which processes take part in it."
  use GenServer

  def open, do: {:ok, _} = GenServer.start(__MODULE__, [], name: __MODULE__)

  @doc "Writes down what happened."
  def note(text), do: GenServer.call(__MODULE__, {:note, text})

  @doc "Sees to it that the end of a process is noticed, and that it does not outlive the scenario."
  def watch(pid), do: GenServer.call(__MODULE__, {:watch, pid})

  @doc "Gives what the next starts of a worker do."
  def script(id, begins), do: GenServer.call(__MODULE__, {:script, id, begins})

  @doc "A worker begins: what is it to do?"
  def begin(id), do: GenServer.call(__MODULE__, {:begin, id})

  @doc "A worker has come up."
  def up(id), do: GenServer.call(__MODULE__, {:up, id, self()})

  @doc "The `n`th process of a worker to come up, once it is."
  def life(id, n), do: GenServer.call(__MODULE__, {:life, id, n})

  @doc "Every process of a worker that has come up so far."
  def lives(id), do: GenServer.call(__MODULE__, {:lives, id})

  @doc "The reason with which a process has ended, once it has."
  def gone(pid), do: GenServer.call(__MODULE__, {:gone, pid}, 10_000)

  @doc "The scenario is over: what happens from now on is no part of it."
  def seal, do: GenServer.call(__MODULE__, :seal)

  @doc "Everything that happened. Kills what is left, and begins anew."
  def close, do: GenServer.call(__MODULE__, :close, 10_000)

  @empty %{notes: [], sealed: false, begins: %{}, lives: %{}, living: MapSet.new(), ended: %{}, waiting: []}

  def init(_), do: {:ok, @empty}

  def handle_call({:note, _}, _, %{sealed: true} = s), do: {:reply, :ok, s}
  def handle_call({:note, text}, _, s), do: {:reply, :ok, %{s | notes: [text | s.notes]}}
  def handle_call({:watch, pid}, _, s), do: {:reply, :ok, add(s, pid)}

  def handle_call({:script, id, begins}, _, s),
    do: {:reply, :ok, %{s | begins: Map.put(s.begins, id, begins)}}

  def handle_call({:begin, id}, {pid, _}, s) do
    {begin, rest} =
      case Map.get(s.begins, id, []) do
        [] -> {:well, []}
        [begin | rest] -> {begin, rest}
      end

    {:reply, begin, add(%{s | begins: Map.put(s.begins, id, rest)}, pid)}
  end

  def handle_call({:up, id, pid}, _, s) do
    lives = Map.update(s.lives, id, [pid], &(&1 ++ [pid]))
    {:reply, :ok, answer(%{s | lives: lives})}
  end

  def handle_call({:lives, id}, _, s), do: {:reply, Map.get(s.lives, id, []), s}
  def handle_call({:life, _, _} = question, from, s), do: {:noreply, ask(s, question, from)}
  def handle_call({:gone, _} = question, from, s), do: {:noreply, ask(s, question, from)}

  def handle_call(:seal, _, s), do: {:reply, :ok, %{s | sealed: true}}

  def handle_call(:close, from, s) do
    Enum.each(s.living, &Process.exit(&1, :kill))
    {:noreply, ask(s, :close, from)}
  end

  def handle_info({:DOWN, _, _, pid, reason}, s) do
    ended = Map.put(s.ended, pid, reason)
    {:noreply, answer(%{s | living: MapSet.delete(s.living, pid), ended: ended})}
  end

  defp add(s, pid) do
    unless pid in s.living, do: Process.monitor(pid)
    %{s | living: MapSet.put(s.living, pid)}
  end

  defp ask(s, question, from), do: answer(%{s | waiting: [{question, from} | s.waiting]})

  # Answers whoever waits for what is the case now.
  defp answer(s) do
    {ready, waiting} = Enum.split_with(s.waiting, fn {question, _} -> known?(question, s) end)
    Enum.each(ready, fn {question, from} -> GenServer.reply(from, known(question, s)) end)
    closed = Enum.any?(ready, fn {question, _} -> question == :close end)
    if closed, do: @empty, else: %{s | waiting: waiting}
  end

  defp known?({:life, id, n}, s), do: length(Map.get(s.lives, id, [])) >= n
  defp known?({:gone, pid}, s), do: Map.has_key?(s.ended, pid)
  defp known?(:close, s), do: Enum.empty?(s.living)

  defp known({:life, id, n}, s), do: Enum.at(s.lives[id], n - 1)
  defp known({:gone, pid}, s), do: s.ended[pid]
  defp known(:close, s), do: Enum.reverse(s.notes)
end

