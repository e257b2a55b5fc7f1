namespace Snakepit.Benchmarks.Repository;

/// <summary>
/// Checks, before anything is waited for or measured, that the program that runs, the build that it measures and the working tree belong
/// together. Otherwise a verdict would be about other code than the one that its reader has in mind.
/// </summary>
internal static class RunningProgram
{
    // The code that is measured, and what measures it.
    private static readonly string[] Assemblies = ["Snakepit.dll", "Snakepit.Measurement.dll", "Snakepit.Benchmarks.dll"];

    // What else decides how the hosts run. A program that lacks one of these, such as a test assembly, starts no hosts from its own folder.
    private static readonly (string Folder, string Pattern)[] OtherFiles =
        [("", "Snakepit.Benchmarks.runtimeconfig.json"), ("python", "*.py"), ("adapters", "*.py"), ("peers", "*.py")];

    /// <summary>Checks that this program is from the measured build, and that the build is what the working tree holds.</summary>
    /// <returns>What the measured build was made from.</returns>
    /// <exception cref="NotComparableException">The program, the build and the working tree do not belong together.</exception>
    public static BuiltSources RequireUpToDate()
    {
        RequireBuild(PhysicalPath.Of(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), CandidateBuild.Directory);
        var built = BuiltSources.Read(CandidateBuild.Directory, CandidateBuild.RepositoryRoot);
        built.RequireTree(CandidateBuild.RepositoryRoot);
        return built;
    }

    /// <summary>
    /// Checks that the program in a folder is from the measured build. A build with <c>-o</c>, with another configuration or with other
    /// settings leaves the measured build as it was.
    /// </summary>
    /// <param name="program">The folder of the program.</param>
    /// <param name="measured">The folder of the build that is measured.</param>
    /// <exception cref="NotComparableException">There is no such build, or the program is from another one.</exception>
    public static void RequireBuild(string program, string measured)
    {
        if (Assemblies.FirstOrDefault(name => !File.Exists(Path.Combine(measured, name))) is { } missing)
        {
            throw new NotComparableException(
                $"there is no {Path.Combine(measured, missing)}, and what is measured is the build in that folder",
                "make that build: dotnet build, without -o");
        }

        if (Assemblies.Concat(OthersIn(measured, program)).FirstOrDefault(name => Differs(name, program, measured)) is { } differing)
        {
            throw new NotComparableException(
                $"this program is not from the build that is measured: {differing} in {program} is not the one in {measured}",
                $"build without -o and without settings of its own, and run what is in {measured}: dotnet build. "
                + "To measure with a setting, write it into the projects");
        }
    }

    private static IEnumerable<string> OthersIn(string measured, string program) =>
        from other in OtherFiles
        let folder = Path.Combine(measured, other.Folder)
        where Directory.Exists(folder)
        from file in Directory.EnumerateFiles(folder, other.Pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let name = Path.GetRelativePath(measured, file)
        where File.Exists(Path.Combine(program, name))
        select name;

    private static bool Differs(string name, string program, string measured)
    {
        var own = Path.Combine(program, name);
        return program != measured
            && (!File.Exists(own) || !File.ReadAllBytes(own).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(measured, name))));
    }
}
