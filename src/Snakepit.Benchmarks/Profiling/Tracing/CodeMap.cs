using System.Globalization;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>Knows what code is at an address of a .NET process.</summary>
internal sealed class CodeMap
{
    private readonly ulong[] _starts;
    private readonly List<CompiledMethod> _methods;
    private readonly List<MappedCode> _mapped;

    private CodeMap(List<CompiledMethod> methods, List<MappedCode> mapped)
    {
        _methods = methods;
        _mapped = mapped;
        _starts = [.. methods.Select(method => method.Start)];
    }

    /// <summary>Reads the methods that the just-in-time compiler has made, and the mapped files that have code.</summary>
    /// <param name="perfMap">The lines of the file that the runtime writes for the program perf.</param>
    /// <param name="maps">The lines of <c>/proc/PID/maps</c>.</param>
    public static CodeMap Read(IEnumerable<string> perfMap, IEnumerable<string> maps)
    {
        // The memory of a method that is not needed any more can be used for another one. The later line counts.
        var methods = new SortedDictionary<ulong, CompiledMethod>();
        foreach (var line in perfMap)
        {
            if (line.Split(' ', 3) is [var at, var length, var name] && TryHex(at, out var start) && TryHex(length, out var size))
            {
                methods[start] = new CompiledMethod(start, start + size, name);
            }
        }

        return new CodeMap([.. methods.Values], [.. maps.Select(MappedCode.Parse).OfType<MappedCode>()]);
    }

    /// <summary>Returns the name of the compiled method at an address, as the runtime writes it; null if there is none.</summary>
    public string? MethodAt(ulong address) => Find(address)?.Name;

    /// <summary>Returns the address of the first instruction of the compiled method at an address; null if there is none.</summary>
    public ulong? StartOf(ulong address) => Find(address)?.Start;

    /// <summary>Returns the name of the mapped file with the code at an address; null if there is none.</summary>
    public string? FileAt(ulong address) => _mapped.Find(mapped => address >= mapped.Start && address < mapped.End)?.File;

    /// <summary>True if the code at an address was made from managed code, by the just-in-time compiler or earlier.</summary>
    public bool IsManaged(ulong address) =>
        MethodAt(address) is not null || FileAt(address)?.EndsWith(".dll", StringComparison.Ordinal) == true;

    public bool IsCode(ulong address) => MethodAt(address) is not null || FileAt(address) is not null;

    private CompiledMethod? Find(ulong address)
    {
        var index = Array.BinarySearch(_starts, address);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 && address < _methods[index].End ? _methods[index] : null;
    }

    private static bool TryHex(string text, out ulong value)
    {
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text;
        return ulong.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value);
    }

    private sealed record CompiledMethod(ulong Start, ulong End, string Name);

    private sealed record MappedCode(ulong Start, ulong End, string File)
    {
        /// <summary>Parses a line of <c>/proc/PID/maps</c>. Returns null if the memory has no code of a file.</summary>
        public static MappedCode? Parse(string line) =>
            line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                is [var range, var access, _, _, _, var path]
            && (access.Contains('x') || path.EndsWith(".dll", StringComparison.Ordinal))
            && range.Split('-') is [var start, var end] && TryHex(start, out var first) && TryHex(end, out var last)
                ? new MappedCode(first, last, Path.GetFileName(path))
                : null;
    }
}
