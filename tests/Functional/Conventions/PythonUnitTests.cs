using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Snakepit.Processes;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Conventions;

public sealed partial class PythonUnitTests
{
    [PythonFact]
    public async Task The_python_sides_own_tests_pass()
    {
        var sources = Path.Combine(Repository.Root, "priv", "python");
        var tests = Path.Combine(sources, "tests");
        Assert.True(Directory.Exists(tests), $"{tests} does not exist.");
        var python = await PythonLocator.LocateAsync(null, Transports.Of(WorkerTransport.Grpc).Requirements, default);
        var info = new ProcessStartInfo(python, ["-P", "-m", "unittest", "discover", "-s", tests, "-t", sources])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // The package as it is deployed, beside the descriptor set that the build has written. The sources stand behind it, because
        // discovery would put them first if they were not there.
        info.Environment["PYTHONPATH"] = $"{Path.Combine(AppContext.BaseDirectory, "python")}:{sources}";
        info.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = new Process { StartInfo = info };
        process.Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync().InTime();
            var report = $"{await output.InTime()}{errors}";
            Assert.True(process.ExitCode == 0, report);
            var ran = int.Parse(Ran().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.True(ran > 0, report);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"^Ran (\d+) tests?", RegexOptions.Multiline)]
    private static partial Regex Ran();
}
