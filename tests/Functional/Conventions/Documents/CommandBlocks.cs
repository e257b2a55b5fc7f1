using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using Snakepit.Benchmarks.Gate;
using Snakepit.Tests.Functional.Packages;

namespace Snakepit.Tests.Functional.Conventions.Documents;

/// <summary>Tests that the commands in documents exist and have the options with which they are shown.</summary>
public sealed partial class CommandBlocks
{
    private const string Clone = "../snakepit/";

    [Fact]
    public void Every_command_in_a_bash_block_exists_and_accepts_the_options_shown()
    {
        var lines = Block.In("bash")
            .SelectMany(block => block.Code.Split('\n').Select(line => (block, words: Words(line))))
            .Where(line => line.words.Length > 0)
            .ToList();
        Assert.NotEmpty(lines);
        var wrong = from line in lines
                    from problem in Faults(line.words)
                    select $"{line.block}: {string.Join(' ', line.words)}: {problem}";
        Problems.AreNone(wrong);
    }

    [Fact]
    public void The_readme_shows_the_two_commands_that_a_change_must_pass()
    {
        var checks = File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run"));
        var shown = Document.Of("README.md").Blocks.Where(block => block.Language == "bash").SelectMany(block => block.Code.Split('\n'))
            .Select(line => line.Split('#')[0].Trim()).Where(line => line.StartsWith("dotnet test", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, shown.Count);
        Assert.All(shown, command => Assert.Contains(command, checks, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Faults(string[] words) => words switch
    {
        ["alias", "bench=dotnet run --project src/Snakepit.Benchmarks --"] when Exists("src/Snakepit.Benchmarks") => [],
        ["bench", .. var arguments] => Bench().Parse(arguments).Errors.Select(error => error.Message),
        [FullRun.Setting, .. var command] => Faults(command),
        ["dotnet", "test", .. var arguments] => Test([.. arguments]),
        ["dotnet", "add", "reference", var project] =>
            Exists(project.Replace(Clone, "", StringComparison.Ordinal)) ? [] : ["there is no such project"],
        ["dotnet", "add", "package", var name, .. var options] when options is [] or ["--prerelease"] =>
            LocalFeed.Names.Contains(name) || IsUsedHere(name) ? [] : ["there is no such package"],
        ["dotnet", "pack", "../snakepit", "--output", _] or ["dotnet", "nuget", "add", "source", _] => [],
        ["dotnet", "new", "console" or "web", ..] or ["dotnet", "run"] or ["dotnet", "build"] => [],
        ["git", "add", .. var paths] => paths.Where(path => !Exists(path)).Select(path => $"there is no {path}"),
        ["pip", "install", ..] or ["apt-get", "install", ..] => IsAdvised(string.Join(' ', words)) ? [] : ["not what exceptions advise"],
        ["python3", "-m", "venv", "/opt/venv"] => [],
        ["/opt/venv/bin/pip", "install", "-r", "requirements.txt", .. var needed] =>
            string.Join(' ', needed) == Transports.Of(WorkerTransport.Grpc).Requirements.Specifiers ? [] : ["not what workers need"],
        _ => ["no test knows this command"],
    };

    private static IEnumerable<string> Test(List<string> arguments)
    {
        var filter = arguments.IndexOf("--filter") is >= 0 and var index ? arguments[index + 1] : null;
        if (arguments is [var project, ..] && !project.StartsWith("--", StringComparison.Ordinal) && !Exists(project))
        {
            yield return $"there is no {project}";
        }

        var matches = filter switch
        {
            null or "Category=Performance" or "Category!=Performance" => true,
            _ when Name().Match(filter) is { Success: true } match => IsTest(match.Groups["name"].Value),
            _ => false,
        };
        if (!matches)
        {
            yield return $"the filter '{filter}' matches no test";
        }
    }

    /// <summary>Returns the <c>bench</c> command line with all of its commands.</summary>
    private static RootCommand Bench()
    {
        var root = new RootCommand();
        foreach (var create in typeof(Snakepit.Benchmarks.Commands.RunCommand).Assembly.GetTypes()
            .Select(type => type.GetMethod("Create", BindingFlags.Static | BindingFlags.Public, []))
            .OfType<MethodInfo>().Where(method => method.ReturnType == typeof(Command)))
        {
            root.Add((Command)create.Invoke(null, null)!);
        }

        return root;
    }

    private static bool IsAdvised(string command) =>
        Transports.Of(WorkerTransport.Grpc).Requirements.HowToInstall.Contains(command, StringComparison.Ordinal);

    /// <summary>Returns true if a test file has <paramref name="name"/> in its file name, which is the name of its test class.</summary>
    private static bool IsTest(string name) => RepositoryFiles.All.Any(path =>
        path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
        && Path.GetFileName(path).Contains(name, StringComparison.Ordinal));

    /// <summary>Returns true for a package on which this repository depends.</summary>
    private static bool IsUsedHere(string package) =>
        RepositoryFiles.Read("Directory.Packages.props").Contains($"Include=\"{package}\"", StringComparison.Ordinal);

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));

    /// <summary>Splits a command line into words. Its comment and the quotation marks around words are left out.</summary>
    private static string[] Words(string line) => [.. Word().Matches(line).TakeWhile(word => !word.Value.StartsWith('#'))
        .Select(word => word.Value.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal))];

    [GeneratedRegex("""(?:[^\s"']|"[^"]*"|'[^']*')+""")]
    private static partial Regex Word();

    [GeneratedRegex(@"^FullyQualifiedName~(?<name>\w+)$")]
    private static partial Regex Name();
}
