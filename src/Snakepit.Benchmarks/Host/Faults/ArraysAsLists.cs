namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>
/// A fault: a worker makes a list of every array that it receives, to look at each number, as a check in plain Python would.
/// </summary>
internal sealed class ArraysAsLists() : SourceFault(
    new SourcePatch(
        "tools/arrays.py",
        "found = as_ndarray(value)",
        "found = as_ndarray(value); all(number == number for number in found.ravel().tolist())"));
