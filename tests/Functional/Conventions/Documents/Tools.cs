using System.Diagnostics;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Starts <c>dotnet</c> and Python, as a reader of the documents would.</summary>
internal static class Tools
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static Task<string> PythonAsync() => TestPython.PathAsync(WorkerTransport.Grpc);

    /// <summary>Runs a program, waits for its exit, and returns its exit code with what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string>? variables = null)
    {
        using var process = new Process { StartInfo = await StartInfoAsync(program, arguments, directory, variables) };
        process.Start();
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return process.ExitCode == 0 ? (0, await output) : (process.ExitCode, await output + await errors);
    }

    /// <summary>
    /// Describes a process that runs as it would outside of this test run: without what the outer build has set, and with the Python of the
    /// tests.
    /// </summary>
    public static async Task<ProcessStartInfo> StartInfoAsync(
        string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheOuterBuild).ToList())
        {
            start.Environment.Remove(inherited);
        }

        var python = await PythonAsync();
        start.Environment[PythonLocator.Variable] = python;
        if (program == python)
        {
            start.Environment["PYTHONPATH"] = Path.Combine(AppContext.BaseDirectory, "python");
            start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        }

        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>
    /// Returns true for an environment variable that <c>dotnet test</c> has set and that would disturb a build started by a test.
    /// </summary>
    private static bool IsOfTheOuterBuild(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) && variable != "MSBUILDDISABLENODEREUSE"
        || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);
}
