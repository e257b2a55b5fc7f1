namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>
/// Sets up the environment variables of the .NET programs that this program starts: builds of pins, and benchmark hosts. The hosts of both
/// sides get the same variables.
/// </summary>
internal static class DotnetEnvironment
{
    // Variables with these prefixes are removed. The test runner, the build, coverage and profilers set them for their own child processes,
    // and some of them change the settings of the just-in-time compiler.
    private static readonly string[] Prefixes =
        ["MSBUILD", "MSBuild", "VSTEST_", "CORECLR_", "COR_", "COVERLET_", "DOTNET_Tiered", "DOTNET_TC_"];

    private static readonly string[] Names = ["DOTNET_STARTUP_HOOKS", "DOTNET_gcServer", "DOTNET_ReadyToRun", "GITHUB_STEP_SUMMARY"];

    /// <summary>The path or name of the <c>dotnet</c> program.</summary>
    public static string Muxer => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Removes variables that would make a program behave differently than when somebody starts it from a shell.</summary>
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
    /// five times as high, so a measurement would mostly show the compiler. The price is some 10 % of speed, because methods are optimised
    /// without a profile.
    /// </remarks>
    public static void Settle(IDictionary<string, string?> environment)
    {
        environment["DOTNET_TieredPGO"] = "0";
        environment["DOTNET_TC_CallCountingDelayMs"] = "0";
    }
}
