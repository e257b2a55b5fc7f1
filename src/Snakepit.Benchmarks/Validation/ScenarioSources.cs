namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Which files the verdicts on scenarios depend on: those that all scenarios share, such as statistics, rounds and judging, and those that are a
/// scenario's own, such as its file, the slots that it runs, its trials and their faults.
/// </summary>
internal sealed class ScenarioSources
{
    private const string Project = "src/Snakepit.Benchmarks/";

    // Where files lie that belong to the scenarios that use them.
    private static readonly string[] Owned =
    [
        "Scenarios/", "Protocol/Slots/", "Host/Slots/", "Host/Meters/", "Host/Faults/", "Host/adapters/", "Validation/Trials/",
    ];

    // What changes no session of any scenario: commands, studies and what only they use, what only judges sessions that are done, and lists, so that a
    // new scenario, slot or fault leaves the other scenarios as they are.
    private static readonly string[] Ignored =
    [
        "Commands/", "Studies/", "Host/Bare/", "Host/Peers/", "Program.cs", "Validation/Expectations.cs",
        "Scenarios/AllScenarios.cs", "Validation/Trials/AllTrials.cs", "Host/SlotHandlers.cs", "Host/Faults/AllFaults.cs",
    ];

    // Used by all slots, although it lies beside them.
    private const string HostState = "Host/Slots/HostState.cs";

    private readonly SourceIndex _index;
    private readonly IReadOnlySet<string> _shared;

    /// <param name="root">The root of the repository.</param>
    public ScenarioSources(string root)
    {
        var directory = Path.Combine(root, Project);
        string[] files =
        [
            .. Directory.EnumerateFiles(directory, "*.*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".cs" or ".py")
                .Select(file => Path.GetRelativePath(directory, file))
                .Where(file => !Array.Exists(Ignored, ignored => file.StartsWith(ignored, StringComparison.Ordinal))),
        ];
        _index = new SourceIndex(directory, files);
        var always = files.Where(file => !IsOwned(file)).ToHashSet(StringComparer.Ordinal);
        _shared = always.Union(NeededBy(_index.MentionedBy(always.Contains))).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Git's pathspecs of what all scenarios share.</summary>
    public string[] Shared => ["src/Snakepit.Measurement", ":(exclude)src/Snakepit.Measurement/Reports", ":(exclude)*.md", .. Paths(_shared)];

    /// <summary>The files that are a scenario's own, with its baseline.</summary>
    public string[] OwnOf(string scenario) =>
    [
        .. Paths(NeededBy([$"{scenario}Scenario", $"{scenario}Trials"]).Except(_shared)), $"baselines/{scenario}.verified.json",
    ];

    private static bool IsOwned(string file) =>
        file != HostState && Array.Exists(Owned, folder => file.StartsWith(folder, StringComparison.Ordinal));

    private static IEnumerable<string> Paths(IEnumerable<string> files) => files.Order(StringComparer.Ordinal).Select(file => Project + file);

    private IReadOnlySet<string> NeededBy(IEnumerable<string> types) =>
        _index.NeededBy(types, IsOwned, servers: file => file.StartsWith("Host/Slots/", StringComparison.Ordinal));
}
