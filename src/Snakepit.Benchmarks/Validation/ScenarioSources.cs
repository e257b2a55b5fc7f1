namespace Snakepit.Benchmarks.Validation;

/// <summary>
/// Finds the files on which the verdicts on a scenario depend. Some files are shared by all scenarios, such as statistics, rounds and
/// judging. Others belong to one or several scenarios, such as the scenario's file, the slots that it runs, its trials and their faults. A
/// slot is one short measurement that a benchmark host makes.
/// </summary>
internal sealed class ScenarioSources
{
    private const string Project = "src/Snakepit.Benchmarks/";

    // A file in one of these folders belongs only to the scenarios that use it. But if a file outside of these folders uses it, it is
    // shared by all scenarios.
    private static readonly string[] Owned =
    [
        "Scenarios/", "Protocol/Slots/", "Host/Slots/", "Host/Meters/", "Host/Models/", "Host/Faults/", "Host/adapters/",
        "Validation/Trials/",
    ];

    // A change of one of these files does not make recorded sessions invalid. Commands, studies, profiles and the expectations of trials
    // have no effect on how a session is measured. The files in the last line list all scenarios, trials, slots and faults. They are
    // ignored so that adding a scenario, a slot or a fault keeps the sessions of the other scenarios valid.
    private static readonly string[] Ignored =
    [
        "Commands/", "Studies/", "Profiling/", "Validation/Naming/", "Gate/Explainer.cs", "Host/Bare/", "Host/Peers/", "Program.cs",
        "Validation/Expectations.cs",
        "Scenarios/AllScenarios.cs", "Validation/Trials/AllTrials.cs", "Host/SlotHandlers.cs", "Host/Faults/AllFaults.cs",
    ];

    // All slots use this file, although it lies in the folder of the files that belong to single slots.
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

    /// <summary>The files that all scenarios share, as git's pathspecs.</summary>
    public string[] Shared =>
    [
        "src/Snakepit.Measurement", ":(exclude)src/Snakepit.Measurement/Reports",
        ":(exclude)src/Snakepit.Measurement/Profiles", ":(exclude)*.md",
        $"{Project}*.csproj", .. Paths(_shared),
    ];

    /// <summary>Returns the files that belong to a scenario and are not shared by all, and its baseline.</summary>
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
