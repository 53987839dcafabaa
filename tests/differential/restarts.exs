defmodule Restarts do
  @moduledoc "Which children are restarted after which end, and which others with them."
  use Stage

  # What becomes of a child of this type after each kind of end.
  defp after_each(restart) do
    for reason <- [:normal, :shutdown, {:shutdown, :enough}, :boom, :kill, :raise] do
      tree = tree([child("a", restart: restart, silent: true)])
      a = List.last(Diary.lives("a"))

      case reason do
        :kill -> Process.exit(a, :kill)
        :raise -> tell(a, :raise)
        reason -> tell(a, {:stop, reason})
      end

      note(gone(a))
      pause()
      note(children(tree))
      stop(tree, :shutdown)
    end
  end

  scenario :permanent do
    after_each(:permanent)
  end

  scenario :transient do
    after_each(:transient)
  end

  scenario :temporary do
    after_each(:temporary)
  end

  # Three children of which the second ends.
  defp second_ends(strategy, plan, order) do
    tree = tree([child("a"), child("b", plan), child("c")], strategy: strategy)
    note("up")
    tell(life("b", 1), order)
    gone(life("b", 1))
    pause()
    note(children(tree))
    note("stop")
    stop(tree, :shutdown)
  end

  scenario :one_for_one do
    second_ends(:one_for_one, [], :raise)
  end

  scenario :one_for_all do
    second_ends(:one_for_all, [], :raise)
  end

  scenario :rest_for_one do
    second_ends(:rest_for_one, [], :raise)
  end

  scenario :transient_ends_well_in_a_group do
    second_ends(:one_for_all, [restart: :transient], {:stop, :normal})
  end

  scenario :temporary_fails_in_a_group do
    second_ends(:one_for_all, [restart: :temporary], :raise)
  end

  scenario :temporary_sibling_is_not_restarted do
    children = [child("a"), child("b", restart: :temporary), child("c")]
    tree = tree(children, strategy: :one_for_all)
    note("up")
    tell(life("a", 1), :raise)
    life("c", 2)
    note(children(tree))
  end

  scenario :stopped_siblings_are_started_with_the_group do
    children = [child("a"), child("b", restart: :transient), child("c")]
    tree = tree(children, strategy: :one_for_all)
    tell(life("b", 1), {:stop, :normal})
    gone(life("b", 1))
    Supervisor.terminate_child(tree, "c")
    note("up")
    tell(life("a", 1), :raise)
    life("c", 2)
    note(children(tree))
  end

  # Three children; the first fails, then once the start of the third.
  defp start_fails_once(strategy) do
    tree = tree([child("a"), child("b"), child("c")], strategy: strategy)
    script("c", [{:fail, :boom}])
    note("up")
    tell(life("a", 1), :raise)
    life("c", 2)
    note(children(tree))
  end

  scenario :one_for_all_restart_fails_once do
    start_fails_once(:one_for_all)
  end

  scenario :rest_for_one_restart_fails_once do
    start_fails_once(:rest_for_one)
  end

  scenario :two_fail_at_once do
    tree = tree([child("a", silent: true), child("b", silent: true)], strategy: :one_for_all)
    Enum.each([life("a", 1), life("b", 1)], &Process.exit(&1, :kill))
    life("b", 2)
    pause()
    note(children(tree))
    note("#{length(Diary.lives("a"))} and #{length(Diary.lives("b"))} lives")
  end

  scenario :start_declines_when_restarted do
    script("a", [:well, :ignore])
    tree = tree([child("a", silent: true)])
    tell(life("a", 1), :raise)
    gone(life("a", 1))
    pause()
    note(children(tree))
  end

  # A child that never comes up again.
  defp restarting do
    script("a", [:well | List.duplicate({:fail, :boom}, 1_000_000)])
    tree = tree([child("a", silent: true)], intensity: 10_000_000)
    tell(life("a", 1), :raise)
    gone(life("a", 1))
    pause(10)
    tree
  end

  scenario :restart_without_end do
    tree = restarting()
    note(children(tree))
    note(count(tree))
    note(said(Supervisor.restart_child(tree, "a")))
    note(said(Supervisor.delete_child(tree, "a")))
    note(said(Supervisor.terminate_child(tree, "a")))
    note(children(tree))
  end

  scenario :stop_ends_a_restart_without_end do
    note(stop(restarting(), :shutdown))
  end

  scenario :handle_of_the_old_process do
    tree([child("a", name: :it, silent: true)])
    Process.exit(life("a", 1), :kill)
    life("a", 2)
    note(ask(life("a", 1), {:note, "old"}))
    note(ask(:it, {:note, "new"}))
  end

  scenario :nested_tree_is_rebuilt_from_its_spec do
    tree = tree([nested("inner", [child("a", silent: true)])])
    inner = pid_of(tree, "inner")
    Supervisor.start_child(inner, child("b", silent: true))
    note(children(inner))
    Process.exit(inner, :kill)
    life("a", 2)
    pause()
    note(children(pid_of(tree, "inner")))
    note(children(tree))
  end
end

