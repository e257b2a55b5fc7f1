using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
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
        var python = await TestPython.PathAsync(WorkerTransport.Grpc);
        var info = new ProcessStartInfo(python, ["-P", "-m", "unittest", "discover", "-s", tests, "-t", sources])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // The tests import the deployed package, which lies beside the descriptor set that the build has written. The folder of the sources
        // is second on the path, because test discovery would insert it first if it were missing.
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
