using System.Xml.Linq;
using Snakepit.Tests.Functional.Conventions.Documents;
using Snakepit.Tests.Functional.Samples;
using Snakepit.Tests.Functional.Support;

namespace Snakepit.Tests.Functional.Packages;

/// <summary>Tests the packages as their users meet them: in new projects outside of the repository.</summary>
[Collection(LocalFeed.Name)]
public sealed class NewProjects(LocalFeed feed)
{
    private const string Module =
        """
        from snakepit_worker import tool

        @tool
        def greet(name: str) -> str:
            return f"Hello, {name}!"
        """;

    [PythonFact]
    public async Task A_console_project_runs_python_when_it_is_run_published_and_tested()
    {
        var console = feed.NewFolder("Console");
        await feed.DotnetAsync(console, "new", "console", "--name", "Greeter", "--output", ".");
        await feed.DotnetAsync(console, "add", "package", "Snakepit", "--version", "0.1.0");
        await File.WriteAllTextAsync(Path.Combine(console, "my_tools.py"), Module);
        await File.WriteAllTextAsync(Path.Combine(console, "Program.cs"), """
            using Snakepit;

            await using var pool = await SnakepitPool.StartAsync(new SnakepitOptions { Adapter = "my_tools", Workers = 1 });
            Console.WriteLine(await pool.ExecuteAsync<string>("greet", new { name = args.FirstOrDefault() ?? "console" }));
            """);
        Assert.Equal("Hello, console!", (await feed.DotnetAsync(console, "run")).Trim());

        await feed.DotnetAsync(console, "publish", "--output", "published");
        var published = Path.Combine(console, "published");
        var printed = await feed.DotnetAsync(console, "exec", Path.Combine(published, "Greeter.dll"), "publisher");
        Assert.Equal("Hello, publisher!", printed.Trim());
        Assert.True(File.Exists(Path.Combine(published, "python", "snakepit_worker", "__main__.py")));

        var tests = feed.NewFolder("Tests");
        await File.WriteAllTextAsync(Path.Combine(tests, "Tests.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="{VersionOf("Microsoft.NET.Test.Sdk")}" />
                <PackageReference Include="xunit" Version="{VersionOf("xunit")}" />
                <PackageReference Include="xunit.runner.visualstudio" Version="{VersionOf("xunit.runner.visualstudio")}" />
                <ProjectReference Include="../Console/Greeter.csproj" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(tests, "GreeterTests.cs"), $$"""
            using Snakepit;
            using Xunit;

            public class GreeterTests
            {
                [Fact]
                public async Task It_greets()
                {
                    var options = new SnakepitOptions { Adapter = "my_tools", ModulePaths = ["{{console}}"], Workers = 1 };
                    await using var pool = await SnakepitPool.StartAsync(options);
                    Assert.Equal("Hello, tests!", await pool.ExecuteAsync<string>("greet", new { name = "tests" }));
                }
            }
            """);
        Assert.Contains("Passed:     1", await feed.DotnetAsync(tests, "test"), StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task The_web_project_of_the_readme_shows_a_python_result_health_and_metrics()
    {
        var readme = Document.Of("README.md");
        var program = readme.Blocks.Single(block => block.Code.Contains("AddSnakepit", StringComparison.Ordinal));
        var web = feed.NewFolder("Web");
        foreach (var command in program.Previous!.Code.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await feed.DotnetAsync(web, command.Split(' ')[1..]);
        }

        await File.WriteAllTextAsync(
            Path.Combine(web, "my_tools.py"), readme.Blocks.Single(block => block.FileName == "my_tools.py").Code);
        await File.WriteAllTextAsync(Path.Combine(web, "Program.cs"), program.Code);
        await feed.DotnetAsync(web, "build");

        var variables = new Dictionary<string, string>(feed.Variables) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        var built = Path.Combine(web, "bin", "Debug", "net10.0", "Greeter.dll");
        using var running = await SampleProcess.StartProgramAsync(built, web, variables);
        await running.PrintsAsync("Application started");
        using var client = new HttpClient { BaseAddress = running.Address };
        Assert.Equal("Hello, Ada!", await client.GetStringAsync("greet/Ada").InTime());
        Assert.Equal("Healthy", await client.GetStringAsync("health").InTime());
        var metrics = await client.GetStringAsync("metrics").InTime();
        Assert.Matches("""(?m)^snakepit_call_duration_seconds_count\{.*rpc_method="greet".*\} 1( |$)""", metrics);
        Assert.Equal(0, await running.StopAsync());
    }

    /// <summary>Returns the version of a package that this repository uses, which the machine therefore has.</summary>
    private static string VersionOf(string package) => XDocument
        .Parse(RepositoryFiles.Read("Directory.Packages.props")).Descendants("PackageVersion")
        .Single(element => element.Attribute("Include")!.Value == package).Attribute("Version")!.Value;
}
