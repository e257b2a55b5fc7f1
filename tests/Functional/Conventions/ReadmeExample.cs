using Snakepit.Tests.Functional.Conventions.Documents;

namespace Snakepit.Tests.Functional.Conventions;

/// <summary>Tests the programs of the README as a new user would run them: in a console project outside of the clone.</summary>
public sealed class ReadmeExample : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("snakepit-readme-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_programs_pasted_into_a_console_project_print_what_the_readme_says()
    {
        var readme = Document.Of("README.md");
        await DotnetAsync("new", "console", "--name", "Example", "--output", ".");
        await DotnetAsync("add", "reference", Path.Combine(Repository.Root, "src", "Snakepit", "Snakepit.csproj"));

        await PasteAsync(readme, "my_tools.py");
        Assert.Equal(["Hello, Ada! Hello, Ada!", "1", "2", "3"], Lines(await DotnetAsync("run")));
        Assert.Contains("It prints `Hello, Ada! Hello, Ada!`, then 1, 2 and 3", readme.Prose, StringComparison.Ordinal);

        await PasteAsync(readme, "more_tools.py");
        Assert.Equal(["Visit 2 of Ada"], Lines(await DotnetAsync("run")));
        Assert.Contains("prints `Visit 2 of Ada`", readme.Prose, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readme_stays_under_120_lines() =>
        Assert.InRange((await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"))).Length, 50, 119);

    /// <summary>Copies a Python file of the README, and the C# program after it in the README, into the project.</summary>
    private async Task PasteAsync(Document readme, string module)
    {
        var program = readme.Blocks.Single(block => block.Language == "csharp" && block.Previous?.FileName == module);
        await File.WriteAllTextAsync(Path.Combine(_directory, module), program.Previous!.Code);
        await File.WriteAllTextAsync(Path.Combine(_directory, "Program.cs"), program.Code);
    }

    private async Task<string> DotnetAsync(params string[] arguments)
    {
        var (exitCode, output) = await Tools.RunAsync(Tools.Dotnet, arguments, _directory);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private static string[] Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
