defmodule Names do
  @moduledoc "Names, keyed registries and groups."
  use Stage

  defp open(keys, options \\ []) do
    {:ok, pid} = Registry.start_link([keys: keys, name: :registry] ++ options)
    Diary.watch(pid)
  end

  # Has a worker do something as itself.
  defp by(worker, act), do: ask(worker, {:run, fn -> note(act.()) end})

  defp register(key, value) do
    case Registry.register(:registry, key, value) do
      {:ok, _} -> "ok"
      {:error, {:already_registered, pid}} when pid == self() -> "registered by itself"
      {:error, {:already_registered, _}} -> "registered by another"
    end
  end

  defp quiet(id), do: worker(id, silent: true)

  defp values(key) do
    case Registry.lookup(:registry, key) do
      [] -> "no values"
      entries -> "values #{Enum.map_join(entries, " ", &elem(&1, 1))}"
    end
  end

  scenario :unique_key_is_taken do
    open(:unique)
    [a, b] = Enum.map(["a", "b"], &quiet/1)
    by(a, fn -> register("key", 1) end)
    by(a, fn -> register("key", 2) end)
    by(b, fn -> register("key", 3) end)
    note(values("key"))
  end

  scenario :key_is_unregistered_by_its_owner_alone do
    open(:unique)
    [a, b] = Enum.map(["a", "b"], &quiet/1)
    unregister = fn -> Registry.unregister(:registry, "key") && "unregisters" end
    by(a, fn -> register("key", 1) end)
    by(b, unregister)
    note(values("key"))
    by(a, unregister)
    note(values("key"))
  end

  scenario :value_is_updated_by_its_owner_alone do
    open(:unique)
    [a, b] = Enum.map(["a", "b"], &quiet/1)

    update = fn ->
      case Registry.update_value(:registry, "key", &(&1 + 10)) do
        {new, _} -> "now #{new}"
        :error -> "refused"
      end
    end

    by(a, fn -> register("key", 1) end)
    by(a, update)
    by(b, update)
  end

  scenario :duplicate_keys_have_entries do
    open(:duplicate)
    a = quiet("a")
    for n <- 1..2, do: by(a, fn -> register("key", n) end)
    note(values("key"))
    by(a, fn -> Registry.unregister(:registry, "key") && "unregisters" end)
    note(values("key"))
  end

  scenario :dispatch_reaches_all_entries do
    open(:duplicate)
    for {id, n} <- [{"a", 1}, {"b", 2}], do: by(quiet(id), fn -> register("key", n) end)

    for key <- ["key", "other"] do
      Registry.dispatch(:registry, key, fn entries ->
        note("dispatch #{entries |> Enum.map(&elem(&1, 1)) |> Enum.sort() |> Enum.join(" ")}")
      end)
    end
  end

  scenario :keys_of_a_process do
    open(:unique)
    a = quiet("a")
    for n <- 1..3, do: by(a, fn -> register("key #{n}", n) end)
    note(Registry.keys(:registry, a) |> Enum.sort() |> Enum.join(" "))
    note("#{Registry.count(:registry)} entries")
    Process.exit(a, :kill)
    gone(a)
    pause()
    note("#{Registry.count(:registry)} entries")
  end

  scenario :key_is_registered_again_after_the_end do
    open(:unique)
    [a, b] = Enum.map(["a", "b"], &quiet/1)
    by(a, fn -> register("key", 1) end)
    Process.exit(a, :kill)
    gone(a)
    by(b, fn -> register("key", 2) end)
  end

  scenario :start_under_a_key do
    open(:unique)
    via = {:via, Registry, {:registry, "key"}}
    note(outcome(Worker.start("a", name: via)))
    note(outcome(Worker.start("b", name: via)))
    note(ask(via, {:note, "hears"}))
    note(ask({:via, Registry, {:registry, "other"}}, {:note, "hears"}))
  end

  scenario :listener_hears_of_changes do
    worker("l", name: :listener)
    open(:unique, listeners: [:listener])
    a = quiet("a")
    ask(a, {:run, fn -> register("key", 1) end})
    ask(a, {:run, fn -> Registry.unregister(:registry, "key") end})
    pause()
  end

  scenario :listener_hears_of_ends do
    worker("l", name: :listener)
    open(:unique, listeners: [:listener])
    a = quiet("a")
    ask(a, {:run, fn -> register("key", 1) end})
    Process.exit(a, :kill)
    gone(a)
    pause()
  end

  scenario :process_has_one_name do
    a = worker("a", name: :first, silent: true)

    try do
      Process.register(a, :second)
      note("ok")
    rescue
      ArgumentError -> note("refused")
    end
  end

  scenario :name_of_another do
    a = worker("a", name: :it, silent: true)

    try do
      Process.register(quiet("b"), :it)
    rescue
      ArgumentError -> note("refused")
    end

    stop(a)
    Process.register(quiet("c"), :it)
    note("ok")
  end

  scenario :member_joins_twice do
    {:ok, groups} = :pg.start_link(:groups)
    Diary.watch(groups)
    a = quiet("a")
    members = fn -> note("#{length(:pg.get_members(:groups, "group"))} members") end
    for _ <- 1..2, do: :pg.join(:groups, "group", a)
    members.()
    :pg.leave(:groups, "group", a)
    members.()
    Process.exit(a, :kill)
    gone(a)
    pause()
    members.()
  end
end

