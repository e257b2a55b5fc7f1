using System.Runtime.InteropServices;

namespace Snakepit.Benchmarks.Subprocesses;

/// <summary>
/// Sets up the environment variables of the .NET programs that this program starts: builds of pins, and benchmark hosts. The hosts of both
/// sides get the same variables.
/// </summary>
internal static class DotnetEnvironment
{
    // Any program needs these to find other programs, its user's files, and where to write.
    private static readonly string[] Usual =
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "DOTNET_ROOT", "DOTNET_HOST_PATH", "DOTNET_NOLOGO"];

    // A host gets only the usual variables and those with these names or prefixes, which say where Python and its packages are. Others
    // change how fast the runtime, Python or gRPC are, such as DOTNET_JITMinOpts and PYTHONDEVMODE, or come from a test runner.
    private static readonly string[] NamesForHost = ["VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH"];

    private static readonly string[] PrefixesForHost = ["LC_", "XDG_", "SNAKEPIT_"];

    // A build gets only the usual variables and those with these prefixes, because MSBuild reads every other variable as a property: the
    // variable Optimize=false would make a build without optimisation.
    private static readonly string[] PrefixesForBuild =
        ["LC_", "XDG_", "NUGET_", "DOTNET_CLI_", "DOTNET_SYSTEM_", "SSL_CERT_", "http_proxy", "https_proxy", "no_proxy"];

    /// <summary>
    /// The path of the <c>dotnet</c> program: the one that runs this program. It need not be on PATH. The name alone if it is not where the
    /// installation of .NET has it.
    /// </summary>
    public static string Muxer { get; } = FindMuxer();

    /// <summary>Removes all variables except those that a host needs, so that no setting of the caller changes what is measured.</summary>
    public static void KeepForHost(IDictionary<string, string?> environment) => Keep(environment, NamesForHost, PrefixesForHost);

    /// <summary>Removes all variables except those that a build needs: to find the SDK and packages, and where to write.</summary>
    public static void KeepForBuild(IDictionary<string, string?> environment) => Keep(environment, [], PrefixesForBuild);

    private static void Keep(IDictionary<string, string?> environment, string[] names, string[] prefixes)
    {
        foreach (var name in environment.Keys.ToList())
        {
            if (!Usual.Contains(name)
                && !names.Contains(name)
                && !Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
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
