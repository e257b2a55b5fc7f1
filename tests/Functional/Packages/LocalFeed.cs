using Snakepit.Tests.Functional.Conventions;
using Snakepit.Tests.Functional.Conventions.Documents;

namespace Snakepit.Tests.Functional.Packages;

/// <summary>
/// A folder outside of the repository with the packages of this build, and with a folder of its own to which NuGet extracts packages, so
/// that packages of an earlier build are not taken for them. All other packages come from those that the machine has extracted already.
/// </summary>
[CollectionDefinition(Name)]
public sealed class LocalFeed : IAsyncLifetime, ICollectionFixture<LocalFeed>
{
    /// <summary>The xUnit collection of tests that share one feed.</summary>
    public const string Name = "Packages";

    private readonly string _root = Directory.CreateTempSubdirectory("snakepit-packages-").FullName;

    /// <summary>The names of the packages, which are the names of their projects too.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Snakepit", "Snakepit.AI", "Snakepit.Hosting", "Snakepit.OpenTelemetry"];

    /// <summary>The folder with the packages.</summary>
    public string Packages => Path.Combine(_root, "feed");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="feed" value="{Packages}" />
                <add key="machine" value="{await MachinesPackagesAsync()}" />
              </packageSources>
              <packageSourceMapping>
                <packageSource key="feed"><package pattern="Snakepit" /><package pattern="Snakepit.*" /></packageSource>
                <packageSource key="machine"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
        foreach (var name in Names)
        {
            var project = Path.Combine(Repository.Root, "src", name);
            await DotnetAsync(Repository.Root, "pack", project, "--no-build", "--output", Packages, "--verbosity", "quiet");
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>The environment variables with which <c>dotnet</c> takes packages only from here.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = Path.Combine(_root, "extracted"),
        ["CI"] = "false", // the values of this run are not those of a new user
    };

    /// <summary>Makes an empty folder for a new project.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Runs <c>dotnet</c> and returns what it prints; fails the test if it fails.</summary>
    public async Task<string> DotnetAsync(string directory, params string[] arguments)
    {
        var variables = directory == Repository.Root ? null : Variables;
        var (exitCode, output) = await Tools.RunAsync(Tools.Dotnet, arguments, directory, variables);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private static async Task<string> MachinesPackagesAsync()
    {
        var (_, listed) = await Tools.RunAsync(Tools.Dotnet, ["nuget", "locals", "global-packages", "--list"], Repository.Root);
        return listed.Split(": ", 2)[1].Trim(); // "global-packages: /root/.nuget/packages/"
    }
}
