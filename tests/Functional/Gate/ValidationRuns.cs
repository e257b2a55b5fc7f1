using Microsoft.Extensions.Time.Testing;
using Snakepit.Benchmarks.Validation;
using Snakepit.Benchmarks.Validation.Trials;
using Snakepit.Measurement.Comparison;
using Snakepit.Measurement.Files;

namespace Snakepit.Tests.Functional.Gate;

/// <summary>
/// Tests the order in which <c>bench validate</c> runs its measurement sessions, and that it continues after an interruption where it
/// stopped.
/// </summary>
public sealed class ValidationRuns : IDisposable
{
    private static readonly TimeSpan NoLimit = TimeSpan.FromDays(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-validation-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _done = [];
    private readonly List<string> _lines = [];

    private static IReadOnlyList<ScenarioTrials> All => AllTrials.All;

    private string File => Path.Combine(_directory, "validation.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_session_is_done_once_scenario_by_scenario_and_then_nothing_is_left()
    {
        var record = await RunAsync(Load(), Right);
        Assert.Equal(ValidationState.Proven, record.StateOf([.. All]));
        var expected = All.SelectMany(one =>
            one.Trials.SelectMany(trial => Enumerable.Repeat($"{one.Name}, {trial.Name}", trial.Sessions)));
        Assert.Equal(expected, _done);
        Assert.Equal(_done.Count, _lines.Count);
        _done.Clear();
        await RunAsync(Load(), Right);
        Assert.Empty(_done);
    }

    [Fact]
    public async Task Only_the_scenarios_that_are_asked_for_are_validated_and_the_others_keep_their_sessions()
    {
        await RunAsync(Load(), Right, scenarios: [All[1]]);
        var record = await RunAsync(Load(), Right, scenarios: [All[3]]);
        Assert.All(_done, session => Assert.Matches($"^({All[1].Name}|{All[3].Name}), ", session));
        Assert.Equal(
            All.Select((_, index) => index is 1 or 3 ? ValidationState.Proven : ValidationState.Open),
            All.Select(one => record.StateOf(one)));
    }

    [Fact]
    public async Task An_interruption_loses_only_the_session_under_way()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            Load(), (one, trial) => _done.Count == 12 ? throw new OperationCanceledException() : Right(one, trial)));
        Assert.Equal(11, Load().Scenarios.Values.Sum(scenario => scenario.Outcomes.Length));
        _done.RemoveAt(11);
        await RunAsync(Load(), Right);
        Assert.Equal(All.Sum(one => one.Trials.Sum(trial => trial.Sessions)), _done.Count);
    }

    [Fact]
    public async Task No_session_begins_after_the_time_limit_and_none_at_all_without_time()
    {
        await RunAsync(Load(), Right, TimeSpan.Zero);
        Assert.Empty(_done);
        await RunAsync(Load(), Right, TimeSpan.FromMinutes(2.5)); // each session takes one minute
        Assert.Equal(3, _done.Count);
    }

    [Fact]
    public async Task A_session_that_could_not_be_measured_is_repeated_and_two_in_a_row_end_the_validation()
    {
        var record = await RunAsync(Load(), (one, trial) => _done.Count is 2 or 4 or > 6 ? Broken(one, trial) : Right(one, trial));
        Assert.Equal(8, _done.Count);
        Assert.All(_done, session => Assert.Equal($"{All[0].Name}, {All[0].Trials[0].Name}", session));
        Assert.Equal((ValidationState.Open, 4), (record.StateOf(All[0]), record.Of(All[0]).Outcomes.Count(outcome => outcome.HasVerdict)));
    }

    [Fact]
    public async Task Another_key_empties_the_record_of_its_scenario_and_of_no_other()
    {
        await RunAsync(Load(), Right);
        var keys = Validations.Keys();
        keys[All[2].Name] = "another key";
        var record = ValidationRecord.Load(File, keys);
        Assert.Empty(record.Of(All[2]).Outcomes);
        Assert.All(All.Where(one => one != All[2]), one => Assert.Equal(ValidationState.Proven, record.StateOf(one)));
        _done.Clear();
        await RunAsync(record, Right);
        Assert.All(_done, session => Assert.StartsWith(All[2].Name, session, StringComparison.Ordinal));
        Assert.Equal(ValidationState.Proven, ValidationRecord.Load(File, keys).StateOf([.. All]));
    }

    [Fact]
    public async Task A_new_scenario_begins_its_own_validation_only()
    {
        await RunAsync(Load(), Right, scenarios: [.. All.Skip(1)]);
        var before = Validations.Keys();
        before.Remove(All[0].Name);
        ValidationRecord.Load(File, before).Save(File); // a record from before scenario All[0] existed
        Assert.Equal(All[0], Load().Next(All)!.Value.Scenario);
        Assert.Equal(ValidationState.Proven, Load().StateOf([.. All.Skip(1)]));
    }

    [Fact]
    public async Task A_restart_forgets_the_trials_that_it_is_asked_for()
    {
        var record = await RunAsync(Load(), Right);
        var some = All[0] with { Trials = [All[0].Trials[0]] };
        record = record.Without([some]);
        Assert.Empty(record.Of(some).Of(some.Trials[0]));
        Assert.Equal((ValidationState.Open, ValidationState.Proven), (record.StateOf(All[0]), record.StateOf([.. All.Skip(1)])));
        Assert.Equal(All[0].Trials.Skip(1).Sum(trial => trial.Sessions), record.Of(All[0]).Outcomes.Length);
    }

    [Theory]
    [InlineData("""{ "gate": "029194446789", "outcomes": [] }""")]
    [InlineData("""{ "schema": 3, "scenarios": { "Startup": { "key": "key of Startup", "sessions": 12 } } }""")]
    public void A_record_of_another_format_begins_anew(string text)
    {
        System.IO.File.WriteAllText(File, text);
        Assert.Equal(All[0].Trials[0], Load().Next(All)!.Value.Trial);
    }

    [Theory]
    [InlineData("{ \"schema\": 2,")]
    [InlineData("null")]
    [InlineData("""{ "schema": 2, "scenarios": { "Startup": { "key": "key of Startup", "sessions": [] } } }""")]
    [InlineData("""{ "schema": 2, "scenarios": { "Startup": { "key": "key of Startup", "outcomes": [ { "seconds": 60 } ] } } }""")]
    [InlineData("""{ "schema": 2 }""")]
    public void A_record_that_is_damaged_is_told_with_the_remedy(string text)
    {
        System.IO.File.WriteAllText(File, text);
        var message = Assert.Throws<UnreadableFileException>(Load).Message;
        Assert.Contains(File, message, StringComparison.Ordinal);
        Assert.Contains("Remove it to begin anew", message, StringComparison.Ordinal);
    }

    private static TrialOutcome Right(ScenarioTrials one, Trial trial) => Validations.Right(one, trial);

    private static TrialOutcome Broken(ScenarioTrials one, Trial trial) =>
        Right(one, trial) with { Outcome = GateOutcome.Broken, Regressed = [] };

    private ValidationRecord Load() => ValidationRecord.Load(File, Validations.Keys());

    /// <summary>Validates with simulated sessions that take one minute each.</summary>
    private Task<ValidationRecord> RunAsync(
        ValidationRecord record,
        Func<ScenarioTrials, Trial, TrialOutcome> session,
        TimeSpan? limit = null,
        IReadOnlyCollection<ScenarioTrials>? scenarios = null)
    {
        var loop = new ValidationLoop(File, SessionAsync, _lines.Add, _time);
        return loop.RunAsync(record, scenarios ?? All, limit ?? NoLimit, CancellationToken.None);

        Task<TrialOutcome> SessionAsync(ScenarioTrials one, Trial trial, CancellationToken cancellationToken)
        {
            _done.Add($"{one.Name}, {trial.Name}");
            _time.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(session(one, trial));
        }
    }
}
