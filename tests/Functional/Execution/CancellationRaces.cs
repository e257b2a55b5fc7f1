using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Tests cancellations that arrive at about the same time as the result of the call, and results that arrive at about the moment when
/// <see cref="SnakepitOptions.CancelGrace"/> ends.
/// </summary>
public abstract class CancellationRaces<T>
    where T : ITestTransport
{
    private const int Calls = 300;

    [PythonFact]
    public async Task Cancellations_that_race_with_results_lose_no_call_and_no_worker()
    {
        var random = new Random(20_251_007);
        var options = Probe.Over<T>(Probe.Showcase) with { QueueTimeout = TimeSpan.FromSeconds(30) };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        // These random delays, in milliseconds, make the cancellation come sometimes before the result of its call and sometimes after it.
        var plan = Enumerable.Range(0, Calls)
            .Select(number => (number, Sleep: random.NextDouble() * 4, GiveUp: random.NextDouble() * 6))
            .ToArray();
        var (succeeded, cancelled) = (0, 0);

        await Parallel.ForEachAsync(plan, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (one, _) =>
        {
            using var giveUp = new CancellationTokenSource();
            var call = pool.ExecuteAsync<double>("sleep", new { ms = one.Sleep }, cancellationToken: giveUp.Token);
            giveUp.CancelAfter(TimeSpan.FromMilliseconds(one.GiveUp));
            try
            {
                await call.InTime();
                Interlocked.Increment(ref succeeded);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
            }

            // The next call must get its own result, even if the result of a cancelled call arrives late.
            var answer = pool.ExecuteAsync<Dictionary<string, int>>("echo", new { one.number }, cancellationToken: CancellationToken.None);
            Assert.Equal(one.number, (await answer.InTime())["number"]);
        });

        Assert.Equal(Calls, succeeded + cancelled);
        Assert.InRange(cancelled, 1, Calls - 1);
        var calls = pool.GetStatistics().Calls;
        Assert.Equal((2 * Calls, Calls + succeeded, cancelled, 0), (calls.Started, calls.Succeeded, calls.Cancelled, calls.InFlight));
        await pool.WaitForIdleWorkers(options.Workers);
        Assert.InRange(pool.GetStatistics().Interruptions, 1, cancelled);
        Assert.Equal(0, pool.GetStatistics().Restarts);
    }

    [PythonFact]
    public async Task A_queued_call_gets_a_live_worker_whether_or_not_the_one_it_waits_for_is_killed()
    {
        var grace = TimeSpan.FromMilliseconds(60);
        var options = Probe.Over<T>() with { CancelGrace = grace, QueueTimeout = TimeSpan.FromSeconds(30) };
        await using var template = await SnakepitTemplate.StartAsync(options).InTime();
        var killed = 0;
        for (var round = 0; round < 20; round++)
        {
            using var marker = new Marker();
            using var giveUp = new CancellationTokenSource();
            await using var pool = await template.StartPoolAsync(1).InTime();
            // In some rounds the tool returns before CancelGrace has passed, in some after it, and in some at about that moment.
            var arguments = new { ms = grace.TotalMilliseconds - 10 + round, marker = marker.Path };
            var stubborn = pool.ExecuteAsync("swallow_and_return_after", arguments, cancellationToken: giveUp.Token);
            await marker.WrittenAsync();
            var waiting = pool.ExecuteAsync<int>("value", new { given = round });

            await giveUp.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stubborn.InTime());
            Assert.Equal(round, await waiting.InTime());
            killed += (int)pool.GetStatistics().Restarts;
        }

        Assert.True(killed > 0, "no worker was killed: every tool returned before CancelGrace had passed");
    }
}

public sealed class CancellationRacesOverGrpc : CancellationRaces<OverGrpc>;

public sealed class CancellationRacesOverDirect : CancellationRaces<OverDirect>;
