namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Which files the verdicts on scenarios depend on: those that all scenarios share, such as statistics, rounds and judging, and those that
/// are a scenario's own, such as its file, the slots that it runs, its trials and their faults.
/// </summary>
internal sealed class ScenarioSources
{
    private const string Project = "src/Snakepit.Benchmarks/";

    // Files in these folders belong to the scenarios that use them, unless files outside of the folders use them as well.
    private static readonly string[] Owned =
    [
        "Scenarios/", "Protocol/Slots/", "Host/Slots/", "Host/Meters/", "Host/Faults/", "Host/adapters/", "Validation/Trials/",
    ];

    // Changes of these change no session of any scenario: commands, studies and what only they use, what judges sessions that are done, and
    // lists, which must not begin all scenarios anew when a scenario, a slot or a fault is added.
    private static readonly string[] Ignored =
    [
        "Commands/", "Studies/", "Host/Bare/", "Host/Peers/", "Program.cs", "Validation/Expectations.cs",
        "Scenarios/AllScenarios.cs", "Validation/Trials/AllTrials.cs", "Host/SlotHandlers.cs", "Host/Faults/AllFaults.cs",
    ];

    // All slots use this file, although it lies beside their own files.
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
    public string[] Shared =>
    [
        "src/Snakepit.Measurement", ":(exclude)src/Snakepit.Measurement/Reports", ":(exclude)*.md",
        $"{Project}*.csproj", .. Paths(_shared),
    ];

    /// <summary>The files that are a scenario's own, with its baseline.</summary>
    public string[] OwnOf(string scenario) =>
    [
        .. Paths(NeededBy([$"{scenario}Scenario", $"{scenario}Trials"]).Except(_shared)), $"baselines/{scenario}.verified.json",
    ];

    private static bool IsOwned(string file) =>
        file != HostState && Array.Exists(Owned, folder => file.StartsWith(folder, StringComparison.Ordinal));

    private static IEnumerable<string> Paths(IEnumerable<string> files) =>
        files.Order(StringComparer.Ordinal).Select(file => Project + file);

    private IReadOnlySet<string> NeededBy(IEnumerable<string> names) =>
        _index.NeededBy(names, IsOwned, handlers: file => file.StartsWith("Host/Slots/", StringComparison.Ordinal));
}
