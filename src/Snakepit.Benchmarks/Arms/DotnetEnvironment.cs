namespace Snakepit.Benchmarks.Arms;

/// <summary>How further .NET programs are run from this one, alike for all of them.</summary>
internal static class DotnetEnvironment
{
    // What the test runner, the build that started it, coverage and profilers leave behind for their own children.
    private static readonly string[] Prefixes = ["MSBUILD", "MSBuild", "VSTEST_", "CORECLR_", "COR_", "COVERLET_"];
    private static readonly string[] Names = ["DOTNET_STARTUP_HOOKS", "DOTNET_gcServer", "GITHUB_STEP_SUMMARY"];

    /// <summary>The <c>dotnet</c> program.</summary>
    public static string Muxer => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Removes what would make a program behave differently from one that was started by hand.</summary>
    public static void Clean(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.ToList())
        {
            if (Names.Contains(name) || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                environment.Remove(name);
            }
        }
    }
}
