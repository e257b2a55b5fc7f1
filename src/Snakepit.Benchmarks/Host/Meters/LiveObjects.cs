namespace Snakepit.Benchmarks.Host.Meters;

/// <summary>Measures the objects of this process that are in use.</summary>
internal static class LiveObjects
{
    /// <summary>
    /// Collects garbage, and returns the bytes of the objects that are left. The second collection frees what finalizers have let go. The
    /// result is that of the collection itself. <see cref="GC.GetTotalMemory"/> counts what threads allocate afterwards, in steps of 8 kB.
    /// </summary>
    public static long Bytes()
    {
        Collect();
        GC.WaitForPendingFinalizers();
        Collect();
        var collected = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return collected.HeapSizeBytes - collected.FragmentedBytes;
    }

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
