using System.Runtime.InteropServices;

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

    // A build gets only variables with these names or prefixes, because MSBuild reads every other variable as a property: the variable
    // Optimize=false would make a build without optimisation.
    private static readonly string[] NamesForBuild =
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "DOTNET_ROOT", "DOTNET_HOST_PATH", "DOTNET_NOLOGO"];

    private static readonly string[] PrefixesForBuild =
        ["LC_", "XDG_", "NUGET_", "DOTNET_CLI_", "DOTNET_SYSTEM_", "SSL_CERT_", "http_proxy", "https_proxy", "no_proxy"];

    private static readonly string[] Names = ["DOTNET_STARTUP_HOOKS", "DOTNET_gcServer", "DOTNET_ReadyToRun", "GITHUB_STEP_SUMMARY"];

    /// <summary>
    /// The path of the <c>dotnet</c> program: the one that runs this program. It need not be on PATH. The name alone if it is not where the
    /// installation of .NET has it.
    /// </summary>
    public static string Muxer { get; } = FindMuxer();

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

    /// <summary>Removes all variables except those that a build needs: to find the SDK and packages, and where to write.</summary>
    public static void KeepForBuild(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.ToList())
        {
            if (!NamesForBuild.Contains(name)
                && !Array.Exists(PrefixesForBuild, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
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

    private static string FindMuxer()
    {
        // The runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION, and the program in ROOT.
        var installed = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } given ? given
            : File.Exists(installed) ? installed
            : "dotnet";
    }
}
