using System.Collections.Immutable;
using Snakepit.Measurement.Profiles;

namespace Snakepit.Benchmarks.Profiling.Tracing;

/// <summary>Converts samples to stacks of functions.</summary>
/// <param name="code">The code of the process.</param>
/// <param name="walk">Finds the return addresses on a stack.</param>
internal sealed class SymbolicStacks(CodeMap code, StackWalk walk)
{
    private readonly Dictionary<ulong, Frame> _functions = [];
    private readonly Dictionary<Frame, int> _numbers = [];

    /// <summary>The functions of all converted samples, in the order of their numbers.</summary>
    public ImmutableArray<Frame> Functions => [.. _numbers.OrderBy(function => function.Value).Select(function => function.Key)];

    public TracedStack Convert(RawSample sample)
    {
        var stack = ImmutableArray.CreateBuilder<int>();
        foreach (var address in walk.Walk(sample).Reverse())
        {
            var number = Number(At(address));
            if (stack.Count == 0 || stack[^1] != number) // a library is one function, and a method is one with its state machine
            {
                stack.Add(number);
            }
        }

        return new TracedStack(sample.Time, stack.DrainToImmutable());
    }

    private Frame At(ulong address)
    {
        if (!_functions.TryGetValue(address, out var function))
        {
            _functions[address] = function = code.MethodAt(address) is { } name ? ManagedName.Parse(name)
                : code.FileAt(address) is { } file ? new Frame(file, file, IsOwn: false)
                : new Frame("(unknown)", "(unknown)", IsOwn: false);
        }

        return function;
    }

    private int Number(Frame function) =>
        _numbers.TryGetValue(function, out var number) ? number : _numbers[function] = _numbers.Count;
}
