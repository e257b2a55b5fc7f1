using Microsoft.Extensions.Logging;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>
/// Tests that a pool under load survives the loss of its processes. The test kills and suspends workers at random, and once kills the
/// template, the process from which the workers are forked. Meanwhile 32 callers make calls of all kinds to 8 workers. The test takes 10
/// seconds over gRPC and 5 seconds over the Direct transport.
/// </summary>
[Collection(Alone.Name)]
public abstract class FaultsUnderLoad<T>(ITestOutputHelper output, int seconds)
    where T : ITestTransport
{
    private const int Seed = 20261123;
    private const int Workers = 8;
    private const int Callers = 32;
    private const int TemplateFault = 4;

    [PythonFact]
    public async Task Every_call_ends_once_with_its_own_result_or_a_typed_error_and_the_pool_recovers()
    {
        var trace = new ProcessTrace();
        using var log = new RecordedLog();
        var options = trace.Tag(Probe.Over<T>() with
        {
            Workers = Workers,
            LoggerFactory = log,
            CallTimeout = TimeSpan.FromSeconds(2),
            StreamTimeout = TimeSpan.FromSeconds(2),
            CancelGrace = TimeSpan.FromMilliseconds(200),
            Heartbeat = new() { Interval = TimeSpan.FromMilliseconds(50), MaxMissed = 3 },
        });
        var descriptors = OsProcess.OwnDescriptors();
        var pool = await SnakepitPool.StartAsync(options).InTime();
        var (directory, template) = (pool.SocketDirectory(), pool.TemplateId());
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));

        var callers = Enumerable.Range(0, Callers)
            .Select(caller => Task.Run(() => CallAsync(pool, new Random(Seed + caller), () => over.IsCancellationRequested)))
            .ToList();
        await InjectFaultsAsync(pool, template, new Random(Seed), () => over.IsCancellationRequested);
        var endings = (await Task.WhenAll(callers).InTime()).SelectMany(ending => ending).ToList();

        await Eventually.True(
            () => pool.GetStatistics() is var now
                && now.Count(WorkerState.Idle) == Workers && now.Workers.Length == Workers && now.Workers.All(IsRunning),
            () => $"the pool has {Workers} workers, all idle and running: {string.Join(", ", pool.GetStatistics().Workers)}",
            TimeSpan.FromSeconds(1));
        var statistics = pool.GetStatistics();
        foreach (var ending in endings.GroupBy(ending => ending).OrderByDescending(group => group.Count()))
        {
            output.WriteLine($"{ending.Count(),7} {ending.Key}");
        }

        output.WriteLine($"{statistics.Calls}, {statistics.Restarts} restarts, {statistics.Interruptions} interruptions");
        foreach (var line in log.Records.Where(line => line.Exception is not null).Take(20))
        {
            output.WriteLine($"{line.Timestamp:mm:ss.fff} {line.Message}: {line.Exception!.Message}");
        }

        var calls = statistics.Calls;
        Assert.Equal(endings.Count, calls.Started);
        Assert.Equal(calls.Started, calls.Succeeded + calls.Failed + calls.Cancelled + calls.TimedOut + calls.Rejected);
        Assert.Equal(endings.Count(ending => ending == "result"), calls.Succeeded);
        Assert.NotEqual(template, pool.TemplateId());
        Assert.True(statistics.Restarts + statistics.Interruptions > 20, $"{statistics.Restarts}, {statistics.Interruptions}");
        Assert.Equal(0, calls.Rejected);
        Assert.True(calls.Succeeded > 1_000, $"{calls.Succeeded} calls succeeded");
        Assert.Equal(0, statistics.QueueLength);
        Assert.Equal(PoolHealth.Healthy, statistics.Health);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 100).Select(given => pool.ExecuteAsync<int>("value", new { given }))).InTime();
        Assert.Equal(Enumerable.Range(0, 100), numbers);
        Assert.Equal(1 + Workers, trace.Alive().Length);

        await pool.DisposeAsync().InTime();
        trace.AssertNothingIsLeft();
        Assert.False(Directory.Exists(directory));
        Assert.DoesNotContain(log.Records, line => line.Level == LogLevel.Critical); // the pool logs a bug in its own code as critical
        await Eventually.True(
            () => OsProcess.OwnDescriptors() <= descriptors + 12, // the .NET runtime itself may have opened a few
            () => $"at most 12 more descriptors are open than the {descriptors} before the test: {OsProcess.OwnDescriptors()}");
    }

    /// <summary>
    /// Returns true if the process of the worker is neither dead nor suspended. The state of the worker in the statistics is not enough,
    /// because the pool may not have noticed the last fault yet.
    /// </summary>
    private static bool IsRunning(WorkerStatistics worker) =>
        OsProcess.IsAlive(worker.ProcessId) && !ProcessFacts.IsStopped(worker.ProcessId);

    /// <summary>
    /// Makes random calls until <paramref name="isOver"/> returns true. Returns how each call ended: "result", "left early" for a stream
    /// whose consumer stopped reading early, or the type of the exception.
    /// </summary>
    private static async Task<List<string>> CallAsync(SnakepitPool pool, Random random, Func<bool> isOver)
    {
        var endings = new List<string>();
        while (!isOver())
        {
            var given = random.Next();
            using var giveUp = new CancellationTokenSource();
            try
            {
                switch (random.Next(20))
                {
                    case 0:
                        giveUp.CancelAfter(random.Next(1, 20));
                        await pool.ExecuteAsync("hang", cancellationToken: giveUp.Token);
                        break;
                    case 1:
                        await pool.ExecuteAsync("busy_loop", options: new() { Timeout = TimeSpan.FromMilliseconds(random.Next(1, 20)) });
                        break;
                    case 2:
                        await pool.ExecuteAsync("raise_os_error");
                        break;
                    case 3 or 4:
                        var chunks = await pool.StreamAsync<int>("count", new { upto = 50 }).ToListAsync();
                        Assert.Equal(Enumerable.Range(0, 50), chunks);
                        break;
                    case 5:
                        await foreach (var chunk in pool.StreamAsync<int>("count", new { upto = 1_000 }))
                        {
                            Assert.Equal(0, chunk);
                            break;
                        }

                        endings.Add("left early");
                        continue;
                    case 6 when random.Next(40) == 0:
                        await pool.ExecuteAsync("uninterruptible", options: new() { Timeout = TimeSpan.FromMilliseconds(20) });
                        break;
                    case 7 or 8:
                        await pool.ExecuteAsync("slow_call", new { ms = random.Next(1, 10) });
                        break;
                    default:
                        var options = new CallOptions { Idempotent = random.Next(2) == 0 };
                        Assert.Equal(given, await pool.ExecuteAsync<int>("value", new { given }, options));
                        break;
                }

                endings.Add("result");
            }
            catch (Exception exception) when (exception is SnakepitException or OperationCanceledException)
            {
                endings.Add(exception.GetType().Name);
                await Task.Delay(exception is PoolUnavailableException ? 5 : 0);
            }
        }

        return endings;
    }

    /// <summary>Kills and suspends workers at random, and kills the template once, until <paramref name="isOver"/> returns true.</summary>
    private static async Task InjectFaultsAsync(SnakepitPool pool, int template, Random random, Func<bool> isOver)
    {
        for (var fault = 0; !isOver(); fault++)
        {
            var workers = pool.GetStatistics().Workers.Where(worker => worker.ProcessId > 0).ToArray();
            if (fault == TemplateFault)
            {
                OsProcess.Kill(template);
            }
            else if (workers.Length > 0)
            {
                Signals.Send(workers[random.Next(workers.Length)].ProcessId, random.Next(3) == 0 ? OsProcess.SigStop : Signals.Kill);
            }

            await Task.Delay(random.Next(200, 400));
        }
    }
}

public sealed class FaultsUnderLoadOverGrpc(ITestOutputHelper output) : FaultsUnderLoad<OverGrpc>(output, seconds: 10);

public sealed class FaultsUnderLoadOverDirect(ITestOutputHelper output) : FaultsUnderLoad<OverDirect>(output, seconds: 5);
