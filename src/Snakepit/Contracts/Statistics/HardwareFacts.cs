using System.Text.Json.Serialization;

namespace Snakepit;

/// <summary>What a worker may use of the machine, as its own process sees it; see <see cref="SnakepitPool.GetHardwareAsync"/>.</summary>
public sealed record HardwareFacts
{
    /// <summary>
    /// The number of processors that the worker can use: those that its affinity allows, but not more than
    /// <see cref="ProcessorQuota"/>, rounded up.
    /// </summary>
    [JsonPropertyName("processors")]
    public required int Processors { get; init; }

    /// <summary>The number of processors of the machine.</summary>
    [JsonPropertyName("machine_processors")]
    public required int MachineProcessors { get; init; }

    /// <summary>
    /// The processor time that the cgroups of the worker may use, such as 1.5 for one and a half processors; null if they have no limit.
    /// </summary>
    [JsonPropertyName("processor_quota")]
    public double? ProcessorQuota { get; init; }

    /// <summary>The memory of the machine, in bytes.</summary>
    [JsonPropertyName("total_memory_bytes")]
    public required long TotalMemoryBytes { get; init; }

    /// <summary>The memory of the machine that programs can still get without swapping, in bytes, as the kernel estimates it.</summary>
    [JsonPropertyName("available_memory_bytes")]
    public required long AvailableMemoryBytes { get; init; }

    /// <summary>
    /// The lowest limit of memory of the cgroups that the worker is in, in bytes, which all processes in the cgroup share; null if there is
    /// none.
    /// </summary>
    [JsonPropertyName("memory_limit_bytes")]
    public long? MemoryLimitBytes { get; init; }

    /// <summary>
    /// The CUDA devices that the worker can see: those that the program <c>nvidia-smi</c> lists and CUDA_VISIBLE_DEVICES does not hide, in
    /// the order of that variable. No library is imported to find them.
    /// </summary>
    [JsonPropertyName("cuda_devices")]
    public required IReadOnlyList<CudaDevice> CudaDevices { get; init; }

    /// <summary>Why <see cref="CudaDevices"/> is empty; null if it is not.</summary>
    [JsonPropertyName("why_no_cuda_devices")]
    public string? WhyNoCudaDevices { get; init; }
}

/// <summary>A CUDA device that a worker can see.</summary>
public sealed record CudaDevice
{
    /// <summary>
    /// The number by which <c>nvidia-smi</c> calls the device. CUDA counts devices in this order only if CUDA_DEVICE_ORDER is PCI_BUS_ID.
    /// </summary>
    [JsonPropertyName("index")]
    public required int Index { get; init; }

    /// <summary>The identity of the device, which can stand in CUDA_VISIBLE_DEVICES too.</summary>
    [JsonPropertyName("uuid")]
    public required string Uuid { get; init; }

    /// <summary>The name of the device.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The memory of the device, in bytes; null if the driver does not tell it.</summary>
    [JsonPropertyName("memory_bytes")]
    public long? MemoryBytes { get; init; }
}
