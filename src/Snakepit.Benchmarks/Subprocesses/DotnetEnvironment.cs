namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>How further .NET programs are run from this one, alike for all of them.</summary>
internal static class DotnetEnvironment
{
    // What the test runner, the build that started it, coverage and profilers leave behind for their own children, and how somebody set up the
    // just-in-time compiler.
    private static readonly string[] Prefixes = ["MSBUILD", "MSBuild", "VSTEST_", "CORECLR_", "COR_", "COVERLET_", "DOTNET_Tiered", "DOTNET_TC_"];
    private static readonly string[] Names = ["DOTNET_STARTUP_HOOKS", "DOTNET_gcServer", "DOTNET_ReadyToRun", "GITHUB_STEP_SUMMARY"];

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

    /// <summary>
    /// Makes a program reach the speed of one that has run for a while in a fraction of a second: a method is compiled for good as soon as it has been
    /// called 30 times, without a stage that profiles it and without waiting until nothing new is called.
    /// </summary>
    /// <remarks>
    /// Without it a pool under load needs some 4 seconds, in which a call costs twice as much and the 95th percentile is five times as high; what was
    /// measured then was the compiler. Afterwards it is slower by what profiles are worth (some 10 %).
    /// </remarks>
    public static void Settle(IDictionary<string, string?> environment)
    {
        environment["DOTNET_TieredPGO"] = "0";
        environment["DOTNET_TC_CallCountingDelayMs"] = "0";
    }
}
