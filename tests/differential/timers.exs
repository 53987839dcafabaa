defmodule Timers do
  @moduledoc "Timers of servers."
  use Stage

  scenario :fires_once do
    a = worker("a")
    tell(a, {:send_after, 50, {:note, "fires"}})
    pause(200)
  end

  scenario :fire_in_the_order_of_time do
    a = worker("a")
    for ms <- [150, 0, 50, 100], do: tell(a, {:send_after, ms, {:note, ms}})
    pause(300)
  end

  scenario :cancelled_in_time do
    a = worker("a")
    tell(a, {:send_after, 100, {:note, "fires"}})
    tell(a, {:cancel, 100})
    pause(200)
  end

  scenario :cancelled_too_late do
    a = worker("a")
    tell(a, {:send_after, 50, {:note, "fires"}})
    pause(100)
    for _ <- 1..2, do: tell(a, {:cancel, 50})
    pause()
  end

  scenario :cancelled_twice do
    a = worker("a")
    tell(a, {:send_after, 100, {:note, "fires"}})
    for _ <- 1..2, do: tell(a, {:cancel, 100})
    pause(200)
  end

  scenario :cancelled_when_it_is_due do
    a = worker("a")
    tell(a, {:send_after, 50, {:note, "fires"}})
    tell(a, {:then, [{:sleep, 100}, {:cancel, 50}]})
    pause(200)
  end

  scenario :setter_is_gone do
    {a, b} = {worker("a", silent: true), worker("b")}
    ask(a, {:run, fn -> Process.send_after(b, {:order, {:note, "hears"}}, 50) end})
    stop(a)
    pause()
  end

  scenario :name_is_resolved_when_due do
    Process.send_after(:it, {:order, {:note, "hears"}}, 100)
    a = worker("a", name: :it)
    stop(a)
    worker("b", name: :it)
    pause(200)
  end

  scenario :does_not_reach_the_successor do
    tree([child("a")])
    tell(life("a", 1), {:send_after, 100, {:note, "fires"}})
    tell(life("a", 1), :raise)
    life("a", 2)
    pause(200)
  end

  scenario :server_is_busy_when_it_is_due do
    a = worker("a")
    tell(a, {:send_after, 50, {:note, "fires"}})
    tell(a, {:sleep, 100})
    tell(a, {:note, "waits"})
    pause(200)
  end
end

