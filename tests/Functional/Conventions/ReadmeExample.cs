using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Snakepit.Processes;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>The README's example, followed to the letter by a new user: in a console program outside of the clone.</summary>
public sealed partial class ReadmeExample : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-readme-").FullName;

    private static string Root { get; } = typeof(ReadmeExample).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_examples_pasted_into_a_console_program_print_what_the_readme_says()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"));
        var program = Path.Combine(_directory, "example");
        Directory.CreateDirectory(program);
        await RunAsync(program, "new", "console", "--name", "Example", "--output", ".");
        await File.WriteAllTextAsync(Path.Combine(program, "my_tools.py"), Block(readme, "python"));
        await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), Block(readme, "csharp"));
        await RunAsync(program, "add", "reference", Path.Combine(Root, "src", "Snakepit", "Snakepit.csproj"));

        Assert.Equal(["Hello, Ada! Hello, Ada!", "1", "2", "3"], Lines(await RunAsync(program, "run")));
        Assert.Contains("It prints `Hello, Ada! Hello, Ada!`, then 1, 2 and 3", readme, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(program, "more_tools.py"), Block(readme, "python", 1));
        await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), Block(readme, "csharp", 1));
        Assert.Equal(["apple, pear", "Welcome, Ada"], Lines(await RunAsync(program, "run")));
        Assert.Contains("It prints `apple, pear` and `Welcome, Ada`", readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readme_stays_under_200_lines() =>
        Assert.InRange((await File.ReadAllLinesAsync(Path.Combine(Root, "README.md"))).Length, 50, 199);

    private static string Block(string readme, string language, int number = 0) =>
        Blocks().Matches(readme).Where(match => match.Groups["language"].Value == language).ElementAt(number).Groups["code"].Value;

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<string> RunAsync(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheOuterBuild).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment[PythonLocator.Variable] = await PythonLocator.LocateAsync(configured: null, Transports.Of(WorkerTransport.Grpc).Requirements, CancellationToken.None);
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
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

        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {await output}{await errors}");
        return await output;
    }

    /// <summary>What `dotnet test` leaves in the environment would send a nested build astray.</summary>
    private static bool IsOfTheOuterBuild(string variable) =>
        variable.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) && variable != "MSBUILDDISABLENODEREUSE"
        || variable.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
