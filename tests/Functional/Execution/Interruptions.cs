using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Cancels hundreds of calls at random moments, of tools that import modules, log, and use queues, locks, caches and transactions. An
/// exception in the middle of such code can leave something half done in the process. No later call may find it. The environment variable
/// SNAKEPIT_CANCELLATIONS sets another number of cancellations.
/// </summary>
[Collection(Alone.Name)]
public abstract class Interruptions<T>
    where T : ITestTransport
{
    private const int Workers = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] Tools = ["imports", "queues", "logs", "locks", "caches", "transacts", "runs_a_loop"];

    private static readonly int Cancellations =
        int.Parse(Environment.GetEnvironmentVariable("SNAKEPIT_CANCELLATIONS") ?? "400", CultureInfo.InvariantCulture);

    // Each of the two transports takes half of the cancellations, and most of that half in workers that are forked, which start faster.
    [PythonTheory]
    [InlineData(WorkerStart.Fork, 1, 40)]
    [InlineData(WorkerStart.Fork, 3, 40)]
    [InlineData(WorkerStart.Spawn, 1, 10)]
    [InlineData(WorkerStart.Spawn, 3, 10)]
    public async Task No_later_call_fails_or_hangs_wherever_a_cancelled_call_was_interrupted(WorkerStart start, int capacity, int percent)
    {
        var seed = Environment.TickCount;
        using var packages = new FragilePackages();
        var trace = new ProcessTrace();
        var options = trace.Tag(Probe.Over<T>() with
        {
            Adapter = "fragile_tools",
            ModulePaths = [.. Probe.Options.ModulePaths, packages.Path],
            Workers = Workers,
            MaxConcurrentCallsPerWorker = capacity,
            WorkerStart = start,
            CallTimeout = TimeSpan.FromSeconds(15), // a call that hangs fails the test
        });
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var left = Cancellations * percent / 200;
        var failures = new ConcurrentQueue<string>();
        var clock = Stopwatch.StartNew();

        // On a slow machine, all calls that are cancelled may still be waiting. The test needs one that was interrupted.
        bool GoesOn() => Volatile.Read(ref left) > 0
            || (start == WorkerStart.Fork && clock.Elapsed < Patience && pool.GetStatistics().Interruptions == 0);

        await Task.WhenAll(Enumerable.Range(0, (Workers * capacity) + 1).Select(caller => Task.Run(async () =>
        {
            var random = new Random(seed + caller);
            while (GoesOn() && failures.IsEmpty)
            {
                var (tool, given) = (Tools[random.Next(Tools.Length)], random.Next(1_000));
                using var giveUp = new CancellationTokenSource();
                var call = pool.ExecuteAsync<int>(tool, new { given }, cancellationToken: giveUp.Token);
                if (random.Next(2) == 0)
                {
                    await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 12)));
                    await giveUp.CancelAsync();
                }

                try
                {
                    Assert.Equal(given, await call);
                }
                catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
                {
                    Interlocked.Decrement(ref left);
                }
                catch (Exception failure)
                {
                    failures.Enqueue($"{tool}({given}): {failure}");
                }
            }
        })));

        Assert.True(failures.IsEmpty, $"seed {seed}: {string.Join("\n", failures)}");
        await pool.WaitForIdleWorkers(Workers);
        var now = pool.GetStatistics();
        Assert.Equal((0, 0, PoolHealth.Healthy), (now.Calls.Failed, now.Calls.TimedOut, now.Health));
        Assert.True(now.Interruptions > 0 || start == WorkerStart.Spawn, $"seed {seed}: no call was interrupted");
        Assert.True(capacity > 1 || now.Restarts == 0, $"seed {seed}: {now.Restarts} workers did not end after their interruption");
        var running = Workers + (start == WorkerStart.Fork ? 1 : 0);
        await Eventually.True(() => trace.Alive().Length == running, () => $"{running} processes run: {trace.Alive().Length}");
    }

    [PythonFact]
    public async Task Callers_beside_continuous_cancellations_wait_no_longer_than_a_worker_takes_to_start()
    {
        const int Few = 4;
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { Workers = Few }).InTime();
        var (isOver, longestStart) = (false, TimeSpan.Zero);
        var waits = new ConcurrentQueue<TimeSpan>();
        var callers = Enumerable.Range(0, Few - 1).Select(caller => Task.Run(async () =>
        {
            for (var given = 0; !Volatile.Read(ref isOver); given++)
            {
                var clock = Stopwatch.StartNew();
                Assert.Equal(given, await pool.ExecuteAsync<int>("value", new { given }));
                waits.Enqueue(clock.Elapsed);
                await Task.Delay(1); // so that the machine also has time for the starts
            }
        })).ToList();
        for (var cancelled = 0; cancelled < Cancellations / 8; cancelled++)
        {
            using var marker = new Marker();
            using var giveUp = new CancellationTokenSource();
            var call = pool.ExecuteAsync("sleep_wait", new { marker = marker.Path }, cancellationToken: giveUp.Token);
            await marker.WrittenAsync();
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
            var now = pool.GetStatistics();
            Assert.Equal((0, PoolHealth.Healthy), (now.Restarts, now.Health));
            longestStart = now.Workers.Select(worker => worker.Start?.Duration ?? TimeSpan.Zero).Append(longestStart).Max();
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(callers).InTime();
        var longestWait = waits.Max();
        Assert.True(longestWait < (2 * longestStart) + TimeSpan.FromMilliseconds(50), $"waited {longestWait}, started in {longestStart}");
        await pool.WaitForIdleWorkers(Few);
        Assert.Equal(Cancellations / 8, pool.GetStatistics().Interruptions);
    }
}

public sealed class InterruptionsOverGrpc : Interruptions<OverGrpc>;

public sealed class InterruptionsOverDirect : Interruptions<OverDirect>;

/// <summary>
/// Python packages in a temporary directory. An import takes some milliseconds. If it is interrupted in the last module of a package,
/// Python forgets the package but not its first module, and does not make that module an attribute of the package at the next import.
/// </summary>
internal sealed class FragilePackages : IDisposable
{
    public FragilePackages()
    {
        for (var number = 0; number < 8; number++)
        {
            var package = Directory.CreateDirectory(System.IO.Path.Combine(Path, $"fragile_{number}")).FullName;
            var imports = $"import fragile_{number}.first\nimport fragile_{number}.last\n";
            File.WriteAllText(System.IO.Path.Combine(package, "__init__.py"), imports);
            File.WriteAllText(System.IO.Path.Combine(package, "first.py"), "value = 1\n");
            File.WriteAllText(System.IO.Path.Combine(package, "last.py"), "for _ in range(100_000):\n    pass\n");
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("fragile-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
