defmodule Words do
  @moduledoc "The words for what is seen. The same ones are in `tests/tests/differential`."

  @doc "What a start came to."
  def outcome({:ok, _}), do: "ok"
  def outcome(:ignore), do: "ignored"
  def outcome({:error, :timeout}), do: "timeout"
  def outcome({:error, {:already_started, _}}), do: "name taken"
  def outcome({:error, {%RuntimeError{message: text}, _}}), do: "panicked #{text}"

  def outcome({:error, {:shutdown, {:failed_to_start_child, id, why}}}),
    do: "child #{id} " <> outcome({:error, why})

  def outcome({:error, why}), do: "failed #{reason(why)}"

  @doc "The word for an exit reason."
  def reason({:shutdown, why}) when is_atom(why), do: "shutdown #{why}"
  def reason({%RuntimeError{message: text}, _}), do: "panic #{text}"
  def reason({:noproc, _}), do: "noproc"
  def reason(reason) when is_atom(reason), do: Atom.to_string(reason)

  @doc "What a supervisor said to a request about a child."
  def said(:ok), do: "ok"
  def said({:ok, :undefined}), do: "ignored"
  def said({:ok, _}), do: "ok"
  def said(:ignore), do: "ignored"
  def said({:error, {:already_started, _}}), do: "already running"
  def said({:error, :already_present}), do: "already present"
  def said({:error, :not_found}), do: "not found"
  def said({:error, :running}), do: "running"
  def said({:error, :restarting}), do: "restarting"
  def said({:error, :max_children}), do: "max children"
  def said({:error, {why, child}}) when elem(child, 0) == :child, do: outcome({:error, why})
  def said({:error, why}), do: outcome({:error, why})
end

