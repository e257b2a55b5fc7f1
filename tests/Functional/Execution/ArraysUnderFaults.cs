using System.Diagnostics;
using System.Globalization;
using Snakepit.Tests.Functional.Support;
using Xunit.Abstractions;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>
/// Sends arrays of random sizes while workers are killed, calls cancelled, streams left, and views kept. Every array that arrives is as it
/// was sent, and no shared memory stays in use. The test runs alone, because it counts all the shared memory of this process. The
/// environment variable SNAKEPIT_ARRAY_FAULTS sets another number of seconds than 20 for both transports together, and
/// SNAKEPIT_ARRAY_FAULTS_SEED the random choices, which the output of the test names.
/// </summary>
[Collection(Alone.Name)]
public abstract class ArraysUnderFaults<T>(ITestOutputHelper output)
    where T : ITestTransport
{
    private const int Callers = 6;
    private const int LongestArray = 1_000_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("SNAKEPIT_ARRAY_FAULTS") ?? "20", CultureInfo.InvariantCulture) / 2);

    private readonly int _seed = int.Parse(
        Environment.GetEnvironmentVariable("SNAKEPIT_ARRAY_FAULTS_SEED") ?? $"{Environment.TickCount}", CultureInfo.InvariantCulture);

    private int _right;
    private int _failed;

    [NumpyFact]
    public async Task Every_array_arrives_as_it_was_sent_and_all_memory_is_given_back_whatever_happens_to_workers_and_calls()
    {
        output.WriteLine($"The seed is {_seed}.");
        var trace = new ProcessTrace();
        await Eventually.True(() => SharedMemory.GetUsage().BytesInUse == 0, "other tests have given their memory back");
        await using (var pool = await SnakepitPool.StartAsync(trace.Tag(Probe.Over<T>() with
        {
            Adapter = "memory_tools",
            Workers = 3,
            MaxConcurrentCallsPerWorker = 2,
        })).InTime())
        {
            using var end = new CancellationTokenSource(Duration);
            var killing = KillAsync(pool, new Random(_seed), end.Token);
            await Task.WhenAll(Enumerable.Range(1, Callers).Select(number => CallAsync(pool, new Random(_seed + number), end.Token)));
            await killing;
            output.WriteLine($"{_right} arrays came back, {_failed} calls failed or were cancelled.");
            Assert.True(_right > 50, $"only {_right} arrays came back");
            Assert.True(_failed > 10, $"only {_failed} calls failed");
            await AssertGivenBackAsync(pool);
        }

        trace.AssertNothingIsLeft();
        await Eventually.True(
            () => SharedMemory.GetUsage() is { BytesInUse: 0, Files: 0 }, () => $"{SharedMemory.GetUsage()}", TimeSpan.FromSeconds(30));
    }

    private static async Task KillAsync(SnakepitPool pool, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(random.Next(50, 400), CancellationToken.None);
            var processes = pool.ProcessIds();
            if (processes.Length > 0)
            {
                OsProcess.Kill(processes[random.Next(processes.Length)]);
            }
        }
    }

    private async Task CallAsync(SnakepitPool pool, Random random, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var cancellation = new CancellationTokenSource();
            if (random.Next(4) == 0)
            {
                cancellation.CancelAfter(random.Next(1, 30));
            }

            try
            {
                await RunAsync(pool, random, cancellation.Token).InTime();
                Interlocked.Increment(ref _right);
            }
            catch (Exception exception) when (exception is WorkerLostException or OperationCanceledException)
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }

    private static async Task RunAsync(SnakepitPool pool, Random random, CancellationToken cancelled)
    {
        var given = new double[(int)Math.Pow(LongestArray, random.NextDouble())];
        given.AsSpan().Fill(random.NextDouble());
        given[random.Next(given.Length)] = random.NextDouble();
        switch (random.Next(5))
        {
            case 0:
                await pool.ExecuteAsync("keep", new { given }, cancellationToken: cancelled);
                break;
            case 1:
                Assert.Empty(await pool.ExecuteAsync<string[]>("changed", cancellationToken: cancelled));
                await pool.ExecuteAsync("drop", cancellationToken: cancelled);
                break;
            case 2:
                var (number, most) = (0, random.Next(1, 6));
                await foreach (var chunk in pool.StreamAsync<double[]>("chunks", new { given, count = 5 }, cancellationToken: cancelled))
                {
                    Assert.Equal(given[0] + number, chunk[0]);
                    if (++number == most)
                    {
                        break;
                    }
                }

                break;
            case 3:
                using (var shared = SharedArray.CopyOf<double>(given, given.Length))
                {
                    using var back = await pool.ExecuteAsync<SharedArray<double>>(
                        "back", new { given = shared }, cancellationToken: cancelled);
                    AssertSame(given, back.AsReadOnlySpan());
                }

                break;
            default:
                var copied = await pool.ExecuteAsync<double[]>("back_async", new { given }, cancellationToken: cancelled);
                AssertSame(given, copied);
                break;
        }
    }

    private static void AssertSame(ReadOnlySpan<double> sent, ReadOnlySpan<double> came) =>
        Assert.True(sent.SequenceEqual(came), $"an array of {sent.Length:N0} has not come back as it was sent");

    /// <summary>Makes every worker drop what it has kept, and waits until it has told so.</summary>
    private static async Task AssertGivenBackAsync(SnakepitPool pool)
    {
        var clock = Stopwatch.StartNew();
        while (pool.GetStatistics().Workers.Any(worker => worker.BytesLent + worker.BytesBorrowed > 0))
        {
            Assert.True(clock.Elapsed < Eventually.Patience, string.Join("; ", pool.GetStatistics().Workers));
            try
            {
                await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => pool.ExecuteAsync("drop"))).InTime();
            }
            catch (WorkerLostException)
            {
                // The worker that was killed last had not ended yet.
            }
        }
    }
}

public sealed class ArraysUnderFaultsOverGrpc(ITestOutputHelper output) : ArraysUnderFaults<OverGrpc>(output);

public sealed class ArraysUnderFaultsOverDirect(ITestOutputHelper output) : ArraysUnderFaults<OverDirect>(output);
