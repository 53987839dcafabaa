defmodule Applications.App do
  @moduledoc "An application of one worker, which notes what is done to it."
  use Application
  import Diary, only: [note: 1]

  def start(_, {name, plan}) do
    case plan[:begin] do
      :raise -> raise "boom"
      :fail -> {:error, :boom}
      nil -> up(name, plan)
    end
  end

  defp up(name, plan) do
    {:ok, tree} = Stage.start_tree([Worker.child(name, plan)], intensity: 0)
    {:ok, tree, name}
  end

  def start_phase(phase, _, _), do: note("phase #{phase}")
  def prep_stop(name), do: note("#{name} prep_stop") && name
  def stop(name), do: note("#{name} stopped")
end

defmodule Applications do
  @moduledoc "Applications: dependencies, hooks, and what the end of one means to others."
  use Stage

  # Makes an application known, for this scenario.
  defp load(name, options \\ []) do
    {needs, options} = Keyword.pop(options, :needs, [])
    {phases, plan} = Keyword.pop(options, :phases, [])
    mod = {Applications.App, {Atom.to_string(name), plan}}
    phases = if phases == [], do: :undefined, else: Enum.map(phases, &{&1, []})

    :ok =
      :application.load(
        {:application, name, vsn: '1', modules: [], registered: [], applications: needs, mod: mod, start_phases: phases}
      )
  end

  # Stops and forgets them, the newest first.
  defp unload(names) do
    Diary.seal()

    for name <- Enum.reverse(names) do
      Application.stop(name)
      Application.unload(name)
    end
  end

  defp started(:ok), do: "ok"
  defp started({:error, {:already_started, name}}), do: "#{name} already started"
  defp started({:error, {:not_started, name}}), do: "#{name} not started"
  defp started({:error, {_, {{:EXIT, {%RuntimeError{}, _}}, _}}}), do: "panicked boom"
  defp started({:error, {:bad_return, {_, {:EXIT, {%RuntimeError{}, _}}}}}), do: "panicked boom"
  defp started({:error, {:boom, _}}), do: "failed boom"

  defp running do
    up = for {name, _, _} <- Application.started_applications(), do: name

    case Enum.filter([:one, :two, :three], &(&1 in up)) do
      [] -> "nothing runs"
      ours -> "#{Enum.join(ours, " ")} running"
    end
  end

  scenario :dependency_is_missing do
    load(:one)
    load(:two, needs: [:one])
    note(started(Application.start(:two)))
    unload([:one, :two])
  end

  scenario :dependencies_start_first do
    load(:one)
    load(:two, needs: [:one])
    load(:three, needs: [:one, :two])
    {:ok, names} = Application.ensure_all_started(:three)
    note(Enum.join(names, " "))
    {:ok, names} = Application.ensure_all_started(:three)
    note("#{length(names)} more")
    unload([:one, :two, :three])
  end

  scenario :later_dependency_fails do
    load(:one)
    load(:two, needs: [:one])
    load(:three, needs: [:one, :two], begin: :fail)
    Application.start(:one)
    {:error, {:three, _}} = Application.ensure_all_started(:three)
    note("three did not start")
    note(running())
    unload([:one, :two, :three])
  end

  scenario :started_twice do
    load(:one)
    note(started(Application.start(:one)))
    note(started(Application.start(:one)))
    unload([:one])
  end

  scenario :start_fails do
    load(:one, begin: :fail)
    note(started(Application.start(:one)))
    note(running())
    unload([:one])
  end

  scenario :start_panics do
    load(:one, begin: :raise)
    note(started(Application.start(:one)))
    note(running())
    unload([:one])
  end

  scenario :start_phases do
    load(:one, phases: [:first, :second])
    note(started(Application.start(:one)))
    unload([:one])
  end

  scenario :stops_with_its_hooks do
    load(:one)
    Application.start(:one)
    note(started(Application.stop(:one)))
    note(running())
    unload([:one])
  end

  scenario :stopped_when_it_is_not_up do
    load(:one)
    note(started(Application.stop(:one)))
    unload([:one])
  end

  scenario :stopping_one_spares_those_that_need_it do
    load(:one)
    load(:two, needs: [:one])
    Application.ensure_all_started(:two)
    Application.stop(:one)
    note(running())
    unload([:one, :two])
  end

  scenario :temporary_application_ends do
    for name <- [:one, :two], do: load(name)
    for name <- [:one, :two], do: Application.start(name, :temporary)
    tell(life("two", 1), :raise)
    pause()
    note(running())
    unload([:one, :two])
  end

  scenario :unsupervised_process_of_an_application do
    load(:one)
    Application.start(:one)
    ask(life("one", 1), {:run, fn -> Worker.start("stray", trap: true) end})
    stray = life("stray", 1)
    Application.stop(:one)
    note(gone(stray))
    unload([:one])
  end
end

