namespace Snakepit.Benchmarks.Protocol.Slots;

/// <summary>A step of a start. Steps follow each other, and together they are the whole start.</summary>
/// <param name="Name">The name, as metrics have it.</param>
/// <param name="Description">What happens in the step.</param>
internal sealed record StartStep(string Name, string Description)
{
    /// <summary>The steps in their order.</summary>
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

    /// <summary>The name of the step's value in a reply.</summary>
    public string ValueName => $"step.{Name}";
}
