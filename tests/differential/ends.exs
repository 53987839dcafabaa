defmodule Ends do
  @moduledoc "Ends: when `terminate` runs, and which reason others see."
  use Stage

  @stop {:stop, {:shutdown, :enough}}

  scenario :by_a_cast do
    a = worker("a")
    tell(a, @stop)
    note(gone(a))
  end

  scenario :by_a_message do
    a = worker("a")
    send(a, {:order, @stop})
    note(gone(a))
  end

  scenario :by_a_step do
    a = worker("a")
    tell(a, {:then, [@stop]})
    note(gone(a))
  end

  scenario :by_a_custom_reason do
    a = worker("a")
    tell(a, {:stop, :boom})
    note(gone(a))
  end

  scenario :by_a_panic do
    a = worker("a")
    tell(a, :raise)
    note(gone(a))
  end

  scenario :terminate_panics do
    a = worker("a", ends: :raise)
    tell(a, {:stop, :normal})
    note(gone(a))
  end

  scenario :terminate_fails do
    a = worker("a", ends: {:fail, :last})
    tell(a, {:stop, :normal})
    note(gone(a))
  end

  scenario :by_a_kill do
    a = worker("a", trap: true)
    Process.exit(a, :kill)
    note(gone(a))
  end

  scenario :kill_comes_during_terminate do
    a = worker("a", ends: :hang)
    tell(a, {:stop, :normal})
    pause()
    Process.exit(a, :kill)
    note(gone(a))
  end

  scenario :stop_has_a_reason do
    a = worker("a")
    note(stop(a, :boom))
    note(gone(a))
  end

  scenario :stop_finds_nobody do
    a = worker("a")
    note(stop(a))
    note(stop(a))
    note(stop(:nobody))
  end

  scenario :stop_takes_too_long do
    a = worker("a", ends: {:after, 150})
    note(stop(a, :normal, 50))
    note(alive(a))
    note(gone(a))
  end

  scenario :stop_ends_otherwise do
    a = worker("a", ends: {:fail, :last})
    note(stop(a))
  end

  scenario :stops_meet do
    a = worker("a", ends: {:after, 100})
    first = Task.async(fn -> stop(a) end)
    pause(50)
    note(stop(a))
    note(Task.await(first))
  end

  scenario :stop_finds_it_suspended do
    a = worker("a")
    :sys.suspend(a)
    tell(a, {:note, "message"})
    note(stop(a))
  end

  scenario :signal_without_trap do
    a = worker("a")
    Process.exit(a, :boom)
    note(gone(a))
  end

  scenario :signal_under_trap do
    a = worker("a", trap: true)
    Process.exit(a, :boom)
    note(ask(a, {:note, "goes on"}))
  end

  scenario :normal_signal do
    {a, b} = {worker("a"), worker("b", trap: true)}
    for it <- [a, b], do: Process.exit(it, :normal)
    for it <- [a, b], do: note(ask(it, {:note, "goes on"}))
  end

  scenario :normal_signal_to_itself do
    a = worker("a", silent: true)
    tell(a, {:exit_itself, :normal})
    note(gone(a))
  end

  scenario :normal_signal_to_itself_under_trap do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> Worker.start_link("b", trap: true) end})
    b = life("b", 1)
    tell(b, {:exit_itself, :normal})
    pause()
    note(alive(b))
  end

  scenario :starter_of_a_trapping_process_ends_normally do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> Worker.start_link("b", trap: true) end})
    tell(a, {:stop, :normal})
    note(gone(a))
    pause()
    note(alive(life("b", 1)))
  end

  scenario :starter_ends_normally do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> Worker.start_link("b") end})
    tell(a, {:stop, :normal})
    note(gone(a))
    pause()
    note(alive(life("b", 1)))
  end

  scenario :starter_of_a_trapping_process_fails do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> Worker.start_link("b", trap: true) end})
    tell(a, {:stop, :boom})
    note(gone(a))
    pause()
    note(alive(life("b", 1)))
  end
end

