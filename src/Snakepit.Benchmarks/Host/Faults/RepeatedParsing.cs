namespace Snakepit.Benchmarks.Host.Faults;

/// <summary>A fault: a worker parses large JSON arguments several times instead of once.</summary>
/// <param name="amount">How many times more than once.</param>
internal sealed class RepeatedParsing(double amount) : SourceFault(
    SourcePatch.Before(
        "dispatch/catalog.py",
        "return codec.decode_object(call.arguments",
        "large = len(call.arguments) > 5_000 and not attachments; "
            + $"any(codec.decode_object(call.arguments) is None for _ in range({(int)amount} * large))"));
