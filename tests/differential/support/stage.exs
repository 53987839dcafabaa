defmodule Stage do
  @moduledoc "Scenarios, and what they are made of."

  import Words

  defmacro __using__(_) do
    quote do
      import Stage
      import Words
      import Worker, only: [ask: 2, ask: 3, tell: 2, child: 1, child: 2]
      import Diary, only: [note: 1, life: 2, script: 2]
      Module.register_attribute(__MODULE__, :scenarios, accumulate: true)
      @before_compile Stage
    end
  end

  defmacro __before_compile__(_) do
    quote do
      def scenarios, do: Enum.reverse(@scenarios)
    end
  end

  @doc "Defines a scenario; its name is that of the test in Rust."
  defmacro scenario(name, do: body) do
    quote do
      @scenarios unquote(name)
      def unquote(name)(), do: unquote(body)
    end
  end

  @doc "Plays the scenarios of an area, each in a process of its own, and prints what was seen."
  def play(area) do
    Diary.open()
    prefix = Macro.underscore(area)
    Enum.each(area.scenarios(), &IO.puts("#{prefix}.#{&1}: #{seen(area, &1)}"))
    GenServer.stop(Diary)
  end

  defp seen(area, scenario) do
    {pid, ref} =
      spawn_monitor(fn ->
        Process.flag(:trap_exit, true)
        apply(area, scenario, [])
        Diary.seal()
      end)

    receive do
      {:DOWN, ^ref, _, ^pid, :normal} -> :ok
      {:DOWN, ^ref, _, ^pid, reason} -> raise "#{scenario} failed: #{inspect(reason)}"
    end

    Enum.join(Diary.close(), ", ")
  end

  @doc "Lets happen what does not wait for anybody."
  def pause(ms \\ 100), do: Process.sleep(ms)

  @doc "Whether a process runs."
  def alive(pid), do: if(Process.alive?(pid), do: "alive", else: "dead")

  @doc "Waits for the end of a process."
  def gone(pid), do: "gone " <> reason(Diary.gone(pid))

  @doc "Starts a worker that nobody is linked to."
  def worker(id, plan \\ []) do
    {:ok, pid} = Worker.start(id, plan)
    pid
  end

  @doc "Starts a supervisor that bears any number of failures, unless said otherwise."
  def tree(children, options \\ []) do
    {:ok, pid} = start_tree(children, options)
    pid
  end

  # Through Erlang's own module: Elixir's learned of `auto_shutdown` later.
  def start_tree(children, options \\ []) do
    flags = %{strategy: :one_for_one, intensity: 1_000, period: 1}
    started = :supervisor.start_link(Stage, {Map.merge(flags, Map.new(options)), children})
    with {:ok, pid} <- started, do: Diary.watch(pid)
    started
  end

  @doc "A supervisor as a child."
  def nested(id, children, options \\ [], spec \\ %{}) do
    start = {Stage, :start_tree, [children, options]}
    Map.merge(%{id: id, type: :supervisor, start: start}, spec)
  end

  @doc "The process of a child."
  def pid_of(tree, id) do
    {_, pid, _, _} = List.keyfind(Supervisor.which_children(tree), id, 0)
    pid
  end

  def init(flags_and_children), do: {:ok, flags_and_children}

  @doc "What a stop came to."
  def stop(server, reason \\ :normal, timeout \\ :infinity) do
    GenServer.stop(server, reason, timeout)
    "stopped"
  catch
    :exit, {:timeout, _} -> "timeout"
    :exit, {:noproc, _} -> "noproc"
    :exit, :noproc -> "noproc"
    :exit, {{why, {:sys, :terminate, _}}, _} -> "exited " <> reason(why)
    :exit, {why, {GenServer, :stop, _}} -> "exited " <> reason(why)
    :exit, why -> "exited " <> reason(why)
  end

  @doc "The children of a supervisor, in start order: id and state."
  def children(tree) do
    states =
      for {id, pid, _, _} <- Enum.reverse(Supervisor.which_children(tree)) do
        state = if is_pid(pid), do: "running", else: state(pid)
        "#{id} #{state}"
      end

    if states == [], do: "no children", else: Enum.join(states, " ")
  end

  defp state(:undefined), do: "stopped"
  defp state(:restarting), do: "restarting"

  @doc "What a supervisor counts."
  def count(tree) do
    c = Supervisor.count_children(tree)
    "#{c.specs} specs #{c.active} active #{c.supervisors} supervisors #{c.workers} workers"
  end

  @doc "Roughly how long something takes, in steps of 50 ms."
  def steps(act) do
    {took, _} = :timer.tc(act)
    "#{div(took, 50_000)} steps"
  end
end

