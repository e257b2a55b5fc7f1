using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

public abstract class CancellingInARace<T>
    where T : IOver
{
    private const int Calls = 300;

    [PythonFact]
    public async Task Cancellations_that_race_with_results_lose_no_call_and_no_worker()
    {
        var random = new Random(20_251_007);
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>(Probe.Showcase) with { QueueTimeout = TimeSpan.FromSeconds(30) }).InTime();
        var before = pool.ProcessIds();
        // The delays straddle the duration of a call, so that both sides win often.
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

            // Whoever comes next gets an answer to its own question.
            var answer = pool.ExecuteAsync<Dictionary<string, int>>("echo", new { one.number }, cancellationToken: CancellationToken.None);
            Assert.Equal(one.number, (await answer.InTime())["number"]);
        });

        Assert.Equal(Calls, succeeded + cancelled);
        Assert.InRange(cancelled, 1, Calls - 1);
        var calls = pool.GetStatistics().Calls;
        Assert.Equal((2 * Calls, Calls + succeeded, cancelled, 0), (calls.Started, calls.Succeeded, calls.Cancelled, calls.InFlight));
        Assert.Equal(before, pool.ProcessIds());
    }

    [PythonFact]
    public async Task Whoever_waits_for_a_worker_that_may_have_to_be_killed_gets_a_living_one()
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
            // Some of them return before the grace ends, some after it, some just then.
            var arguments = new { ms = grace.TotalMilliseconds - 10 + round, marker = marker.Path };
            var stubborn = pool.ExecuteAsync("swallow_and_return_after", arguments, cancellationToken: giveUp.Token);
            await marker.WrittenAsync();
            var waiting = pool.ExecuteAsync<int>("value", new { given = round });

            await giveUp.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stubborn.InTime());
            Assert.Equal(round, await waiting.InTime());
            killed += (int)pool.GetStatistics().Restarts;
        }

        Assert.True(killed > 0, "the grace never passed");
    }
}

public sealed class CancellingInARaceOverGrpc : CancellingInARace<OverGrpc>;

public sealed class CancellingInARaceOverDirect : CancellingInARace<OverDirect>;
