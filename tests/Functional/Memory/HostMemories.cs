using Microsoft.Extensions.Time.Testing;
using Snakepit.Memory;

namespace Snakepit.Tests.Functional.Memory;

/// <summary>Tests of the shared memory that this process writes, without a worker.</summary>
public sealed class HostMemories
{
    private const int Megabyte = 1024 * 1024;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Parts_that_are_taken_never_overlap_and_leave_the_whole_file_free_when_all_are_returned()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var free = new FreeSpans(1_000);
            var taken = new List<(long Offset, long Length)>();
            for (var step = 0; step < 300; step++)
            {
                var wanted = random.Next(1, 200);
                if (random.Next(2) == 0 && free.Take(wanted) is { } offset)
                {
                    Assert.InRange(offset, 0, 1_000 - wanted);
                    Assert.DoesNotContain(taken, other => offset < other.Offset + other.Length && other.Offset < offset + wanted);
                    taken.Add((offset, wanted));
                }
                else if (taken.Count > 0)
                {
                    var returned = taken[random.Next(taken.Count)];
                    taken.Remove(returned);
                    free.Return(returned.Offset, returned.Length);
                }
            }

            taken.ForEach(part => free.Return(part.Offset, part.Length));
            Assert.True(free.IsWholeFree, $"seed {seed}");
        }
    }

    [Fact]
    public void What_was_returned_is_used_again_before_new_memory_is()
    {
        var memory = new HostMemory(() => long.MaxValue, _time);
        var first = memory.Take(Megabyte)!;
        var second = memory.Take(Megabyte)!;
        first.Release();
        var third = memory.Take(Megabyte)!;
        Assert.Equal((first.FileNumber, first.Offset), (third.FileNumber, third.Offset));
        second.Release();
        third.Release();
    }

    [Fact]
    public void A_range_is_free_only_when_its_last_user_has_released_it_and_cannot_be_used_again_then()
    {
        var memory = new HostMemory(() => long.MaxValue, _time);
        var range = memory.Take(100_000)!;
        Assert.True(range.TryUse());
        range.Release();
        Assert.Equal(102_400, memory.Usage().BytesInUse); // whole pages
        range.Release();
        Assert.Equal(0, memory.Usage().BytesInUse);
        Assert.False(range.TryUse());
    }

    [Fact]
    public void More_than_the_limit_is_refused_before_anything_is_allocated()
    {
        var memory = new HostMemory(() => 3 * Megabyte, _time);
        var taken = memory.Take(2 * Megabyte)!;
        var refused = Assert.Throws<SharedMemoryLimitException>(() => memory.Take((2 * Megabyte) - 1));
        Assert.Equal(
            "An array of 2,097,151 bytes does not fit into the shared memory: 2,097,152 bytes of 3,145,728 are in use. Send less at a "
            + "time, stream it, or raise SharedMemory.Limit.",
            refused.Message);
        Assert.True(refused.IsTransient);
        Assert.Equal(2 * Megabyte, memory.Usage().BytesInUse);
        taken.Release();
        memory.Take(3 * Megabyte)!.Release();
    }

    [Fact]
    public void With_a_limit_of_0_and_where_a_worker_cannot_read_it_nothing_is_shared_and_the_user_is_told_once()
    {
        var off = new HostMemory(() => 0, _time);
        Assert.Null(off.Take(Megabyte));
        Assert.Null(off.Share());
        Assert.False(off.Disable());

        var unreadable = new HostMemory(() => long.MaxValue, _time);
        Assert.True(File.Exists(unreadable.Share()));
        Assert.True(unreadable.Disable());
        Assert.False(unreadable.Disable());
        Assert.Null(unreadable.Take(Megabyte));
        Assert.Null(unreadable.Share());
    }

    [Fact]
    public void A_file_is_closed_when_nothing_was_taken_of_it_for_five_seconds()
    {
        var memory = new HostMemory(() => long.MaxValue, _time);
        var small = memory.Take(Megabyte)!;
        var large = memory.Take(100 * Megabyte)!;
        Assert.Equal(new SharedMemoryUsage(2, 101 * Megabyte, 164L * Megabyte), memory.Usage());
        large.Release();
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, memory.Usage().Files);
        memory.Take(90 * Megabyte)!.Release(); // the five seconds begin again
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, memory.Usage().Files);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(new SharedMemoryUsage(1, Megabyte, 64 * Megabyte), memory.Usage());
        small.Release();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(default, memory.Usage());
    }

    [Fact]
    public void Ranges_that_nobody_has_released_are_given_back_by_the_garbage_collector()
    {
        var memory = new HostMemory(() => long.MaxValue, _time);
        Forget(memory);
        for (var attempt = 0; attempt < 20 && memory.Usage().BytesInUse > 0; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(0, memory.Usage().BytesInUse);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget(HostMemory memory) => new SharedRanges().Add(memory.Take(Megabyte)!);

    [Fact]
    public void Only_a_range_of_a_sealed_memory_file_can_be_mapped()
    {
        var own = Environment.ProcessId;
        using var file = MemoryFile.Create(2 * Megabyte);
        using (var opened = MemoryFile.Open(own, (uint)file.Number, Megabyte, Megabyte))
        {
            Assert.Equal(Megabyte, opened.Length);
        }

        using var ordinary = File.OpenHandle("/proc/self/exe");
        Refused(() => MemoryFile.Open(own, (uint)file.Number, Megabyte, Megabyte + 1), "no shared memory");
        Refused(() => MemoryFile.Open(own, (uint)ordinary.DangerousGetHandle(), 0, 1), "no shared memory");
        Refused(() => MemoryFile.Open(own, 1_000_000, 0, 1), "/proc/");

        static void Refused(Func<MemoryFile> open, string fault) =>
            Assert.Contains(fault, Assert.ThrowsAny<IOException>(() => open().Dispose()).Message, StringComparison.Ordinal);
    }
}
