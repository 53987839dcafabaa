defmodule Links do
  @moduledoc "Links and exit signals."
  use Stage

  defp linked do
    {a, b} = {worker("a", silent: true), worker("b", silent: true)}
    ask(b, {:link, a})
    {a, b}
  end

  # What becomes of one when the other ends for this reason.
  defp spreads(reason) do
    {a, b} = linked()
    tell(a, {:stop, reason})
    note(gone(a))
    pause()
    note(alive(b))
  end

  scenario :failure_spreads do
    spreads(:boom)
  end

  scenario :normal_end_does_not_spread do
    spreads(:normal)
  end

  scenario :shutdown_spreads do
    spreads(:shutdown)
  end

  scenario :shutdown_with_a_word_spreads do
    spreads({:shutdown, :enough})
  end

  scenario :reason_spreads_unchanged do
    {a, b} = linked()
    tell(a, {:stop, :boom})
    note(gone(b))
  end

  scenario :kill_spreads_as_killed do
    {a, b} = linked()
    Process.exit(a, :kill)
    note(gone(b))
  end

  scenario :trap_makes_messages_of_ends do
    a = worker("a", trap: true)

    for reason <- [:normal, :shutdown, :boom] do
      b = worker("b", silent: true)
      ask(a, {:link, b})
      tell(b, {:stop, reason})
      gone(b)
    end

    b = worker("b", silent: true)
    ask(a, {:link, b})
    Process.exit(b, :kill)
    gone(b)
    pause()
  end

  scenario :killed_as_ones_own_reason do
    {a, b} = {worker("a", silent: true), worker("b", trap: true)}
    ask(b, {:link, a})
    tell(a, {:stop, :kill})
    gone(a)
    pause()
    note(alive(b))
  end

  scenario :link_to_the_dead do
    a = worker("a", silent: true)
    stop(a)
    b = worker("b", silent: true)
    tell(b, {:link, a})
    note(gone(b))
  end

  scenario :link_to_the_dead_under_trap do
    a = worker("a", silent: true)
    stop(a)
    b = worker("b", trap: true)
    ask(b, {:link, a})
    pause()
    note(alive(b))
  end

  scenario :linked_twice_unlinked_once do
    {a, b} = linked()
    ask(b, {:link, a})
    ask(b, {:unlink, a})
    tell(a, {:stop, :boom})
    note(gone(a))
    pause()
    note(alive(b))
  end

  scenario :chain_is_broken_by_a_trap do
    [a, b, c] = for id <- ["a", "b", "c"], do: worker(id, silent: true)
    d = worker("d", trap: true)
    e = worker("e", silent: true)
    for {from, to} <- [{a, b}, {b, c}, {c, d}, {d, e}], do: ask(from, {:link, to})
    tell(a, {:stop, :boom})
    note(gone(c))
    pause()
    note(alive(e))
  end

  scenario :trap_counts_from_its_setting do
    a = worker("a")
    ask(a, {:trap, true})
    Process.exit(a, :boom)
    ask(a, {:trap, false})
    Process.exit(a, {:shutdown, :enough})
    note(gone(a))
  end

  scenario :signals_keep_their_place_among_messages do
    {a, b} = {worker("a", silent: true), worker("b", trap: true)}
    orders = [{:tell, b, {:note, 1}}, {:exit, b, :boom}, {:tell, b, {:note, 2}}]
    tell(a, {:then, orders})
    pause()
  end

  scenario :linked_start_is_a_link do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> Worker.start_link("b", silent: true) end})
    tell(life("b", 1), {:stop, :boom})
    note(gone(a))
  end
end

