defmodule Dynamic do
  @moduledoc "Children without an order, and partitions."
  use Stage

  defp dynamic(options \\ []) do
    defaults = [strategy: :one_for_one, max_restarts: 1_000, max_seconds: 1]
    {:ok, pid} = DynamicSupervisor.start_link(Keyword.merge(defaults, options))
    Diary.watch(pid)
    pid
  end

  defp add(tree, id, plan \\ []), do: said(DynamicSupervisor.start_child(tree, child(id, plan)))
  defp quiet(id, plan \\ []), do: {id, [silent: true] ++ plan}
  defp add_quiet(tree, {id, plan}), do: add(tree, id, plan)

  defp counted(tree) do
    c = DynamicSupervisor.count_children(tree)
    "#{c.specs} specs #{c.active} active #{c.supervisors} supervisors #{c.workers} workers"
  end

  scenario :ids_repeat do
    tree = dynamic()
    note(add(tree, "a"))
    note(add(tree, "a"))
    note(counted(tree))
  end

  scenario :there_is_no_room do
    tree = dynamic(max_children: 1)
    note(add(tree, "a"))
    note(add(tree, "b"))
    DynamicSupervisor.terminate_child(tree, life("a", 1))
    note(add(tree, "b"))
  end

  scenario :start_fails_or_declines do
    script("a", [{:fail, :boom}, :ignore])
    tree = dynamic(max_restarts: 0)
    note(add(tree, "a"))
    note(add(tree, "a"))
    note(counted(tree))
  end

  scenario :children_are_forgotten_unless_restarted do
    tree = dynamic()

    for {id, restart} <- [{"a", :permanent}, {"b", :transient}, {"c", :temporary}] do
      add_quiet(tree, quiet(id, restart: restart))
      tell(life(id, 1), {:stop, :normal})
      gone(life(id, 1))
      pause()
      note(counted(tree))
    end

    add_quiet(tree, quiet("d", restart: :transient))
    tell(life("d", 1), :raise)
    life("d", 2)
    pause()
    note(counted(tree))
  end

  scenario :restart_fails_once do
    script("a", [:well, {:fail, :boom}])
    tree = dynamic()
    add(tree, "a")
    tell(life("a", 1), :raise)
    life("a", 2)
    note(counted(tree))
  end

  scenario :restart_declines do
    script("a", [:well, :ignore])
    tree = dynamic()
    add(tree, "a")
    tell(life("a", 1), :raise)
    gone(life("a", 1))
    pause()
    note(counted(tree))
  end

  scenario :one_without_end_counts do
    script("a", [:well | List.duplicate({:fail, :boom}, 1_000_000)])
    tree = dynamic(max_restarts: 10_000_000, max_children: 1)
    add_quiet(tree, quiet("a"))
    tell(life("a", 1), :raise)
    gone(life("a", 1))
    pause(10)
    note(add(tree, "b"))
    note(counted(tree))
    note(said(DynamicSupervisor.terminate_child(tree, life("a", 1))))
    note(said(DynamicSupervisor.terminate_child(tree, life("a", 1))))
    note(add(tree, "b"))
  end

  scenario :stranger_is_not_terminated do
    a = worker("a", silent: true)
    tree = dynamic()
    note(said(DynamicSupervisor.terminate_child(tree, a)))
    note(alive(a))
  end

  scenario :children_end_together do
    tree = dynamic()
    for id <- ["a", "b", "c"], do: add_quiet(tree, quiet(id, ends: {:after, 75}))
    note(steps(fn -> note(stop(tree, :shutdown)) end))
  end

  scenario :each_has_its_own_limit do
    tree = dynamic()
    add_quiet(tree, quiet("a", ends: :hang, shutdown: 75))
    add_quiet(tree, quiet("b", ends: :hang, shutdown: 175))
    note(steps(fn -> note(stop(tree, :shutdown)) end))
    note(gone(life("a", 1)))
    note(gone(life("b", 1)))
  end

  scenario :failures_of_all_children_count do
    tree = dynamic(max_restarts: 1, max_seconds: 5)
    for id <- ["a", "b"], do: add_quiet(tree, quiet(id))
    for id <- ["a", "b"], do: Process.exit(life(id, 1), :kill)
    note(gone(tree))
  end

  scenario :partitions do
    {:ok, partitions} =
      PartitionSupervisor.start_link(
        child_spec: child("p", silent: true),
        name: :parts,
        partitions: 3
      )

    Diary.watch(partitions)
    same = fn a, b -> if at(a) == at(b), do: "same", else: "different" end
    note(same.(1, 1))
    note(same.(1, 2))
    note(same.(1, 4))
    note(same.(2, -2))
    note(same.("key", "key"))
    [before, other] = [at(1), at(2)]
    Process.exit(before, :kill)
    life("p", 4)
    pause()
    note(if at(1) == before, do: "same", else: "different")
    note(if at(2) == other, do: "same", else: "different")
  end

  defp at(key), do: GenServer.whereis({:via, PartitionSupervisor, {:parts, key}})
end

