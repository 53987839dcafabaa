defmodule Children do
  @moduledoc "Children added, stopped, restarted and removed by hand, and those that are significant."
  use Stage

  scenario :start_child do
    tree = tree([child("a")])
    note(said(Supervisor.start_child(tree, child("b"))))
    note(said(Supervisor.start_child(tree, child("b"))))
    Supervisor.terminate_child(tree, "b")
    note(said(Supervisor.start_child(tree, child("b"))))
    note(stop(tree, :shutdown))
  end

  scenario :start_child_fails do
    script("b", [{:fail, :boom}])
    tree = tree([child("a")], intensity: 0, period: 5)
    note(said(Supervisor.start_child(tree, child("b"))))
    note(children(tree))
  end

  scenario :start_child_declines do
    script("a", [:ignore])
    script("b", [:ignore])
    tree = tree([])
    note(said(Supervisor.start_child(tree, child("a"))))
    note(said(Supervisor.start_child(tree, child("b", restart: :temporary))))
    note(children(tree))
  end

  scenario :terminate_child do
    tree = tree([child("a"), child("b", restart: :temporary)])
    note(said(Supervisor.terminate_child(tree, "a")))
    note(said(Supervisor.terminate_child(tree, "b")))
    note(children(tree))
    note(said(Supervisor.terminate_child(tree, "a")))
    note(said(Supervisor.terminate_child(tree, "b")))
  end

  scenario :restart_child do
    tree = tree([child("a")])
    note(said(Supervisor.restart_child(tree, "a")))
    note(said(Supervisor.restart_child(tree, "x")))
    Supervisor.terminate_child(tree, "a")
    note(said(Supervisor.restart_child(tree, "a")))
    Supervisor.terminate_child(tree, "a")
    script("a", [{:fail, :boom}])
    note(said(Supervisor.restart_child(tree, "a")))
    pause()
    note(children(tree))
  end

  scenario :delete_child do
    tree = tree([child("a")])
    note(said(Supervisor.delete_child(tree, "a")))
    note(said(Supervisor.delete_child(tree, "x")))
    Supervisor.terminate_child(tree, "a")
    note(said(Supervisor.delete_child(tree, "a")))
    note(children(tree))
    note(said(Supervisor.start_child(tree, child("a"))))
  end

  scenario :listed_and_counted do
    tree = tree([child("a"), nested("inner", []), child("b")])
    Supervisor.terminate_child(tree, "b")
    note(Enum.map_join(Supervisor.which_children(tree), " ", fn {id, _, _, _} -> id end))
    note(count(tree))
  end

  scenario :added_child_is_the_last do
    tree = tree([child("a"), child("b")], strategy: :rest_for_one)
    Supervisor.start_child(tree, child("c"))
    note("up")
    tell(life("b", 1), :raise)
    life("c", 2)
    note(stop(tree, :shutdown))
  end

  scenario :supervisor_is_gone do
    tree = tree([])
    stop(tree, :shutdown)

    try do
      Supervisor.start_child(tree, child("a"))
    catch
      :exit, {:noproc, _} -> note("noproc")
    end
  end

  defp significant(id, restart), do: child(id, restart: restart, significant: true)

  scenario :any_significant_child_ends do
    children = [child("a"), significant("b", :transient), child("c")]
    tree = tree(children, auto_shutdown: :any_significant)
    tell(life("b", 1), {:stop, :normal})
    note(gone(tree))
  end

  scenario :significant_child_fails do
    tree = tree([significant("a", :transient), child("b")], auto_shutdown: :any_significant)
    tell(life("a", 1), :raise)
    life("a", 2)
    pause()
    note(children(tree))
  end

  scenario :significant_temporary_child_fails do
    tree = tree([significant("a", :temporary), child("b")], auto_shutdown: :any_significant)
    tell(life("a", 1), :raise)
    note(gone(tree))
  end

  scenario :all_significant_children_end do
    children = [significant("a", :transient), significant("b", :transient), child("c")]
    tree = tree(children, auto_shutdown: :all_significant)
    tell(life("a", 1), {:stop, :normal})
    gone(life("a", 1))
    pause()
    note(alive(tree))
    tell(life("b", 1), {:stop, :normal})
    note(gone(tree))
  end

  scenario :significant_child_is_terminated do
    children = [significant("a", :transient), significant("b", :transient), child("c")]
    tree = tree(children, auto_shutdown: :all_significant)
    Supervisor.terminate_child(tree, "a")
    note(alive(tree))
    tell(life("b", 1), {:stop, :normal})
    note(gone(tree))
  end

  scenario :significant_child_is_a_bystander do
    children = [child("a"), significant("b", :temporary)]
    tree = tree(children, auto_shutdown: :any_significant, strategy: :one_for_all)
    tell(life("a", 1), :raise)
    life("a", 2)
    pause()
    note(children(tree))
  end

  scenario :significance_contradicts do
    refused = fn children, options ->
      {:error, {:start_spec, {:bad_combination, _}}} = start_tree(children, options)
      note("refused")
    end

    refused.([significant("a", :transient)], [])
    refused.([significant("a", :permanent)], auto_shutdown: :any_significant)
  end

  scenario :nested_auto_shutdown_spreads do
    spec = %{restart: :transient, significant: true}
    any = [auto_shutdown: :any_significant]
    inner = nested("inner", [significant("b", :transient)], any, spec)
    tree = tree([child("a"), inner], any)
    tell(life("b", 1), {:stop, :normal})
    note(gone(tree))
  end
end

