namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: the words and n-grams of a text are found several times before its vector is made.</summary>
/// <param name="amount">How many times more than once.</param>
internal sealed class SlowVectors(double amount) : SourceFault(
    SourcePatch.Before(
        "adapters/showcase/embedding.py",
        "sums = [0] * self.dimensions",
        $"[feature for _ in range({(int)amount}) for feature in _features(text)]"));
