namespace Snakepit.AI;

/// <summary>A type annotation of Python that was read.</summary>
/// <param name="Name">
/// The name without its module, <c>|</c> for several types of which any is meant, or a literal as written in Python.
/// </param>
/// <param name="Arguments">What stands in square brackets behind the name, or between the bars.</param>
internal sealed record Annotation(string Name, IReadOnlyList<Annotation> Arguments)
{
    public static Annotation None { get; } = new("None", []);

    public override string ToString() => Arguments.Count == 0 ? Name
        : Name == "|" ? string.Join(" | ", Arguments)
        : $"{Name}[{string.Join(", ", Arguments)}]";
}
