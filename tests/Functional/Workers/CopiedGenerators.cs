using System.Text.Json;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>
/// Tests that random generators that an adapter has made before its workers start do not give all workers the same numbers, and that a
/// seeded run can be repeated.
/// </summary>
public sealed class CopiedGenerators
{
    private const int Workers = 4;

    [PythonTheory]
    [InlineData("probe_random", WorkerStart.Fork)]
    [InlineData("probe_random", WorkerStart.Spawn)]
    [InlineData("probe_numpy", WorkerStart.Fork)]
    [InlineData("probe_numpy", WorkerStart.Spawn)]
    public async Task Each_worker_draws_numbers_of_its_own_and_draws_them_again_in_the_next_run(string adapter, WorkerStart start)
    {
        var runs = new List<SortedDictionary<int, string>>();
        for (var run = 0; run < 2; run++)
        {
            await using var pool = await StartAsync(adapter, start);
            var draws = await DrawAsync(pool);
            AssertAllDiffer(draws);
            runs.Add(new(draws.ToDictionary(draw => draw.Worker, draw => string.Join(" ", draw.Numbers))));
        }

        Assert.Equal(runs[0], runs[1]);
    }

    [PythonTheory]
    [InlineData("probe_random", WorkerStart.Fork)]
    [InlineData("probe_random", WorkerStart.Spawn)]
    [InlineData("probe_numpy", WorkerStart.Fork)]
    [InlineData("probe_numpy", WorkerStart.Spawn)]
    [InlineData("probe_uuids", WorkerStart.Fork)]
    public async Task A_successor_does_not_repeat_the_numbers_of_the_worker_that_it_replaces(string adapter, WorkerStart start)
    {
        await using var pool = await StartAsync(adapter, start);
        var first = await DrawAsync(pool);
        await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("die").InTime());
        var processes = first.Select(draw => draw.Process);
        await Eventually.True(() => pool.ProcessIds().Except(processes).Any(), "the lost worker has a successor");
        await pool.WaitForIdleWorkers(Workers);
        var second = await DrawAsync(pool);
        AssertAllDiffer([.. first, .. second.Where(draw => first.All(old => old.Process != draw.Process))]);
    }

    [PythonFact]
    public async Task Each_worker_makes_uuids_that_no_other_worker_makes_at_the_same_time()
    {
        await using var pool = await StartAsync("probe_uuids", WorkerStart.Fork);
        AssertAllDiffer(await DrawAsync(pool));
    }

    [PythonFact]
    public async Task A_generator_whose_state_cannot_be_set_is_named_in_one_warning()
    {
        using var marker = new Marker();
        using var log = new RecordedLog();
        var options = Probe.Options with
        {
            Adapter = "makes_too_early",
            LoggerFactory = log,
            EnvironmentVariables = new Dictionary<string, string> { ["MARKER"] = marker.Path },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var warning = await log.WaitForLineAsync("draw the same random numbers from makes_too_early.ODD");
        Assert.Contains("WARNING snakepit.worker: ", warning.Message, StringComparison.Ordinal);
        Assert.Single(log.Records, record => record.Message.Contains("same random numbers", StringComparison.Ordinal));
    }

    private static async Task<SnakepitPool> StartAsync(string adapter, WorkerStart start)
    {
        try
        {
            var options = Probe.Options with { Adapter = adapter, Workers = Workers, WorkerStart = start };
            return await SnakepitPool.StartAsync(options).InTime();
        }
        catch (AdapterException missing) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip.If(missing.Message.Contains("No module named 'numpy'", StringComparison.Ordinal), "NumPy is not installed.");
            throw;
        }
    }

    /// <summary>Lets each worker draw its next numbers. The calls wait for each other, so they run in different workers.</summary>
    private static async Task<Draw[]> DrawAsync(SnakepitPool pool)
    {
        var meeting = Directory.CreateTempSubdirectory("snakepit-meeting-").FullName;
        var arguments = new { meeting, calls = Workers };
        var calls = Enumerable.Range(0, Workers).Select(_ => pool.ExecuteAsync<JsonElement[]>("draw", arguments)).ToArray();
        var drawn = await Task.WhenAll(calls).InTime();
        Directory.Delete(meeting, recursive: true);
        var draws = drawn.Select(values => new Draw(
            values[0].GetInt32(), values[1].GetInt32(), [.. values.Skip(2).Select(value => value.GetRawText())]));
        return [.. draws];
    }

    private static void AssertAllDiffer(Draw[] draws)
    {
        Assert.Distinct(draws.Select(draw => draw.Process));
        for (var generator = 0; generator < draws[0].Numbers.Length; generator++)
        {
            Assert.Distinct(draws.Select(draw => draw.Numbers[generator]));
        }
    }

    private sealed record Draw(int Worker, int Process, string[] Numbers);
}
