defmodule Starts do
  @moduledoc "Starts and inits: what the starter is told, and what is left of one that failed."
  use Stage

  defp free(name), do: if(Process.whereis(name), do: "taken", else: "free")

  scenario :init_succeeds do
    script("a", [{:after, 50}])
    note(outcome(Worker.start("a")))
    note(ask(life("a", 1), {:note, "answers"}))
  end

  scenario :init_fails do
    script("a", [{:fail, :boom}])
    note(outcome(Worker.start("a", name: :it)))
    note(free(:it))
    note(outcome(Worker.start("a", name: :it)))
  end

  scenario :init_panics do
    script("a", [:raise])
    note(outcome(Worker.start("a", name: :it)))
    note(free(:it))
  end

  scenario :init_declines do
    script("b", [:ignore])
    a = worker("a")
    note(ask(a, {:start_link, "b", []}))
    note(alive(a))
  end

  scenario :init_takes_too_long do
    script("a", [:hang])
    note(steps(fn -> note(outcome(Worker.start("a", timeout: 75))) end))
  end

  scenario :name_is_taken do
    worker("a", name: :it)
    note(outcome(Worker.start("b", name: :it)))
  end

  scenario :name_is_there_in_init do
    script("a", [{:after, 100}])
    spawn(fn -> Worker.start("a", name: :it) end)
    pause(50)
    tell(:it, {:note, "early"})
    life("a", 1)
    pause()
  end

  scenario :linked_init_fails do
    script("b", [{:fail, :boom}])
    a = worker("a")
    tell(a, {:start_link, "b", []})
    pause()
    note(alive(a))
  end

  scenario :linked_init_fails_under_trap do
    script("b", [{:fail, :boom}])
    a = worker("a", trap: true)
    note(ask(a, {:start_link, "b", []}))
    pause()
    note(alive(a))
  end

  scenario :steps_precede_messages do
    worker("a", then: [{:note, "first step"}, {:note, "second step"}], itself: {:note, "message"})
    pause()
  end

  scenario :step_fails_after_the_start do
    {:ok, a} = Worker.start("a", then: [:raise], silent: true)
    note("ok")
    note(gone(a))
  end

  scenario :starter_ends do
    a = worker("a", silent: true)
    ask(a, {:run, fn -> Worker.start("b") end})
    tell(a, :raise)
    note(gone(a))
    note(alive(life("b", 1)))
  end
end

