namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>A step of the start of a pool. The steps follow one another without gaps and add up to the whole start.</summary>
/// <param name="Name">The name of the step in the names of metrics.</param>
/// <param name="Description">A description of what happens in the step.</param>
internal sealed record StartStep(string Name, string Description)
{
    /// <summary>All steps in the order in which they happen.</summary>
    public static IReadOnlyList<StartStep> All { get; } =
    [
        new("launch", "the interpreter is found, the template's process started"),
        new("boot", "its interpreter boots"),
        new("prepare", "it imports and prepares the adapter"),
        new("first", "the first worker is forked and reports"),
        new("others", "until the last one has"),
        new("listen", "until all listen"),
        new("answer", "until all are connected and have answered a ping"),
        new("return", "until the caller has the pool"),
    ];

    /// <summary>The name under which a reply contains the duration of the step.</summary>
    public string ValueName => $"step.{Name}";
}
