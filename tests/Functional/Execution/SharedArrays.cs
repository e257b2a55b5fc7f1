using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Execution;

/// <summary>Tests of arrays that are made once in shared memory, and passed and returned without a copy.</summary>
public abstract class SharedArrays<T>
    where T : ITestTransport
{
    private const int Large = 300_000;

    [NumpyFact]
    public async Task One_array_is_read_by_many_workers_at_a_time_and_shows_what_is_written_to_it()
    {
        await using var pool = await StartAsync(workers: 4);
        using var array = new SharedArray<double>(Large);
        for (var round = 1; round <= 3; round++)
        {
            array.AsSpan().Fill(round);
            var sums = await Task.WhenAll(Enumerable.Range(0, 40).Select(
                _ => pool.ExecuteAsync<double>("total", new { given = array }))).InTime();
            Assert.All(sums, sum => Assert.Equal((double)Large * round, sum));
        }

        Assert.Equal([Large], array.Shape.ToArray());
        Assert.False(array.IsReadOnly);
        await AssertGivenBack(pool);
    }

    [NumpyFact]
    public async Task An_array_of_several_dimensions_arrives_with_its_shape_and_comes_back_as_any_array()
    {
        await using var pool = await StartAsync();
        using var given = SharedArray.CopyOf<float>([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }, await pool.ExecuteAsync<float[,]>("back", new { given }).InTime());
        using var back = await pool.ExecuteAsync<SharedArray<float>>("back", new { given }).InTime();
        Assert.Equal([2, 3], back.Shape.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], back.AsReadOnlySpan().ToArray());
        using var empty = new SharedArray<int>(0, 4);
        Assert.Equal(new int[0, 4], await pool.ExecuteAsync<int[,]>("back", new { given = empty }).InTime());
        using var wide = await pool.ExecuteAsync<SharedArray<double>>("back", new { given }).InTime();
        Assert.Equal([1, 2, 3, 4, 5, 6], wide.AsReadOnlySpan().ToArray());
        using var listed = await pool.ExecuteAsync<SharedArray<int>>("numbers").InTime();
        Assert.Equal([1, 2, 3], listed.AsReadOnlySpan().ToArray());
        await Assert.ThrowsAsync<ResultConversionException>(
            () => pool.ExecuteAsync<SharedArray<short>>("back", new { given }).InTime());
    }

    [NumpyFact]
    public async Task An_array_is_read_and_written_as_a_tensor_of_its_shape()
    {
        await using var pool = await StartAsync();
        using var given = new SharedArray<double>(2, 1, 3);
        given.AsTensorSpan()[1, 0, 2] = 1.5;
        Assert.Equal([0, 0, 0, 0, 0, 1.5], given.AsReadOnlySpan().ToArray());
        using var back = await pool.ExecuteAsync<SharedArray<double>>("made", new { count = Large, value = 7.0 }).InTime();
        Assert.Equal(7.0 * Large, Tensor.Sum(back.AsReadOnlyTensorSpan()));
        Assert.Throws<InvalidOperationException>(() => back.AsTensorSpan().Clear());
        using var cube = await pool.ExecuteAsync<SharedArray<double>>("back", new { given }).InTime();
        Assert.Equal([2, 1, 3], cube.AsReadOnlyTensorSpan().Lengths.ToArray());
        Assert.Equal(1.5, cube.AsReadOnlyTensorSpan()[1, 0, 2]);
        using var empty = new SharedArray<int>(0, 4);
        Assert.Equal([0, 4], empty.AsTensorSpan().Lengths.ToArray());
        given.Dispose();
        Assert.Throws<ObjectDisposedException>(() => given.AsTensorSpan().Clear());
        Assert.Throws<ObjectDisposedException>(() => given.AsReadOnlyTensorSpan().IsEmpty);
    }

    [NumpyFact]
    public async Task A_result_stays_valid_when_its_worker_and_its_pool_have_ended_and_another_worker_can_read_it()
    {
        SharedArray<double> result;
        var pool = await StartAsync();
        await using (pool)
        {
            result = await pool.ExecuteAsync<SharedArray<double>>("made", new { count = Large, value = 7.0 }).InTime();
            Assert.Equal(Large * sizeof(double), Assert.Single(pool.GetStatistics().Workers).BytesBorrowed);
            var again = await pool.ExecuteAsync<double[]>("made", new { count = Large, value = 8.0 }).InTime();
            Assert.Equal(8, again[^1]);
            await Assert.ThrowsAsync<WorkerLostException>(() => pool.ExecuteAsync("end", new { given = result }).InTime());
        }

        using (result)
        {
            Assert.True(result.IsReadOnly);
            Assert.All(result.AsReadOnlySpan().ToArray(), static item => Assert.Equal(7, item));
            Assert.Throws<InvalidOperationException>(() => result.AsSpan().Clear());
            await using var other = await StartAsync();
            Assert.Equal(7.0 * Large, await other.ExecuteAsync<double>("total", new { given = result }).InTime());
            await AssertGivenBack(other);
        }
    }

    [NumpyFact]
    public async Task A_call_goes_on_with_an_array_that_is_disposed_while_it_runs()
    {
        await using var pool = await StartAsync();
        using var marker = new Marker();
        using var gate = new Marker();
        Task<double> call;
        using (var array = new SharedArray<double>(Large))
        {
            array.AsSpan().Fill(3);
            call = pool.ExecuteAsync<double>("total_later", new { given = array, marker = marker.Path, gate = gate.Path });
            await marker.WrittenAsync();
        }

        using var other = new SharedArray<double>(Large); // would get the memory if it were free
        gate.Write();
        Assert.Equal(3.0 * Large, await call.InTime());
        await AssertGivenBack(pool);
    }

    [NumpyFact]
    public async Task An_array_that_a_tool_makes_in_shared_memory_arrives_whole_in_part_and_again_and_again()
    {
        await using var pool = await StartAsync();
        foreach (var count in (int[])[10, Large])
        {
            var whole = await pool.ExecuteAsync<double[,]>("filled", new { count, value = 2.5 }).InTime();
            Assert.All(whole.Cast<double>(), static item => Assert.Equal(2.5, item));
            var part = await pool.ExecuteAsync<double[]>("filled", new { count, value = 3.5, part = 3 }).InTime();
            Assert.Equal(Enumerable.Repeat(3.5, count - 3), part);
        }

        using var first = await pool.ExecuteAsync<SharedArray<double>>("kept_filled", new { count = Large, value = 1.5 }).InTime();
        for (var round = 0; round < 3; round++)
        {
            var again = await pool.ExecuteAsync<double[]>("kept_filled", new { count = Large, value = 1.5 }).InTime();
            Assert.Equal(Enumerable.Repeat(1.5, Large), again);
        }

        await pool.ExecuteAsync("drop").InTime();
        await pool.ExecuteAsync<double[]>("made", new { count = Large, value = 9.0 }).InTime();
        Assert.Equal(1.5, first.AsReadOnlySpan()[^1]); // it is still used here
    }

    [NumpyFact]
    public async Task A_host_tool_takes_and_returns_arrays_without_a_copy()
    {
        using var doubled = new SharedArray<double>(Large);
        HostTool Double() => HostTool.Create((Given arguments) =>
        {
            using var given = arguments.Array;
            Assert.True(given.IsReadOnly);
            TensorPrimitives.Multiply(given.AsReadOnlySpan(), 2, doubled.AsSpan());
            return doubled;
        });
        await using var pool = await StartAsync(hostTools: new() { ["double"] = Double() });
        for (var round = 1; round <= 3; round++)
        {
            var given = Enumerable.Repeat((double)round, Large).ToArray();
            using var back = await pool.ExecuteAsync<SharedArray<double>>("doubled_by_host", new { given }).InTime();
            Assert.Equal(2.0 * round * Large, TensorPrimitives.Sum(back.AsReadOnlySpan()));
        }

        await AssertGivenBack(pool);
    }

    [NumpyFact]
    public async Task A_disposed_array_is_refused()
    {
        await using var pool = await StartAsync();
        var array = new SharedArray<double>(3);
        array.Dispose();
        array.Dispose();
        var refused = await Assert.ThrowsAsync<ToolArgumentException>(() => pool.ExecuteAsync("total", new { given = array }).InTime());
        Assert.Contains("disposed", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => array.Length);
    }

    [Fact]
    public void Arrays_that_cannot_be_made_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SharedArray<double>());
        Assert.Throws<ArgumentException>(() => new SharedArray<decimal>(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedArray<double>(2, -1));
        var tooLarge = Assert.Throws<ArgumentOutOfRangeException>(() => new SharedArray<double>(int.MaxValue, int.MaxValue, int.MaxValue));
        Assert.Contains("2 GiB", tooLarge.Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<ArgumentException>(() => SharedArray.CopyOf<int>([1, 2, 3], 2, 2));
        Assert.Contains("has 4 elements, and 3 were given", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_array_that_nobody_has_disposed_is_reported_with_the_place_where_it_was_made()
    {
        var reported = new TaskCompletionSource<SharedArrayLeak>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Note(SharedArrayLeak leak)
        {
            if (leak.Shape is [12_345])
            {
                reported.TrySetResult(leak);
            }
        }

        SharedMemory.Leaked += Note;
        SharedMemory.TracksOrigins = true;
        try
        {
            Forget();
            await Eventually.True(
                () =>
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    return reported.Task.IsCompleted;
                },
                "the leak is reported");
            var leak = await reported.Task;
            Assert.Equal(typeof(short), leak.Element);
            Assert.Contains(nameof(Forget), leak.Origin, StringComparison.Ordinal);
        }
        finally
        {
            SharedMemory.TracksOrigins = false;
            SharedMemory.Leaked -= Note;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget() => _ = new SharedArray<short>(12_345).Length;

    private static Task AssertGivenBack(SnakepitPool pool) => Eventually.True(
        () => pool.GetStatistics().Workers.All(static worker => worker.BytesLent == 0), "no memory is lent any more");

    private static async Task<SnakepitPool> StartAsync(int workers = 1, Dictionary<string, HostTool>? hostTools = null) =>
        await SnakepitPool.StartAsync(
            Probe.Over<T>() with { Adapter = "memory_tools", Workers = workers, HostTools = hostTools ?? [] }).InTime();

    private sealed record Given([property: JsonPropertyName("given")] SharedArray<double> Array);
}

public sealed class SharedArraysOverGrpc : SharedArrays<OverGrpc>;

public sealed class SharedArraysOverDirect : SharedArrays<OverDirect>;
