namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>The environment in which this program runs other .NET programs, the same for all of them.</summary>
internal static class DotnetEnvironment
{
    // Variables that the test runner, the build, coverage and profilers set for their own children, and settings of the just-in-time
    // compiler.
    private static readonly string[] Prefixes =
        ["MSBUILD", "MSBuild", "VSTEST_", "CORECLR_", "COR_", "COVERLET_", "DOTNET_Tiered", "DOTNET_TC_"];

    private static readonly string[] Names = ["DOTNET_STARTUP_HOOKS", "DOTNET_gcServer", "DOTNET_ReadyToRun", "GITHUB_STEP_SUMMARY"];

    /// <summary>The <c>dotnet</c> program.</summary>
    public static string Muxer => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Removes variables that would make a program behave differently from one that somebody starts by hand.</summary>
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
    /// Makes a program settle in a fraction of a second, which means that it reaches the speed of a program that has run for a while. The
    /// just-in-time compiler then optimises a method as soon as it has been called 30 times. It does not profile the method first, and it
    /// does not wait until no new methods are called.
    /// </summary>
    /// <remarks>
    /// A program that is not settled needs some 4 seconds under load. In this time a call costs twice as much and the 95th percentile is
    /// five times as high, so that one measures the compiler. The price is some 10 % of speed, because methods are optimised without a
    /// profile.
    /// </remarks>
    public static void Settle(IDictionary<string, string?> environment)
    {
        environment["DOTNET_TieredPGO"] = "0";
        environment["DOTNET_TC_CallCountingDelayMs"] = "0";
    }
}
