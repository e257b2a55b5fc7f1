using Snakepit.Benchmarks.Host.Faults;
using Snakepit.Benchmarks.Scenarios;

namespace Snakepit.Benchmarks.Validation.Trials;

internal static class SessionsTrials
{
    private const double WaitMs = 2;

    public static ScenarioTrials Trials { get; } = ScenarioTrials.Of(
        new SessionsScenario(),
        new Trial("slow look-up of sessions", 1) { Fault = nameof(SlowSessions), Size = new FaultSize(1, CallCost.MicrosecondsAsync) },
        new Trial("calls wait for the session", 1) { Fault = nameof(WaitingSessions), Size = new FaultSize(WaitMs) });
}
