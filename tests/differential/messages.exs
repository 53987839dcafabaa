defmodule Messages do
  @moduledoc "Casts, plain messages and their order, also with regard to ends."
  use Stage

  scenario :cast_to_the_dead do
    a = worker("a")
    stop(a)
    note(tell(a, {:note, "cast"}))
  end

  scenario :cast_to_an_unknown_name do
    note(tell(:nobody, {:note, "cast"}))
  end

  scenario :casts_precede_a_stop do
    a = worker("a")
    for n <- 1..3, do: tell(a, {:note, n})
    note(stop(a))
  end

  scenario :casts_precede_a_shutdown_under_trap do
    a = child("a")
    tree = tree([a])
    a = life("a", 1)
    tell(a, {:sleep, 50})
    for n <- 1..2, do: tell(a, {:note, n})
    note(stop(tree, :shutdown))
  end

  scenario :casts_precede_a_shutdown do
    tree = tree([child("a", trap: false)])
    a = life("a", 1)
    tell(a, {:sleep, 50})
    for n <- 1..2, do: tell(a, {:note, n})
    note(stop(tree, :shutdown))
  end

  scenario :handler_of_a_message_panics do
    a = worker("a")
    send(a, {:order, :raise})
    note(gone(a))
  end

  scenario :last_message_precedes_the_notice do
    {a, b} = {worker("a", silent: true), worker("b")}
    ask(b, {:watch, a})
    tell(a, {:tell, b, {:note, "hears"}})
    tell(a, {:stop, :normal})
    gone(a)
    pause()
  end

  scenario :timer_of_zero_keeps_its_turn do
    a = worker("a")
    tell(a, {:sleep, 50})
    tell(a, {:send_after, 0, {:note, "timer"}})
    tell(a, {:note, "before"})
    pause(75)
    tell(a, {:note, "after"})
    pause()
  end

  scenario :idle_fires_once do
    worker("a", idle: 100)
    pause(300)
  end

  scenario :message_comes_before_the_idle_time do
    a = worker("a", idle: 100)
    pause(50)
    tell(a, {:note, "message"})
    pause(300)
  end
end

