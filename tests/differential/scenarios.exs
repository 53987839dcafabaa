# What Erlang/OTP does in small scenarios, one line each: `area.scenario: what was seen`.
#
# The program `tests/tests/differential` plays the same scenarios on noex and compares what it sees with `observed.txt`, which is what
# this script printed. From the root of the repository:
#
#     elixir tests/differential/scenarios.exs > tests/differential/observed.txt

:logger.set_primary_config(:level, :none)

for file <- ~w(words diary worker stage) do
  Code.require_file("support/#{file}.exs", __DIR__)
end

areas =
  for area <-
        ~w(starts calls messages ends links monitors supervisors restarts children dynamic names timers system_messages events applications) do
    Code.require_file("#{area}.exs", __DIR__)
    Module.concat([Macro.camelize(area)])
  end

erts = :erlang.system_info(:version)
IO.puts("# Printed by tests/differential/scenarios.exs, which says how.")
IO.puts("# Erlang/OTP #{System.otp_release()} (erts #{erts}), Elixir #{System.version()}")
Enum.each(areas, &Stage.play/1)

