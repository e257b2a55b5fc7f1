using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Workers;

/// <summary>Tests what a pool tells about the hardware that its workers may use.</summary>
public abstract class Hardware<T>
    where T : ITestTransport
{
    [PythonFact]
    public async Task A_worker_tells_its_processors_and_memory_and_why_there_is_no_cuda_device()
    {
        var variables = new Dictionary<string, string> { ["CUDA_VISIBLE_DEVICES"] = "-1" };
        await using var pool = await SnakepitPool.StartAsync(Probe.Over<T>() with { EnvironmentVariables = variables }).InTime();
        var facts = await pool.GetHardwareAsync().InTime();
        Assert.InRange(facts.Processors, 1, facts.MachineProcessors);
        Assert.InRange(facts.AvailableMemoryBytes, 1_000_000, facts.TotalMemoryBytes);
        Assert.Empty(facts.CudaDevices);
        Assert.Equal("CUDA_VISIBLE_DEVICES is '-1', which hides all devices", facts.WhyNoCudaDevices);
    }

    [PythonFact]
    public async Task Limits_that_an_adapter_sets_for_its_workers_count()
    {
        using var marker = new Marker();
        await File.WriteAllTextAsync(marker.At("bound_adapter.py"), """
            import os
            from snakepit_worker import tool

            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

            @tool
            def nothing() -> None: ...
            """);
        var options = Probe.Over<T>() with { Adapter = "bound_adapter", ModulePaths = [Path.GetDirectoryName(marker.Path)!] };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        Assert.Equal(1, (await pool.GetHardwareAsync().InTime()).Processors);
        Assert.Equal("nothing", Assert.Single(await pool.ListToolsAsync().InTime()).Name);
    }

    [PythonTheory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_devices_that_the_driver_lists_are_told_whatever_the_options_of_the_serializer_are(int capacity)
    {
        using var marker = new Marker();
        File.CreateSymbolicLink(marker.At("nvidia-smi"), Path.Combine(AppContext.BaseDirectory, "probes", "nvidia_smi.sh"));
        var options = Probe.Concurrent with
        {
            Transport = T.Transport,
            MaxConcurrentCallsPerWorker = capacity,
            Json = new() { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.KebabCaseUpper },
            EnvironmentVariables = new Dictionary<string, string>
            {
                ["PATH"] = $"{Path.GetDirectoryName(marker.Path)}:{Environment.GetEnvironmentVariable("PATH")}",
                ["CUDA_VISIBLE_DEVICES"] = "1",
            },
        };
        await using var pool = await SnakepitPool.StartAsync(options).InTime();
        var facts = await pool.GetHardwareAsync().InTime();
        var wanted = new CudaDevice { Index = 1, Uuid = "GPU-bb22", Name = "Tesla T4", MemoryBytes = 15_360L * 1024 * 1024 };
        Assert.Equal(wanted, Assert.Single(facts.CudaDevices));
        Assert.Null(facts.WhyNoCudaDevices);
    }
}

public sealed class HardwareOverGrpc : Hardware<OverGrpc>;

public sealed class HardwareOverDirect : Hardware<OverDirect>;
