defmodule Supervisors do
  @moduledoc "Supervisors: how they start, stop and give up, and in which order."
  use Stage

  scenario :starts_in_order_and_stops_in_reverse do
    script("b", [{:after, 50}])
    tree = tree([child("a"), child("b"), child("c")])
    note("started")
    note(stop(tree, :shutdown))
    note(gone(tree))
  end

  scenario :child_does_not_start do
    script("c", [{:fail, :boom}])
    note(outcome(start_tree([child("a"), child("b"), child("c"), child("d")])))
  end

  scenario :child_panics_at_its_start do
    script("b", [:raise])
    note(outcome(start_tree([child("a"), child("b")])))
  end

  scenario :child_has_nothing_to_do do
    script("a", [:ignore])
    script("b", [:ignore])
    tree = tree([child("a"), child("b", restart: :temporary), child("c")])
    note(children(tree))
    note(count(tree))
    note(said(Supervisor.restart_child(tree, "a")))
    note(children(tree))
  end

  scenario :ids_repeat do
    case start_tree([child("a"), child("a")]) do
      {:error, {:duplicate_child_name, _}} -> note("refused")
      {:error, {:bad_start_spec, _}} -> note("refused")
      {:error, {:start_spec, _}} -> note("refused")
    end
  end

  scenario :name_of_a_child_is_taken do
    worker("x", name: :it)
    note(outcome(start_tree([child("a"), child("b", name: :it)])))
  end

  scenario :child_takes_too_long_to_end do
    a = child("a")
    b = child("b", shutdown: 50, ends: :hang)
    tree = tree([a, b, child("c")])
    note(steps(fn -> note(stop(tree, :shutdown)) end))
    note(gone(life("b", 1)))
    note(gone(life("a", 1)))
  end

  scenario :child_is_killed_brutally do
    tree = tree([child("a"), child("b", shutdown: :brutal_kill)])
    note(stop(tree, :shutdown))
    note(gone(life("b", 1)))
  end

  scenario :child_may_take_its_time do
    tree = tree([child("a", shutdown: :infinity, ends: {:after, 100})])
    note(steps(fn -> note(stop(tree, :shutdown)) end))
  end

  scenario :children_end_one_after_the_other do
    ids = ["a", "b", "c"]
    tree = tree(for id <- ids, do: child(id, ends: {:after, 50}))
    note(steps(fn -> note(stop(tree, :shutdown)) end))
  end

  scenario :child_ends_otherwise_during_the_stop do
    tree = tree([child("a"), child("b", ends: {:fail, :last})])
    note(stop(tree, :shutdown))
    note(gone(life("b", 1)))
    note(gone(tree))
  end

  scenario :backlog_counts_against_the_limit do
    tree = tree([child("a", shutdown: 75)])
    a = life("a", 1)
    for n <- 1..10, do: tell(a, {:then, [{:sleep, 50}, {:note, n}]})
    note(stop(tree, :shutdown))
    note(gone(a))
  end

  scenario :stopped_with_a_reason do
    tree = tree([child("a")])
    note(stop(tree, {:shutdown, :enough}))
    note(gone(tree))
  end

  scenario :stopped_without_a_reason do
    tree = tree([child("a")])
    :ok = Supervisor.stop(tree)
    note(gone(tree))
  end

  scenario :nested_tree_stops_as_one_child do
    tree = tree([child("a"), nested("inner", [child("b"), child("c")]), child("d")])
    note(count(tree))
    note(stop(tree, :shutdown))
  end

  scenario :supervisor_is_killed do
    tree = tree([child("a", trap: false), child("b")])
    Process.exit(tree, :kill)
    note(gone(tree))
    note(gone(life("a", 1)))
    note(gone(life("b", 1)))
  end

  scenario :parent_of_the_supervisor_ends_normally do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> tree([child("b")]) end})
    tell(a, {:stop, :normal})
    note(gone(life("b", 1)))
  end

  scenario :gives_up do
    tree = tree([child("a"), child("b"), child("c")], intensity: 2, period: 5)

    for n <- 1..3 do
      Process.exit(life("b", n), :kill)
      gone(life("b", n))
    end

    note(gone(tree))
  end

  scenario :bears_no_failure do
    tree = tree([child("a")], intensity: 0, period: 5)
    tell(life("a", 1), :raise)
    note(gone(tree))
  end

  scenario :failures_expire do
    tree = tree([child("a", silent: true)], intensity: 1, period: 1)

    for n <- 1..3 do
      Process.exit(life("a", n), :kill)
      life("a", n + 1)
      pause(2_100)
    end

    note(alive(tree))
  end

  scenario :clean_ends_are_no_failures do
    tree = tree([child("a", silent: true, restart: :transient)], intensity: 0, period: 5)

    for n <- 1..3 do
      tell(life("a", n), {:stop, :shutdown})
      gone(life("a", n))
      pause()
      Supervisor.restart_child(tree, "a")
    end

    note(alive(tree))
  end

  scenario :restart_of_a_permanent_child_that_ended_well_counts do
    tree = tree([child("a")], intensity: 1, period: 5)
    for n <- 1..2, do: tell(life("a", n), {:stop, :normal})
    note(gone(tree))
  end

  scenario :starts_that_fail_count do
    script("a", [:well, {:fail, :boom}, {:fail, :boom}, {:fail, :boom}, {:fail, :boom}])
    tree = tree([child("a")], intensity: 3, period: 5)
    tell(life("a", 1), :raise)
    note(gone(tree))
  end

  # A tree in a tree whose worker fails twice, which is once too often.
  defp gives_up_below(restart) do
    inner = [child("a", silent: true)]
    tree = tree([nested("inner", inner, [intensity: 1, period: 5], %{restart: restart})])
    for n <- 1..2, do: Process.exit(life("a", n), :kill) && gone(life("a", n))
    pause()
    note(children(tree))
  end

  scenario :transient_supervisor_gives_up do
    gives_up_below(:transient)
  end

  scenario :permanent_supervisor_gives_up do
    gives_up_below(:permanent)
    note(alive(life("a", 3)))
  end
end

