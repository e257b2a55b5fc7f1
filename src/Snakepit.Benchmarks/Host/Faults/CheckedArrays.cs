namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: a worker looks at each of the first numbers of an array that it receives, as a check in plain Python would.</summary>
/// <param name="amount">How many numbers it looks at.</param>
internal sealed class CheckedArrays(double amount) : SourceFault(
    new SourcePatch(
        "tools/arrays.py",
        "found = as_ndarray(value)",
        $"found = as_ndarray(value); all(number == number for number in memoryview(found.ravel()[: {(int)amount}]))"));
